"""One configuration, one or many seeds, one folder: what the command line does, from Python.

>>> from sim import run
>>> result = run("baseline", seed=7)                 # doctest: +SKIP
>>> result.series["in_force_transfer_framework"]     # doctest: +SKIP
"""

from __future__ import annotations

import datetime
import platform
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import engine
from sim.batch import many_runs
from sim.folder import describe, new_folder, write_manifest, write_runs
from sim.kernels import COMPILED, CPU
from sim.params import Config, Settings, configure
from sim.recorder import RunData
from sim.registry import using
from sim.sameness import decides, source_digest
from sim.scenario import load_scenario
from sim.single import Watcher, load_parts, one_run, prepare
from sim.types import month_label
from sim.world import Setting

__all__ = ["Result", "Watcher", "load_parts", "one_run", "prepare", "run"]

LIBRARIES = ("numpy", "scipy", "numba", "pyarrow", "mesa", "networkx", "hydra-core")


@dataclass(frozen=True, repr=False)
class Result:
    """What a call of :func:`run` gives back.

    Attributes
    ----------
    folder : Path or None
        The run folder, None where nothing was written.
    runs : tuple of RunData
        A record for each seed, in order.
    setting : Setting
    """

    folder: Path | None
    runs: tuple[RunData, ...]
    setting: Setting

    def __repr__(self) -> str:
        """Say in a line what this is a result of, and where it is."""
        config, first, last = self.setting.config, self.runs[0].seed, self.runs[-1].seed
        seeds = f"seed {first}" if first == last else f"seeds {first} to {last}"
        months = f"{month_label(config.start)} to {month_label(config.end)}"
        where = "not written" if self.folder is None else str(self.folder)
        return f"<Result {config.scenario}, {config.protocol.name}, {seeds}, {months}, {where}, digest {self.runs[0].digest}>"

    @property
    def months(self) -> list[str]:
        """The months simulated, as ``YYYY-MM``."""
        return [month_label(int(m)) for m in self.runs[0].months]

    @property
    def series(self) -> dict[str, NDArray[np.float64]]:
        """Monthly series of the first seed, by column."""
        return self.runs[0].series

    @property
    def scalars(self) -> dict[str, float]:
        """Scalars of the first seed, by column."""
        return self.runs[0].scalars


def run(
    scenario: str = "baseline",
    *,
    outputs: str | Path | None = None,
    heard: Callable[[int], None] | None = None,
    watcher: Watcher | None = None,
    **tree: Any,
) -> Result:
    """Run a scenario.

    Parameters
    ----------
    scenario : str
    outputs : path or None
        Folder to write a run folder in; None writes nothing.
    heard : callable or None
        Called with 1 each time a month (one seed) or a run (many seeds) is done.
    watcher : Watcher or None
        Sees one run as it is lived; with many seeds nobody watches.
    **tree
        ``seed``, ``seeds``, ``record``, ``counterfactual``, ``start``, ``end``, ``protocol``, ``mechanisms``, ... as in the command line.

    Returns
    -------
    Result

    Raises
    ------
    UserError
        If anything asked for is not valid: one sentence.
    """
    config, chosen = prepare({**tree, "scenarios": scenario, "outputs": "outputs" if outputs is None else str(outputs)})
    started = now()
    setting = engine.assemble(config)
    folder = None if outputs is None else result_folder(config, chosen)
    seeds = range(chosen.seed, chosen.seed + chosen.seeds)
    runs: Sequence[RunData]
    if len(seeds) == 1:
        said = None if heard is None else lambda month: heard(1)
        runs = [one_run(setting, chosen.seed, chosen.record, said, chosen.moves, watcher)]
    else:
        runs = many_runs(config, setting, seeds, chosen.record, config.shelves.folder, heard)
    if folder is not None:
        write_runs(folder, setting, runs, chosen.record)
        write_manifest(folder, manifest(setting, chosen, runs, started, folder))
    return Result(folder, tuple(runs), setting)


