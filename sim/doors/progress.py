"""A bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.params import Config, Settings


@contextmanager
def progress(config: Config, chosen: Settings, note: str = "") -> Iterator[Callable[[int], None] | None]:
    """Give what :func:`sim.run.run` calls as months (one seed) or runs (many seeds) get done; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    many = chosen.seeds > 1
    total = chosen.seeds if many else config.end - config.start + 1
    with tqdm(total=total, desc=f"{note}{config.scenario}, {config.protocol.name}", unit="run" if many else "month", leave=False) as bar:

        def heard(done: int) -> None:
            bar.update(done)

        yield heard
