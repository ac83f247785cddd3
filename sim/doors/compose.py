"""Hydra as the engine that puts a configuration together: the shelves are its groups, ``configs/config.yaml`` its root.

What comes later wins: defaults of :mod:`sim.params` and of the parts, the protocol chosen, the scenario, the words typed. The twins that
Hydra gets are unfrozen and untyped on purpose: it would turn a quoted ``'0.5'`` into a number without a word, and knows no bounds. Values
are checked once, by :func:`sim.params.configure`, for the command line and for Python alike.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra import compose as hydra_compose
from hydra import initialize_config_module
from hydra import main as hydra_main
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.doors.overrides import ROOMS, Job, Word, check_shape
from sim.doors.shock_words import ROOM, laid_over_shocks
from sim.params import DEFAULTS, SCENARIO_ONLY, SETTINGS
from sim.reader import LONGEST_NAME
from sim.registry import shelf, values_of
from sim.scenario import load_scenario
from sim.study.factors import paths_of
from sim.types import UserError, nearest

VERSION = "1.3"
_READ = "as_read"
"""Under this name Hydra's store holds a study and a cluster that :mod:`sim.reader` has read."""


def publish(jobs: Sequence[Job]) -> None:
    """Publish the root, the protocols and the scenarios asked for to Hydra's store.

    Of agreement types and mechanisms only those that a word or a scenario sets are published: composing all of them costs a fifth of a
    second, and :func:`sim.params.configure` gives the others their defaults anyway.
    """
    store = ConfigStore.instance()
    scenarios = {job.scenario: load_scenario(_source(job)) for job in sorted(jobs, key=lambda one: one.scenario)}
    root: dict[str, Any] = {key: value for key, value in {**DEFAULTS, **SETTINGS}.items() if key != "protocol"}
    for room, kind in ROOMS.items():
        named = {word.split("=", 1)[0].split(".")[1] for job in jobs for word in job.words if word.startswith(f"{room}.")}
        named |= {str(name) for tree in scenarios.values() for name in tree.get(room) or {}}
        root[room] = {name: twin(kind, name, {}) for name in sorted(named)}
    root[ROOM] = {}
    store.store(name="schema", node=root, provider="sim.params")
    for name in shelf("protocol").names():
        store.store(group="protocol", name=name, node=twin("protocol", name, {"name": name}), provider="sim.protocols")
    for scenario, tree in scenarios.items():
        _publish_scenario(store, scenario, tree)


def twin(kind: str, part: str, over: dict[str, Any]) -> Any:
    """Make an unfrozen, untyped twin of a part with its defaults; ``over`` lays values over them, or adds a choice's name."""
    cls = shelf(kind).get(part)
    values = {**values_of(cls()), **over}
    fields = [(key, Any, dataclasses.field(default=value)) for key, value in values.items()]
    return dataclasses.make_dataclass(f"{cls.__name__}Config", fields)()


def composed(job: Job) -> dict[str, Any]:
    """Compose one job into a plain tree that :func:`sim.run.run` takes."""
    publish([job])
    return {**_composed("config", _with_scenario(job)), "scenarios": _source(job)}


