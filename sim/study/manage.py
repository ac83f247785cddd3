"""Starting, resuming and growing a study: what is missing becomes a round of shards, and an engine carries it out."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim import engine
from sim.batch import cores
from sim.folder import new_folder
from sim.older.forms import refuse_to_add
from sim.params import canonical, configure, folder_of
from sim.registry import own_digest
from sim.run import now, provenance
from sim.scenario import scenario_text
from sim.single import load_parts
from sim.study import notes
from sim.study.cluster import PLANNED, cluster_of, is_planned, slurm_of
from sim.study.collect import collect
from sim.study.design import history_in, in_ranges, mend_design, n_rows, opened_design, problem_fault, write_design, write_problem
from sim.study.factors import base_tree
from sim.study.foreign import MARK, allowed, marks_of
from sim.study.hold import held
from sim.study.own import names_its_study, own_design, refuse_other_manifest
from sim.study.plan import Plan, seconds_of_run
from sim.study.same import DECIDES, parts_in, same_code, table_folders, written_down
from sim.study.samplers import FIXED, GROWING
from sim.study.shards import Index, index_of
from sim.study.store import (
    Round,
    clear,
    make_rooms,
    new_round,
    plan_in,
    read_manifest,
    set_aside,
    write_manifest,
)
from sim.types import UserError

MOST_A_SHARD = 500
MOST_SHARDS = 10_000
_STATE_MONTHS_A_SHARD = 1_000_000
"""About half a minute to two minutes of work on a slow core: what a kill may cost, and what a shard's overhead is spread over."""
Engine = Callable[[Path, Round], int | None]
"""Carries a round out and returns how many runs failed, or hands it on (to a cluster) and returns None."""


def begin(plan: Plan, outputs: str | Path = "outputs", parts: str | Path | None = None, cluster: dict[str, Any] | None = None) -> Path:
    """Make the folder of a new study: manifest and design, no run yet.

    Raises
    ------
    UserError
        If a scenario cannot be assembled or the place cannot be written.
    """
    own = None if parts is None else folder_of("parts", parts).resolve()
    made_with = written_down(plan, own)
    data = _assembled(plan)
    folder = new_folder(folder_of("outputs", outputs), f"study-{plan.name}")
    make_rooms(folder)
    study = _named(plan, made_with)
    write_design(folder, plan, study)
    manifest = {
        "status": "running",
        "name": plan.name,
        "title": plan.title,
        "plan": plan.tree,
        "runs": plan.n_runs,
        "draws": plan.n_draws,
        "factors": [factor.path for factor in plan.factors],
        "data_digests": data,
        "reached": [[plan.n_draws, plan.replicates]],
        "parts": None if own is None else str(own),
        "parts_digest": own_digest() or None,
        "tables": list(table_folders(plan)),
        DECIDES: made_with,
        "id": study,
        "cluster": cluster or {},
        "scenario_texts": {name: scenario_text(plan.source(name)) for name in plan.scenarios},
        **provenance(),
        "started": now(),
    }
    write_manifest(folder, {**manifest, MARK: marks_of(manifest)})
    return folder


def _named(plan: Plan, made_with: dict[str, str]) -> str:
    """Name a study by what it is and when it begins: its shards carry the name, so that those of another are known."""
    return hashlib.blake2b(f"{canonical([plan.tree, made_with])} {now()}".encode(), digest_size=16).hexdigest()


