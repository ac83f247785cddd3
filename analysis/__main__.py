"""Read stored runs: ``python -m analysis report FOLDER``, ``compare FOLDER TWIN``, ``demo``; and serve pages.

``app`` is the page, ``mesa`` the one for Mesa users.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.types import UserError

DEMO = ("scenarios=baseline", "seed=0", "seeds=20")
CLOSED = ("scenarios=pandemic_lockdown", "seed=0", "seeds=20")
TWIN = (*CLOSED, "counterfactual=true")
DEMO_PAGE = Path("outputs/demo/report.html")
USAGE = """Usage
  python -m analysis report FOLDER [TARGET]         write a page of a stored run (default: report.html inside the folder)
  python -m analysis compare FOLDER TWIN [TARGET]   write what differs between two runs with the same seeds and months
                                                    (default: comparison.html inside the first folder)
  python -m analysis demo                           run the baseline, and the pandemic with closed and with open borders, 20 seeds each,
                                                    and write outputs/demo/report.html
  python -m analysis app [--port 8050] [--host 127.0.0.1] [--name NAME,...] [--outputs outputs] [--parts FOLDER]
                                                    serve the page: watch the world negotiate, rewind it, change it; Ctrl-C stops;
                                                    to a class: --host 0.0.0.0 --name 192.168.1.20 (the name or address that others
                                                    type; no other is answered)
  python -m analysis mesa [--port 8765]             serve the same model in Mesa's own view, SolaraViz (extra solara)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit code: 0 done, 1 our fault, 2 the user's."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words in ([], ["--help"], ["-h"]):
            print(USAGE)
            return 0
        if words[0] == "report" and len(words) in (2, 3):
            return _report(*words[1:])
        if words[0] == "compare" and len(words) in (3, 4):
            return _compare(*words[1:])
        if words == ["demo"]:
            return _demo()
        if words[0] == "app":
            from analysis.app.command import serve

            return serve(words[1:], lambda line: print(line, flush=True))
        if words[0] == "mesa":
            from analysis.mesa_command import serve as serve_mesa

            return serve_mesa(words[1:], lambda line: print(line, flush=True))
        raise UserError(f"{' '.join(words)!r} is not understood; try: python -m analysis --help")
    except UserError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2


def _report(folder: str, target: str | None = None) -> int:
    from analysis.report import write
    from analysis.store import open_run

    path = write(open_run(folder), Path(target) if target else Path(folder) / "report.html")
    print(f"report: {path}")
    return 0


def _compare(folder: str, twin: str, target: str | None = None) -> int:
    from analysis.paired.pair import pair
    from analysis.report import write_comparison
    from analysis.store import open_run

    path = write_comparison(pair(open_run(folder), open_run(twin)), Path(target) if target else Path(folder) / "comparison.html")
    print(f"report: {path}")
    return 0


def _demo() -> int:
    """Run the demonstration through the public door, each batch in a process of its own, and draw what it stored."""
    from analysis.paired.pair import pair
    from analysis.report import write
    from analysis.store import open_run

    folders = []
    for words in (DEMO, CLOSED, TWIN):
        code, folder = _run(words)
        if folder is None:
            return code or 1
        folders.append(folder)
    baseline, closed, opened = (open_run(folder) for folder in folders)
    path = write(baseline, DEMO_PAGE, pair(closed, opened))
    print(f"report: {path}")
    return 0


def _run(words: Sequence[str]) -> tuple[int, str | None]:
    """Run one batch and return its exit code and folder, None where it has none."""
    door = [sys.executable, "-m", "sim", *words]
    with subprocess.Popen(door, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        folders = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if line.startswith("run: "):
                folders.append(line.removeprefix("run: ").strip())
    return process.returncode, folders[-1] if folders and not process.returncode else None


if __name__ == "__main__":
    sys.exit(main())
