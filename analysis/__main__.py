"""Read stored runs: ``python -m analysis report FOLDER`` and ``python -m analysis demo``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.types import UserError

DEMO = ("scenarios=baseline", "seed=0", "seeds=20", "record=panels")
DEMO_PAGE = Path("outputs/demo/report.html")
USAGE = """Usage
  python -m analysis report FOLDER [TARGET]   write a page of a stored run (default: report.html inside the folder)
  python -m analysis demo                     run the baseline world with 20 seeds and write outputs/demo/report.html"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit code: 0 done, 1 our fault, 2 the user's."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words in ([], ["--help"], ["-h"]):
            print(USAGE)
            return 0
        if words[0] == "report" and len(words) in (2, 3):
            return _report(*words[1:])
        if words == ["demo"]:
            return _demo()
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


def _demo() -> int:
    """Run the demonstration through the public door, in a process of its own, and draw what it stored."""
    from analysis.report import write
    from analysis.store import open_run

    door = [sys.executable, "-m", "sim", *DEMO]
    with subprocess.Popen(door, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        lines = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line.strip())
    folders = [line.removeprefix("run: ") for line in lines if line.startswith("run: ")]
    if process.returncode or not folders:
        return process.returncode or 1
    path = write(open_run(folders[-1]), DEMO_PAGE)
    print(f"report: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
