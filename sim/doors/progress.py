"""A bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.doors.say import murmur, watched
from sim.params import Config, Settings

_EVERY = 10.0
"""Seconds between lines where nobody watches a terminal."""


@contextmanager
def progress(config: Config, chosen: Settings, note: str = "") -> Iterator[Callable[[int], None] | None]:
    """Give what :func:`sim.run.run` calls as months (one seed) or runs (many seeds) get done; None where stderr is no terminal."""
    if not watched():
        yield None
        return
    from tqdm import tqdm

    many = chosen.seeds > 1
    total = chosen.seeds if many else config.end - config.start + 1
    with tqdm(total=total, desc=f"{note}{config.scenario}, {config.protocol.name}", unit="run" if many else "month", leave=False) as bar:

        def heard(done: int) -> None:
            with contextlib.suppress(OSError, ValueError):  # the terminal has gone: the run has not
                bar.update(done)

        yield heard


@contextmanager
def study_progress(total: int) -> Iterator[Callable[[int, int], None]]:
    """Give what a study calls with runs done and failed as shards get done: a line redrawn on a terminal, one now and then elsewhere."""
    begun = latest = time.monotonic()
    counts = [0, 0]
    live = watched()

    def heard(done: int, failed: int) -> None:
        nonlocal latest
        counts[0], counts[1] = counts[0] + done, counts[1] + failed
        now = time.monotonic()
        if live or (now - latest >= _EVERY and counts[0] < total):
            latest = now
            line = progress_line(counts[0], total, counts[1], now - begun)
            murmur(f"\r\x1b[K{line}" if live else f"{line}\n")

    try:
        yield heard
    finally:
        if live:
            murmur("\r\x1b[K")


def progress_line(done: int, total: int, failed: int, seconds: float) -> str:
    """Say how far a study is, at what rate, and how long the rest will take at that rate.

    >>> progress_line(50, 200, 0, 10.0)
    '50 of 200 runs, 5.0 a second, 30 s left'
    """
    rate = done / seconds if seconds > 0 else 0.0
    left = "" if rate == 0 else f", {duration((total - done) / rate)} left"
    return f"{done:,} of {total:,} runs{f' ({failed:,} failed)' if failed else ''}, {rate:,.1f} a second{left}"


def duration(seconds: float) -> str:
    """Put a length of time into words.

    >>> duration(59), duration(3600 * 5 + 60), duration(90)
    ('59 s', '5 h 01 min', '1 min 30 s')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