def resume(
    folder: Path,
    engine_of: Engine,
    *,
    retry_failed: bool = True,
    workers: int | None = None,
    cluster: dict[str, Any] | None = None,
    trust: bool = False,
    anyway: bool = False,
) -> dict[str, Any] | None:
    """Do what is missing of a study, and collect it; the way a study is started, too.

    Parameters
    ----------
    folder : Path
    engine_of : callable
        Takes the folder and the round.
    retry_failed : bool
        Whether runs that failed are tried again.
    workers : int or None
        How many processes will share the work, to choose the size of a shard.
    cluster : dict or None
        Where it will be carried out, where that is not this machine.
    trust : bool
        Whether code that a study made elsewhere brings along may be run.
    anyway : bool
        Whether to go on although somebody seems to be at work on the study.

    Returns
    -------
    dict or None
        The manifest once all is collected; None if the work was handed on to a cluster.
    """
    manifest = opened(folder, cluster, trust=trust)
    with held(folder, "resume", anyway=anyway):
        return _resumed(folder, manifest, engine_of, retry_failed=retry_failed, workers=workers)


def _resumed(
    folder: Path, manifest: dict[str, Any], engine_of: Engine, *, retry_failed: bool, workers: int | None
) -> dict[str, Any] | None:
    plan, manifest = caught_up(folder, sound_design(folder, manifest))
    index = index_of(folder)
    set_aside(folder, list(index.bad))
    clear(folder)
    missing = index.missing(n_rows(folder), failed=retry_failed)
    notes.prune(folder, missing)
    if len(missing):
        if manifest["status"] != "running":
            write_manifest(folder, {**manifest, "status": "running"})
        chunk = plan.chunk or chunk_of(plan, len(missing), workers or cores())
        if engine_of(folder, new_round(folder, in_ranges(missing), chunk)) is None:
            return None
        # A worker that its pool took down may have left a note on a shard that was then done run by run, in no round of its own.
        notes.prune(folder, ())
    return collect(folder)


def set_run_timeout(folder: Path, seconds: Any) -> None:
    """Change how long a run of a study may take; it is no part of what a run is.

    Raises
    ------
    UserError
        If it is no number of seconds, or the study is an older version's.
    """
    manifest = read_manifest(folder)
    refuse_to_add(folder, manifest)
    write_manifest(folder, {**manifest, "plan": {**manifest["plan"], "run_timeout": seconds_of_run(seconds)}})


def note_planned(folder: Path) -> None:
    """Note in the manifest of a study that its elements are started by hand; the settings of its cluster stay."""
    manifest = read_manifest(folder)
    if not is_planned(manifest):
        write_manifest(folder, {**manifest, "cluster": {**cluster_of({"kind": "slurm"}), **slurm_of(manifest), "kind": PLANNED}})


def grow(
    folder: Path,
    *,
    size: int | None = None,
    replicates: int | None = None,
    cluster: dict[str, Any] | None = None,
    trust: bool = False,
    anyway: bool = False,
) -> int:
    """Ask more of a study: draws, or replicates of every draw. Returns the number of runs added; :func:`resume` does them.

    Raises
    ------
    UserError
        If the sampler's size cannot grow, or nothing would be added.
    """
    manifest = opened(folder, cluster, trust=trust)
    with held(folder, "grow", anyway=anyway):
        return _grown(folder, manifest, size, replicates)


def _grown(folder: Path, manifest: dict[str, Any], size: int | None, replicates: int | None) -> int:
    plan, manifest = caught_up(folder, sound_design(folder, manifest))
    if size is not None and plan.kind not in GROWING:
        raise UserError(f"the size of this study cannot grow: {FIXED[plan.kind]}; its replicates can")
    for key, new, old in (("size", size, plan.size), ("replicates", replicates, plan.replicates)):
        if new is not None and new <= old:
            raise UserError(f"{key} is {old} already; give a larger one")
    if size is None and replicates is None:
        raise UserError(f"say what should grow, for example python -m sim grow {shlex.quote(str(folder))} replicates={plan.replicates * 2}")
    larger = plan.with_size(size, replicates)
    before = n_rows(folder)
    total = write_design(folder, larger, manifest["id"])
    write_manifest(folder, {**_larger(manifest, larger), "runs": total})
    return total - before


