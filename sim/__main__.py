"""The command ``python -m sim`` (or ``cloud-diplomacy``).

Exit codes: 0 done, 1 our fault, 2 the user's, 3 done with failed runs, 130 interrupted. Everything is imported inside :func:`main`, so that
an interruption while libraries load is answered in one line too, and so that workers, which import this module again, pay nothing for it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Do what was typed and return the exit code.

    Parameters
    ----------
    argv : sequence of str or None
        The words typed; None takes them from the command line.
    """
    try:
        from sim.doors.say import notices, prepare_streams, refuse
        from sim.types import UserError

        prepare_streams()
        try:
            from sim.doors.serve import serve

            with notices():
                return serve(list(sys.argv[1:] if argv is None else argv))
        except UserError as fault:
            refuse(fault)
            return 2
        except OSError as fault:
            from sim.files import sentence

            if (said := sentence(fault)) is None:
                raise
            refuse(UserError(said))
            return 2
    except KeyboardInterrupt as stopped:
        _stop_workers()
        kept = str(stopped) or "a run folder without manifest.json is not a result and may be deleted"
        from sim.doors.say import warn

        warn(f"\ninterrupted: {kept}")
        return 130
    except Exception:
        import traceback

        from sim.doors.say import warn

        warn(traceback.format_exc().rstrip())
        warn("This is a fault of Cloud Diplomacy, not of what was typed.")
        return 1


def _stop_workers() -> None:
    """End the processes that this one started; a run that nobody waits for would keep the terminal busy."""
    if "multiprocessing" in sys.modules:
        import multiprocessing

        for worker in multiprocessing.active_children():
            worker.terminate()


if __name__ == "__main__":
    sys.exit(main())