def composed_study(words: Sequence[Word], given: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Compose a study and its cluster, once; return the plain tree and the study's name.

    Settings of the model that were typed are laid over every scenario of the study. ``study=`` may name a file of one's own.

    Raises
    ------
    UserError
        If there is no such study or cluster.
    """
    from sim.study.cluster import KINDS
    from sim.study.plan import DEFAULTS as PLAN
    from sim.study.ready import cluster_file, document_of, is_file, study_names

    store, name = ConfigStore.instance(), given["study"]
    kind = given.get("cluster", "local")
    if kind not in KINDS:
        raise UserError(f"there is no cluster {kind!r}; {nearest(kind, KINDS)}")
    for word in words:
        key = word.key.partition(".")[2]
        if word.key.startswith("cluster.") and key not in KINDS[kind]:
            raise UserError(f"cluster {kind} has no {key!r}; {nearest(key, KINDS[kind])}")
        if word.key.startswith("cluster."):
            check_shape(word, {"cluster": KINDS[kind]})
    if not is_file(name) and name not in study_names():
        if Path(name).is_file():
            raise UserError(f"study={name} is a file whose name does not end in .yaml; a study of your own lies in a .yaml file")
        raise UserError(f"there is no study {name!r}; {nearest(name, study_names())}")
    size = len(Path(name).stem.encode("utf-8", "replace"))
    if size > LONGEST_NAME:
        raise UserError(f"study={name[:40]}... has a name of {size:,} bytes; at most {LONGEST_NAME} fit the study's folder")
    # Hydra takes what we have read: its own reader would turn 010 into 8, and knows no lines.
    said, cluster = document_of(name).tree, cluster_file(kind)
    _check_shelved(f"study {Path(name).stem}", said, PLAN)
    _check_shelved(f"configs/cluster/{kind}.yaml", cluster, KINDS[kind])
    store.store(group="study", name=_READ, node=said, provider="sim.reader")
    store.store(group="cluster", name=_READ, node=cluster, provider="sim.reader")
    store.store(name="study_defaults", node={"study": PLAN, "cluster": {}}, provider="sim.study")
    ours = [word.text for word in words if word.key.split(".")[0] in ("study", "cluster") and word.key not in ("study", "cluster")]
    tree = _composed("studies", [f"study={_READ}", f"cluster={_READ}", *ours])
    name = Path(name).stem if is_file(name) else name
    typed = {word.key: word.value for word in words if word.key.split(".")[0] in DEFAULTS}
    study = dict(tree["study"])
    flat = paths_of("set", study.get("set") or {})
    return {**tree, "study": {**study, "set": {**flat, **typed}}}, name


def plain(config: DictConfig) -> dict[str, Any]:
    """Turn what Hydra composed into a plain tree; a scenario's own words (its story, its shocks) stay in its file."""
    tree = OmegaConf.to_container(config, resolve=False)
    if not isinstance(tree, dict):
        raise TypeError(f"Hydra composed {type(tree).__name__}, not named values")
    return laid_over_shocks({str(key): value for key, value in tree.items() if key not in SCENARIO_ONLY})


def _composed(root: str, words: list[str]) -> dict[str, Any]:
    try:
        with initialize_config_module("configs", version_base=VERSION):
            return plain(hydra_compose(root, overrides=words))
    except (HydraException, OmegaConfBaseException) as fault:
        told = " ".join(str(fault.__cause__ or fault).split())
        raise UserError(f"what was typed cannot be laid over configs/{root}.yaml: {told[:300]}") from None


def _check_shelved(where: str, tree: Mapping[str, Any], known: Mapping[str, Any], above: str = "") -> None:
    """Refuse keys and shapes that Hydra would answer in its own words."""
    for key, value in tree.items():
        if key not in known:
            raise UserError(f"{where}: there is no setting {above + key!r}; {nearest(key, known)}")
        if isinstance(known[key], dict):
            if value is not None and not isinstance(value, dict):
                raise UserError(f"{where}: {above}{key} must hold named values, not {value!r}")
            if known[key]:
                _check_shelved(where, value or {}, known[key], f"{above}{key}.")
        elif isinstance(value, dict):
            kind = "a list" if isinstance(known[key], list) else "a single value"
            raise UserError(f"{where}: {above}{key} must be {kind}, not {value!r}")


def each(words: Sequence[str], jobs: Sequence[Job], task: Callable[[dict[str, Any]], None]) -> None:
    """Let Hydra's own runner compose and start every job of ``-m``, one after another.

    Hydra writes ``multirun.yaml`` to its sweep folder whatever it is told; that folder is a temporary one here.
    """
    publish(jobs)
    sources = {job.scenario: _source(job) for job in jobs}

    def start(config: DictConfig) -> None:
        tree = plain(config)
        task({**tree, "scenarios": sources[tree["scenarios"]]})

    if not any(word.startswith("scenarios=") for word in words):
        words = [*words, f"scenarios={DEFAULTS['scenarios']}"]
    before, full_error = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    with tempfile.TemporaryDirectory(prefix="cloud-diplomacy-") as folder:
        try:
            GlobalHydra.instance().clear()
            os.environ["HYDRA_FULL_ERROR"] = "1"  # a fault reaches our own handler instead of Hydra's
            sys.argv = [before[0], "--multirun", *words, f"hydra.sweep.dir={folder}", "hydra.sweep.subdir=."]
            hydra_main(config_path="pkg://configs", config_name="config", version_base=VERSION)(start)()
        finally:
            sys.argv = before
            GlobalHydra.instance().clear()
            if full_error is None:
                os.environ.pop("HYDRA_FULL_ERROR", None)
            else:
                os.environ["HYDRA_FULL_ERROR"] = full_error


def _source(job: Job) -> Any:
    """Return what a job's scenario is read from; Hydra itself is told no more than a name."""
    return job.scenario if job.source is None else job.source


def _with_scenario(job: Job) -> list[str]:
    chosen = any(word.startswith("scenarios=") for word in job.words)
    return [*job.words] if chosen else [f"scenarios={job.scenario}", *job.words]


def _publish_scenario(store: ConfigStore, scenario: str, whole: dict[str, Any]) -> None:
    """Publish a scenario; the protocol it chooses, with its values, becomes a choice of its own that ``protocol=`` still overrides."""
    tree = {**{key: value for key, value in whole.items() if key not in SCENARIO_ONLY}, "scenarios": scenario}
    chosen = tree.pop("protocol", None)
    if chosen is not None:
        name, own = str(chosen["name"] if isinstance(chosen, dict) else chosen), f"of_{scenario}"
        values = {key: value for key, value in chosen.items() if key != "name"} if isinstance(chosen, dict) else {}
        store.store(group="protocol", name=own, node=twin("protocol", name, {**values, "name": name}), provider="scenarios")
        tree["defaults"] = [{"override /protocol": own}, "_self_"]
    store.store(group="scenarios", name=scenario, node=tree, package="_global_", provider="scenarios")