def _larger(manifest: dict[str, Any], plan: Plan, reached: list[list[int]] | None = None) -> dict[str, Any]:
    """Return the manifest of a study that has grown to a plan, in one step unless the steps are told."""
    reached = reached or [*manifest["reached"], [plan.n_draws, plan.replicates]]
    return {**manifest, "plan": plan.tree, "draws": plan.n_draws, "reached": reached, "status": "running"}


def sound_design(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Make the design anew from the plan where it is damaged, gone, another study's or of before a growth; return the manifest.

    Raises
    ------
    UserError
        If the manifest is another study's than the design and the shards.
    """
    refuse_other_manifest(folder, manifest)
    try:
        sound = names_its_study(own_design(folder, manifest))
    except UserError:
        sound = False
    if not sound:
        mend_design(folder, plan_in(manifest), [(draws, replicates) for draws, replicates in manifest["reached"]], manifest["id"])
    return manifest


def opened(folder: Path, cluster: dict[str, Any] | None = None, *, trust: bool = False) -> dict[str, Any]:
    """Read a study's manifest and load the parts it was begun with; refuse other code and other tables before anything of it is run.

    Parameters
    ----------
    folder : Path
    cluster : dict or None
        Where it will be carried out; its settings may run programs that the manifest names.
    trust : bool
        The user's word that code which a study made elsewhere brings along may be run.

    Raises
    ------
    UserError
        If the study cannot be added to with what is here now.
    """
    manifest = read_manifest(folder)
    same_code(folder, manifest)
    manifest = allowed(folder, manifest, cluster, trust=trust)
    load_parts(parts_in(manifest))
    plan = plan_in(manifest)
    now_there = _assembled(plan)
    for scenario, digest in manifest["data_digests"].items():
        if now_there[scenario] != digest:
            raise UserError(f"{folder} was begun with other tables: those of scenario {scenario} changed since; put them back to add to it")
    return manifest


def caught_up(folder: Path, manifest: dict[str, Any]) -> tuple[Plan, dict[str, Any]]:
    """Bring a manifest as far as the design on disk goes: growing may have been cut short between the two."""
    plan = plan_in(manifest)
    steps = history_in(opened_design(folder))
    draws, replicates = steps[-1]
    if (draws, replicates) == (plan.n_draws, plan.replicates):
        if problem_fault(folder, plan) is not None:
            write_problem(folder, plan)
        return plan, manifest
    size = plan.size * draws // plan.n_draws if plan.kind in GROWING else None
    larger = plan.with_size(size, replicates)
    manifest = {**_larger(manifest, larger, steps), "runs": n_rows(folder)}
    write_manifest(folder, manifest)
    write_problem(folder, larger)
    return larger, manifest


def chunk_of(plan: Plan, runs: int, workers: int) -> int:
    """Choose how many runs a shard holds: enough to spread its cost, few enough to share the work and to lose little."""
    config = configure(base_tree(plan.source(plan.scenarios[0]), False, plan.fixed))
    states = len(config.roster.states) or config.roster.n
    heavy = max(1, _STATE_MONTHS_A_SHARD // (states * (config.end - config.start + 1)))
    return max(1, min(MOST_A_SHARD, max(heavy, -(-runs // MOST_SHARDS)), -(-runs // (4 * workers))))


def counts(index: Index, total: int) -> dict[str, int]:
    """Count runs done, failed and missing."""
    done = int((index.done & (index.run < total)).sum())
    failed = int((~index.done & (index.run < total)).sum())
    return {"runs": total, "done": done, "failed": failed, "missing": total - done - failed}


def _assembled(plan: Plan) -> dict[str, str]:
    """Assemble every scenario, so that what cannot run is found before the first run; return the digests of their data."""
    found = {}
    for scenario in plan.scenarios:
        try:
            found[scenario] = engine.assemble(configure(base_tree(plan.source(scenario), False, plan.fixed))).roster.digest
        except UserError as fault:
            raise UserError(f"study {plan.name}: scenario {scenario}: {fault}") from None
    return found