def result_folder(config: Config, chosen: Settings) -> Path:
    """Make the folder of a result: named by scenario, protocol and seed.

    Raises
    ------
    UserError
        If the place cannot be written.
    """
    twin = "-twin" if chosen.counterfactual else ""
    return new_folder(chosen.outputs, f"{config.scenario}{twin}-{config.protocol.name}-{chosen.seed}")


def manifest(setting: Setting, chosen: Settings, runs: Sequence[RunData], started: str, folder: Path | None = None) -> dict[str, Any]:
    """Describe a finished result: what was run, with what, when, and which promise of sameness applies.

    The moves of a played seat are kept here, so the command that repeats them names the manifest in ``folder``.
    """
    return {
        **describe(setting),
        "seed": chosen.seed,
        "seeds": [one.seed for one in runs],
        "record": chosen.record,
        "counterfactual": chosen.counterfactual,
        "parts": None if chosen.parts is None else str(chosen.parts),
        "parts_digest": setting.config.shelves.digest or None,
        "digests": {str(one.seed): one.digest for one in runs},
        "decides": decides(chosen.parts, () if setting.config.roster.folder is None else (str(setting.config.roster.folder),)),
        **provenance(),
        "moves": [move.tree() for move in chosen.moves],
        "command": command(setting.config, chosen, None if folder is None else folder / "manifest.json"),
        "started": started,
        "finished": now(),
    }


def provenance() -> dict[str, Any]:
    """Say what code on what machine: digest of source and tables, versions, commit, CPU, and the promise of sameness that follows."""
    return {
        "source_digest": source_digest(),
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in LIBRARIES},
            "cloud-diplomacy": _version("cloud-diplomacy"),
        },
        "commit": _commit(),
        "cpu": CPU,
        "kernels": "compiled" if COMPILED else "plain",
        "promise": "bit for bit on these versions and this CPU family; elsewhere the same events and numbers to 1e-9",
    }


def command(config: Config, chosen: Settings, game: Path | None = None) -> str:
    """Write the command that repeats a result: everything that differs from the scenario as it stands.

    ``game`` is the file that holds the moves of a played seat, where there are any.
    """
    with using(config.shelves):
        plain = configure(load_scenario(config.scenario, counterfactual=chosen.counterfactual)).tree
        words = [f"scenarios={config.scenario}", *_differences(plain, config.tree, ""), f"seed={chosen.seed}"]
    if chosen.seeds > 1:
        words.append(f"seeds={chosen.seeds}")
    if chosen.counterfactual:
        words.append("counterfactual=true")
    if chosen.record != "panels":
        words.append(f"record={chosen.record}")
    if chosen.parts is not None:
        words.append(f"parts={chosen.parts}")
    if chosen.moves and game is not None:
        words.append(f"moves={game}")
    return "python -m sim " + " ".join(shlex.quote(word) for word in words)


def _differences(plain: dict[str, Any], tree: dict[str, Any], path: str) -> list[str]:
    words = []
    if path == "protocol." and plain["name"] != tree["name"]:
        words.append(f"protocol={tree['name']}")
        plain = configure({"protocol": {"name": tree["name"]}}).tree["protocol"]
    for key in sorted(tree):
        value, known = tree[key], plain.get(key)
        if isinstance(value, dict):
            words += _differences(known or {}, value, f"{path}{key}.")
        elif value != known:
            words.append(f"{path}{key}={_word(value)}")
    return words


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_word(item)}" for key, item in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_word(item) for item in value) + "]"
    return "null" if value is None else str(value)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _commit() -> str | None:
    """Return the commit of the checkout this code lies in, None outside one; a dirty tree says so."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    try:
        head, dirty = _git(root, "rev-parse", "HEAD"), _git(root, "status", "--porcelain")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{head} with changes" if dirty else head


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=True, timeout=10).stdout.strip()


def now() -> str:
    """Return the time of day in UTC, for manifests."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


# Calling the module gives the function, so that ``import sim.run`` does not hide ``sim.run("baseline")``.
class _Callable(type(sys)):  # type: ignore[misc]
    def __call__(self, *args: Any, **kwargs: Any) -> Result:
        return run(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
