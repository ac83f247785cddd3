"""Studies: many runs of a design, on this machine or a cluster, that can be stopped, resumed, grown and collected.

>>> from sim.study import run_study
>>> folder = run_study("smoke", outputs="outputs")                              # doctest: +SKIP
>>> folder = run_study({"factors": {"protocol": {"values": ["nash"]}}})         # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any


def run_study(
    study: str | Mapping[str, Any],
    *,
    outputs: str | Path = "outputs",
    parts: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    in_flight: int | None = None,
) -> Path:
    """Run a study and return its folder.

    Parameters
    ----------
    study : str or mapping
        The name of a ready study (``configs/study/``), or its tree.
    outputs : path
        Where its folder is made.
    parts : path or None
        A user's own parts.
    workers : int or None
        Processes; None takes one for each core.
    executor : concurrent.futures.Executor or None
        Any executor whose workers see the folder (Dask's ``client.get_executor()``, for one), instead of processes of our own.
    in_flight : int or None
        Shards handed to the executor at once. None asks the executor for its workers and takes twice as many.

    Raises
    ------
    UserError
        If the study cannot be: one sentence.
    """
    from sim.batch import refuse_inside_import
    from sim.params import folder_of
    from sim.plain import plain_tree
    from sim.registry import using
    from sim.single import shelves_in
    from sim.study import manage, pools
    from sim.study.plan import plan_of
    from sim.study.ready import ready

    refuse_inside_import()
    with using(shelves_in(None if parts is None else folder_of("parts", parts))):
        plan = plan_of(ready(study), study) if isinstance(study, str) else plan_of(plain_tree(study))
        folder = manage.begin(plan, outputs, parts)
        manage.resume(
            folder,
            lambda place, which: pools.carry_out(place, which, workers=workers, executor=executor, flight=in_flight),
            workers=workers,
        )
    return folder
