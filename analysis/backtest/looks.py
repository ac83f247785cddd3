"""The log of looks at 2019-2025: whoever scores it says why, and the line is written before the score is known."""

from __future__ import annotations

import csv
import re
import subprocess
from pathlib import Path

from sim.run import provenance
from sim.types import UserError

FIRST_HELD = 12 * 2019
"""The first month of the years that are not developed on."""
LOG = Path("docs/findings/looks.csv")
HEAD = ("date", "commit", "model", "window", "labels", "runs", "seeds", "why")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LEAST_WORDS = 3


def note_look(log: Path, window: str, labels: str, runs: str, seeds: int, why: str | None, date: str | None) -> None:
    """Add a line to the log.

    Parameters
    ----------
    log : Path
    window, labels, runs : str
        What is looked at.
    seeds : int
    why : str or None
        The user's reason.
    date : str or None
        The day, where the commit's is not meant.

    Raises
    ------
    UserError
        If no reason is given, no day is known, or the log cannot be written: then nothing is scored.
    """
    if why is None or len(why.split()) < LEAST_WORDS:
        raise UserError(
            f"{window} reaches into the years from 2019 on, and each look at them is logged in {log}: "
            'say why in a few words with --why "...", or score --window 2010-2018'
        )
    told = provenance()
    commit = str(told["commit"] or "none")
    day = date if date is not None else commit_day()
    if day is None or not _DAY.fullmatch(day):
        raise UserError(f"{log} needs the day of this look: give it with --date YYYY-MM-DD" + ("" if date is None else f", not {date!r}"))
    row = (day, commit, str(told["source_digest"])[:12], window, labels, runs, str(seeds), " ".join(why.split()))
    try:
        fresh = not log.exists()
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([HEAD, row] if fresh else [row])
    except OSError as fault:
        raise UserError(f"{log} cannot be written ({fault.strerror or fault}), and without a line in it nothing is scored") from None


def commit_day() -> str | None:
    """Return the day of the commit of this checkout, None outside one."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    try:
        told = subprocess.run(
            ["git", "-C", str(root), "log", "-1", "--format=%cs"], capture_output=True, text=True, check=True, timeout=10
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
    return told or None
