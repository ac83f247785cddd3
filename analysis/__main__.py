"""Read stored runs: ``python -m analysis report FOLDER``, ``life FOLDER``, ``compare FOLDER TWIN``, ``demo``; and serve pages.

``app`` is the page, ``mesa`` the one for Mesa users.
"""

from __future__ import annotations

import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.doors.say import notices, prepare_streams, refuse, say, warn
from sim.files import sentence
from sim.older.forms import note
from sim.types import UserError, nearest

if TYPE_CHECKING:
    from analysis.store import StoredRun

VERBS = ("report", "life", "compare", "demo", "backtest", "findings", "validate", "ablation", "rivals", "app", "mesa")
DEMO = ("scenarios=baseline", "seed=0", "seeds=20")
CLOSED = ("scenarios=pandemic_lockdown", "seed=0", "seeds=20")
TWIN = (*CLOSED, "counterfactual=true")
DEMO_PAGE = Path("outputs/demo/report.html")
USAGE = """Usage
  python -m analysis report FOLDER [TARGET]         write a page of a stored run (default: report.html inside the folder)
  python -m analysis life FOLDER [NAME | PARTY [PARTY]] [--seed N]
                                                    tell the life of one agreement of a stored run: text, clauses, what it carried,
                                                    cases, and what happened month by month; without a name, list the agreements
                                                    to which most happened, of all parties or of those named
  python -m analysis compare FOLDER TWIN [TARGET]   write what differs between two runs with the same seeds and months
                                                    (default: comparison.html inside the first folder)
  python -m analysis demo                           run the baseline, and the pandemic with closed and with open borders, 20 seeds each,
                                                    and write outputs/demo/report.html
  python -m analysis backtest [--window 2010-2018] [--seeds 200] [--runs FOLDER] [--labels FILE] [--why WORDS] [--date YYYY-MM-DD]
                              [--resamples 1000] [--outputs outputs]
                                                    score who signs a data instrument with whom, beside simple rivals (extra yardsticks);
                                                    a window that reaches into 2019 or later needs --why, which is logged
  python -m analysis findings [NAME ...]            live the runs that docs/findings/ rests on, and write its pages
                                                    (what_moves_the_numbers, linkage, coalitions, protocols, treaties_of_many, backtest,
                                                    validation, ablation, rivals)
  python -m analysis validate [--seeds 30] [--only D1,D4] [--runs FOLDER,TWIN] [--workers 2] [--outputs outputs/validation]
                                                    score the stylised facts: live what they need as studies (or read stored runs),
                                                    write table.csv and the pages, and docs/findings/validation.md where all facts are
                                                    scored with 20 seeds or more
  python -m analysis ablation [--seeds 20] [--only layer,mechanism.trust] [--outputs outputs/ablation]
                                                    switch each mechanism and each layer of the alliance graph off, on common seeds, and
                                                    tell what it moves: table.csv and the pages, and docs/findings/ablation.md where all
                                                    parts are told with 20 seeds or more
  python -m analysis rivals [--seeds 20] [--only gravity,coercion] [--outputs outputs/rivals]
                                                    set the model beside nulls and rival theories, on common seeds: each fact and the
                                                    backtest of 2010 to 2018 in one table, table.csv and the pages, and
                                                    docs/findings/rivals.md where all rivals are told with 20 seeds or more
  python -m analysis app [--port 8050] [--host 127.0.0.1] [--name NAME,...] [--outputs outputs] [--parts FOLDER]
                                                    serve the page: watch the world negotiate, rewind it, change it; Ctrl-C stops;
                                                    to a class: --host 0.0.0.0 --name 192.168.1.20 (the name or address that others
                                                    type; no other is answered)
  python -m analysis mesa [--port 8765]             serve the same model in Mesa's own view, SolaraViz (extra solara)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit code: 0 done, 1 our fault, 2 the user's, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    prepare_streams()
    try:
        with notices():
            return _do(words)
    except UserError as fault:
        refuse(fault)
        return 2
    except KeyboardInterrupt:
        warn("\ninterrupted: what was written so far is whole")
        return 130
    except Exception as fault:
        said = sentence(fault) if isinstance(fault, OSError) else None
        if said is not None:
            refuse(UserError(said))
            return 2
        warn(traceback.format_exc().rstrip())
        warn("This is a fault of Cloud Diplomacy, not of what was typed.")
        return 1


def _do(words: Sequence[str]) -> int:
    if not words or {"--help", "-h"} & set(words) or words[0] == "help":
        # Whatever stands beside it, a call for help does nothing else.
        say(_help_on(words))
        return 0
    verb, rest = words[0], words[1:]
    if verb not in VERBS:
        raise UserError(f"there is no command {verb!r}; {nearest(verb, VERBS)}")
    if verb in ("report", "compare", "demo"):
        least, most = {"report": (1, 2), "compare": (2, 3), "demo": (0, 0)}[verb]
        if not least <= len(rest) <= most or any(word.startswith("-") for word in rest):
            raise UserError(f"{verb}: {' '.join(rest) or 'nothing'!r} is not understood; write {_lines_of(verb)[0].split('  ')[0]}")
        return _report(*rest) if verb == "report" else _compare(*rest) if verb == "compare" else _demo()
    if verb == "life":
        from analysis.life.command import serve as serve_life

        return serve_life(rest, say)
    if verb == "backtest":
        from analysis.backtest.command import serve as serve_backtest

        return serve_backtest(rest, say, warn)
    if verb == "findings":
        return _findings(rest)
    if verb == "validate":
        return _validate(rest)
    if verb == "ablation":
        return _ablation(rest)
    if verb == "rivals":
        return _rivals(rest)
    if verb == "app":
        from analysis.app.command import serve

        return serve(rest, say)
    from analysis.mesa_command import serve as serve_mesa

    return serve_mesa(rest, say)


def _help_on(words: Sequence[str]) -> str:
    """Return the help, or that of the command that is named."""
    verb = next((word for word in words if word in VERBS), None)
    return USAGE if verb is None else "Usage\n  " + "\n  ".join(_lines_of(verb))


def _lines_of(verb: str) -> list[str]:
    """Return the lines of the usage that tell of a command."""
    blocks = USAGE.split("\n  python -m analysis ")[1:]
    lines = next(block for block in blocks if block.split()[0] == verb).splitlines()
    return [f"python -m analysis {lines[0]}", *(line.strip() for line in lines[1:])]


def _report(folder: str, target: str | None = None) -> int:
    from analysis.report import write
    from analysis.store import open_run

    run = open_run(folder)
    _say_older(run)
    path = write(run, Path(target) if target else Path(folder) / "report.html")
    say(f"report: {path}")
    return 0


def _compare(folder: str, twin: str, target: str | None = None) -> int:
    from analysis.paired.pair import pair
    from analysis.report import write_comparison
    from analysis.store import open_run

    treated, other = open_run(folder), open_run(twin)
    _say_older(treated, other)
    path = write_comparison(pair(treated, other), Path(target) if target else Path(folder) / "comparison.html")
    say(f"report: {path}")
    return 0


def _say_older(*runs: StoredRun) -> None:
    """Say which folders an older version wrote."""
    for run in runs:
        if (said := note(run.folder, run.manifest)) is not None:
            warn(f"note: {said}")


def _findings(wanted: Sequence[str]) -> int:
    from analysis.findings import write

    for path in write(wanted, Path("docs/findings"), warn):
        say(f"finding: {path}")
    return 0


def _validate(words: Sequence[str]) -> int:
    from analysis.findings.validation import write
    from analysis.validation.command import serve

    result = serve(words, say, warn)
    if result.whole:
        say(f"finding: {write(result, Path('docs/findings'))}")
    return 3 if result.failed else 0


def _ablation(words: Sequence[str]) -> int:
    from analysis.ablation.command import serve
    from analysis.findings.ablation import write

    result = serve(words, say, warn)
    if result.whole:
        say(f"finding: {write(result, Path('docs/findings'))}")
    return 0


def _rivals(words: Sequence[str]) -> int:
    from analysis.findings.rivals import write
    from analysis.rivals.command import serve

    result = serve(words, say, warn)
    if result.whole:
        say(f"finding: {write(result, Path('docs/findings'))}")
    return 3 if result.failed else 0


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
    say(f"report: {path}")
    return 0


def _run(words: Sequence[str]) -> tuple[int, str | None]:
    """Run one batch and return its exit code and folder, None where it has none."""
    door = [sys.executable, "-m", "sim", *words]
    with subprocess.Popen(door, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        folders = []
        for line in process.stdout or ():
            say(line.rstrip("\n"))
            if line.startswith("run: "):
                folders.append(line.removeprefix("run: ").strip())
    return process.returncode, folders[-1] if folders and not process.returncode else None


if __name__ == "__main__":
    sys.exit(main())
