"""One configuration, one or many seeds, one folder: what the command line does, from Python.

>>> from sim import run
>>> result = run("baseline", seed=7)                 # doctest: +SKIP
>>> result.series["in_force_transfer_framework"]     # doctest: +SKIP
"""

from __future__ import annotations

import datetime
import inspect
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import engine
from sim.along import FILE
from sim.batch import many_runs
from sim.command import command
from sim.folder import describe, new_folder, write_manifest, write_runs
from sim.kernels import COMPILED, CPU
from sim.params import Config, Settings
from sim.recorder import RunData
from sim.registry import using
from sim.rows import declared_words
from sim.sameness import decides, source_digest
from sim.scenario import words_of
from sim.scenario_file import digest_of
from sim.single import Watcher, load_parts, one_run, prepare
from sim.state.world import Setting
from sim.tested import held_against, inputs_told, targets_of
from sim.types import UserError, month_label, nearest

__all__ = ["Result", "Watcher", "command", "load_parts", "one_run", "prepare", "run"]

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
    targets : tuple of dict
        What the scenario's world is known to have done, and how the runs compare (:func:`sim.tested.held_against`).
    """

    folder: Path | None
    runs: tuple[RunData, ...]
    setting: Setting
    targets: tuple[dict[str, Any], ...] = ()

    def __repr__(self) -> str:
        """Say in a line what this is a result of, and where it is."""
        config, first, last = self.setting.config, self.runs[0].seed, self.runs[-1].seed
        seeds = f"seed {first}" if first == last else f"seeds {first} to {last}"
        months = f"{month_label(config.start)} to {month_label(config.end)}"
        here = Path.cwd()
        where = "not written" if self.folder is None else self.folder.relative_to(here) if self.folder.is_relative_to(here) else self.folder
        digest = f"digest {self.runs[0].digest}" if first == last else f"{len(self.runs)} digests, the first {self.runs[0].digest}"
        return f"<Result {config.scenario}, {config.protocol.name}, {seeds}, {months}, {where}, {digest}>"

    @property
    def months(self) -> list[str]:
        """The months simulated, as ``YYYY-MM``."""
        return [month_label(int(m)) for m in self.runs[0].months]

    @property
    def series(self) -> dict[str, NDArray[np.float64]]:
        """Monthly series by column, (months,); of one seed."""
        return self._only("series").series

    @property
    def scalars(self) -> dict[str, float]:
        """Scalars by column; of one seed."""
        return self._only("scalars").scalars

    def to_frame(self, table: str = "series") -> Any:
        """Return a table over all seeds as a ``pandas.DataFrame``; pandas comes with Mesa.

        Parameters
        ----------
        table : str
            ``series`` (a row a seed and month), ``scalars`` (a row a seed), or what the record kept beside: ``events``, ``instruments``,
            ``offers``, the tables that parts declare, and ``panels_AXIS``, what was measured along an axis. Column ``run`` holds the seed;
            column ``month`` the month's first day, as a date.

        Raises
        ------
        UserError
            If there is no such table, or pandas is not there.
        """
        return framed(self.runs, table)

    def _only(self, what: str) -> RunData:
        if len(self.runs) > 1:
            raise UserError(
                f"this result holds {len(self.runs)} seeds, each with its own {what}: result.runs[0].{what} are those of seed "
                f"{self.runs[0].seed}, and result.to_frame({'' if what == 'series' else repr(what)}) is a table of all"
            )
        return self.runs[0]


TABLES = ("series", "scalars", "events", "instruments", "offers")


def framed(runs: Sequence[RunData], table: str) -> Any:
    """Put one table of some runs into a ``pandas.DataFrame``; see :meth:`Result.to_frame`."""
    declared = sorted({name for one in runs for name in (*one.tables, *(f"{FILE}{axis}" for axis in one.along))})
    if table not in TABLES and table not in declared:
        raise UserError(f"a result has no table {table!r}; {nearest(str(table), (*TABLES, *declared))}")
    try:
        import pandas
    except ModuleNotFoundError:
        raise UserError("to_frame() needs pandas, which is not installed here; result.runs[0].series holds the same as arrays") from None
    if table in TABLES and not all(getattr(one, table) for one in runs):
        raise UserError(f"this record kept no {table}: run again with record={'full' if table == 'offers' else 'panels'}")
    parts = []
    for one in runs:
        columns: dict[str, Any] = dict(_kept(one, table) if table in declared else getattr(one, table))
        if table == "series":
            columns = {"month": one.months, **columns}
        if table == "scalars":
            columns = {name: [value] for name, value in columns.items()}
        rows = len(next(iter(columns.values())))
        parts.append(pandas.DataFrame({"run": np.full(rows, one.seed, dtype=np.int64), **columns}))
    whole = pandas.concat(parts, ignore_index=True)
    if "month" in whole:
        # Months count from the year 0; dates of NumPy from 1970.
        whole["month"] = (whole["month"].to_numpy() - 1970 * 12).astype("datetime64[M]").astype("datetime64[s]")
    return whole


def _kept(one: RunData, table: str) -> Mapping[str, Any]:
    return one.tables[table] if table in one.tables else one.along[table.removeprefix(FILE)].table


def run(
    scenario: str | os.PathLike[str] | Mapping[str, Any] = "baseline",
    *,
    seed: int = 0,
    seeds: int = 1,
    start: str | None = None,
    end: str | None = None,
    protocol: str | Mapping[str, Any] | None = None,
    negotiated: Sequence[str] | None = None,
    agreements: Mapping[str, Mapping[str, Any]] | None = None,
    mechanisms: Mapping[str, Mapping[str, Any]] | None = None,
    shocks: Sequence[Mapping[str, Any]] | None = None,
    background: Sequence[Mapping[str, Any]] | None = None,
    coalitions: Sequence[Mapping[str, Any]] | None = None,
    events: Sequence[Mapping[str, Any]] | None = None,
    start_state: Sequence[Mapping[str, Any]] | None = None,
    candidates: int | None = None,
    roster: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    agents: str | None = None,
    rival: str | None = None,
    rivals: Mapping[str, Mapping[str, Any]] | None = None,
    counterfactual: bool = False,
    record: str = "panels",
    parts: str | os.PathLike[str] | None = None,
    moves: str | os.PathLike[str] | Sequence[Any] | None = None,
    set: Mapping[str, Any] | None = None,
    outputs: str | os.PathLike[str] | None = None,
    heard: Callable[[int], None] | None = None,
    watcher: Watcher | None = None,
    **tree: Any,
) -> Result:
    """Run a scenario, with one seed or several, and return what it did.

    What is left out, or None, stays as the scenario has it (``python -m sim --help`` lists every setting and its default).

    Parameters
    ----------
    scenario : str or path
        Name of a scenario, for example ``"baseline"`` or ``"pandemic_lockdown"``, or a file of your own that ends in ``.yaml``.
    seed : int
        The luck of the run; the same seed gives the same run.
    seeds : int
        How many seeds to run, from ``seed`` on, on all cores. ``result.runs[i]`` is the record of each, ``result.to_frame()`` all.
    start, end : str
        First and last month, ``YYYY-MM``, both run.
    protocol : str or mapping
        How offers are made and met: a name, or ``{"name": ..., parameter: value}``.
    negotiated : list of str
        Agreement types on which states open talks.
    agreements, mechanisms : mapping
        Parameters by part, for example ``{"contacts": {"hours_head": 2.0}}``.
    shocks : list of mapping
        Overlays, for example ``[{"kind": "travel_closure", "strength": 0.5}]``; ``[]`` for none.
    background : list of mapping
        Shocks that the world and its twin carry alike, such as recorded sanctions; ``[]`` for none.
    coalitions : list of mapping
        States that bargain as one.
    events : list of mapping
        Dated shocks and marks, each with its source (docs/scenarios.md).
    start_state : list of mapping
        What the world begins with instead of what the tables say, each with its source.
    candidates : int
        Partners each state keeps an eye on.
    roster : mapping
        ``kind``, ``n``, ``states`` (a list of codes) and ``seed``.
    data : mapping
        ``folder`` of your own tables, and ``terms``.
    agents : str
        Name of a class of agents in ``parts`` that decides for all states or blocs.
    rival : str
        Name of a rival theory that says who signs with whom; ``"none"`` for the model itself.
    rivals : mapping
        Parameters of that rival, by its name.
    counterfactual : bool
        The same world without the scenario's shocks.
    record : str
        ``scalars``, ``series``, ``panels`` or ``full``: how much is kept.
    parts : path
        Folder of your own parts; this runs the code in it.
    moves : path or list
        Moves of a played seat, or the saved game that holds them.
    set : mapping
        Settings by their dotted names, as the command line has them: ``{"mechanisms.contacts.hours_head": 2.0}``.
    outputs : path
        Folder to write a run folder in; None writes nothing.
    heard : callable
        Called with 1 each time a month (one seed) or a run (several seeds) is done.
    watcher : Watcher
        Sees one run as it is lived; with several seeds nobody watches.
    **tree
        Settings by their dotted names, too: ``run(**{"roster.states": ["DEU", "USA"]})``.

    Returns
    -------
    Result

    Raises
    ------
    UserError
        If anything asked for is not valid: one sentence.

    Examples
    --------
    >>> from sim import run
    >>> result = run("baseline", seed=7, end="2019-03")             # doctest: +SKIP
    >>> result.series["in_force_transfer_framework"][-1]            # doctest: +SKIP
    """
    said = {
        "start": start, "end": end, "protocol": protocol, "negotiated": negotiated, "agreements": agreements, "mechanisms": mechanisms,
        "shocks": shocks, "background": background, "coalitions": coalitions,
        "events": events, "start_state": start_state, "candidates": candidates, "roster": roster, "data": data, "agents": agents,
        "rival": rival, "rivals": rivals, "parts": parts, "moves": moves,
    }  # fmt: skip
    if watcher is not None and not isinstance(watcher, Watcher):
        raise UserError(f"watcher must be a Watcher (a class of one's own derives from sim.run.Watcher), not {watcher!r}")
    whole = {key: value for key, value in said.items() if value is not None}
    whole |= {"seed": seed, "seeds": seeds, "record": record, "counterfactual": counterfactual, "scenarios": scenario}
    config, chosen = prepare({**whole, **tree, "outputs": "outputs" if outputs is None else outputs}, set)
    started = now()
    setting = engine.assemble(config)
    targets = targets_of(setting, counterfactual=chosen.counterfactual)
    folder = None if outputs is None else result_folder(config, chosen)
    every = range(chosen.seed, chosen.seed + chosen.seeds)
    runs: Sequence[RunData]
    if len(every) == 1:
        month = None if heard is None else lambda month: heard(1)
        runs = [one_run(setting, chosen.seed, chosen.record, month, chosen.moves, watcher)]
    else:
        runs = many_runs(config, setting, every, chosen.record, config.shelves.folder, heard)
    if folder is not None:
        write_runs(folder, setting, runs, chosen.record)
        write_manifest(folder, manifest(setting, chosen, runs, started, folder))
    return Result(folder, tuple(runs), setting, tuple(held_against(setting, targets, runs)))


def result_folder(config: Config, chosen: Settings) -> Path:
    """Make the folder of a result: named by scenario, protocol and seed.

    Raises
    ------
    UserError
        If the place cannot be written.
    """
    twin = "-twin" if chosen.counterfactual else ""
    # Absolute, so that a change of the working folder while it runs, or later, does not lose it.
    return new_folder(chosen.outputs.absolute(), f"{config.scenario}{twin}-{config.protocol.name}-{chosen.seed}")


def manifest(setting: Setting, chosen: Settings, runs: Sequence[RunData], started: str, folder: Path | None = None) -> dict[str, Any]:
    """Describe a finished result: what was run, with what, when, and which promise of sameness applies.

    The moves of a played seat are kept here, so the command that repeats them names the manifest in ``folder``.
    """
    return {
        **describe(setting),
        **({"declared": told} if (told := declared_words(setting, chosen.record)) else {}),
        "seed": chosen.seed,
        "seeds": [one.seed for one in runs],
        "record": chosen.record,
        "counterfactual": chosen.counterfactual,
        **_of_scenario(setting, chosen, runs),
        "parts": None if chosen.parts is None else os.path.abspath(chosen.parts),
        "data_folder": None if setting.config.roster.folder is None else os.path.abspath(setting.config.roster.folder),
        "parts_digest": setting.config.shelves.digest or None,
        "digests": {str(one.seed): one.digest for one in runs},
        "decides": decides(chosen.parts, () if setting.config.roster.folder is None else (str(setting.config.roster.folder),)),
        **provenance(),
        "moves": [move.tree() for move in chosen.moves],
        "command": command(setting.config, chosen, None if folder is None else folder / "manifest.json"),
        "started": started,
        "finished": now(),
    }


def _of_scenario(setting: Setting, chosen: Settings, runs: Sequence[RunData]) -> dict[str, Any]:
    """Return what a manifest says of the scenario: its words, its file where it has one of its own, its targets and the runs' verdicts."""
    config = setting.config
    with using(config.shelves):
        words = words_of(config.source)
    told = {**words, "events": [one.tree() for one in config.events], "back_cast": inputs_told(setting)}
    held = held_against(setting, targets_of(setting, counterfactual=chosen.counterfactual), runs)
    file = {} if config.file is None else {"scenario_file": config.file, "scenario_digest": digest_of(config.file)}
    return {"story": told, "sources": told["sources"], "targets": held, **file}


def provenance() -> dict[str, Any]:
    """Say what code on what machine: digest of source and tables, versions, commit, CPU, and the promise of sameness that follows."""
    return {
        "source_digest": source_digest(),
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in LIBRARIES},
            "cloud-diplomacy": own_version(),
        },
        "commit": _commit(),
        "cpu": CPU,
        "kernels": "compiled" if COMPILED else "plain",
        "promise": "bit for bit on these versions and this CPU family; elsewhere the same events and numbers to 1e-9",
    }


def own_version() -> str:
    """Return the version of this program."""
    return _version("cloud-diplomacy")


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


_room: Any = sys.modules[__name__]
_room.__class__ = _Callable
# Once this room is loaded, ``from sim import run`` gives the room: help(run) and editors are shown the function all the same.
_room.__signature__, _room.__doc__ = inspect.signature(run), run.__doc__
