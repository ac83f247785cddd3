"""``plan``: a study for schedulers that are not ours. It makes the folder, writes commands and scripts, and submits nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.doors.overrides import word_of
from sim.doors.say import say
from sim.doors.studies import DONE, ELEMENTS, PATHS_OF_STUDIES, begun, cluster_again, quoted, told, trusted, yes_or_no
from sim.types import UserError

_GO_ON = ("cluster", "trust", "anyway")


def serve_plan(typed: Sequence[str]) -> int:
    """Write the commands of every element of a study; submit and run nothing.

    Raises
    ------
    UserError
        If what was typed cannot be done.
    """
    from sim.study import manage, others
    from sim.study.cluster import cluster_of, slurm_of
    from sim.study.slurm import MOST_ELEMENTS
    from sim.study.store import read_manifest, study_folder

    plain = [text for text in typed if "=" not in text or Path(text).is_dir()]
    rest = [text for text in typed if text not in plain]
    named = [text for text in rest if text.startswith("study=")]
    if len(plain) + len(named) != 1:
        raise UserError(f"write python -m sim plan STUDY or python -m sim plan FOLDER; {len(plain) + len(named)} names were given")
    trust = anyway = False
    if plain and Path(plain[0]).is_dir():
        folder = study_folder(plain[0])
        words = [word_of(text, _GO_ON, PATHS_OF_STUDIES) for text in rest]
        given = {word.key: word.value for word in words}
        trust, anyway = (yes_or_no(key, given.get(key, False)) for key in ("trust", "anyway"))
        for word in words:
            if word.key.split(".", 1)[0] not in _GO_ON:
                raise UserError(f"plan takes no {word.key}= for a study that is there; it takes cluster.elements=, cluster.cpus=, ...")
        cluster = cluster_again({"kind": "slurm", **slurm_of(read_manifest(folder))}, words, cluster_of)
    else:
        kind = [] if any(text.startswith("cluster=") for text in rest) else ["cluster=slurm"]
        if "cluster=local" in rest:
            raise UserError("plan writes elements for a cluster; leave out cluster=local")
        folder, cluster = begun([*(f"study={text}" for text in plain), *kind, *rest], planned=True)
    wanted = (cluster["elements"] or ELEMENTS) * cluster["cpus"]

    def listed(place: Path, which: Any) -> None:
        manage.note_planned(place)
        made = others.write_plan(place, which, cluster, cluster["elements"], cluster["cpus"])
        elements = min(which.n_chunks, cluster["elements"] or MOST_ELEMENTS)
        say(f"{which.n_runs:,} runs in {which.n_chunks:,} shards for {elements:,} elements; nothing was submitted")
        for line in others.read_me(made, elements):
            say(line)
        say(f"then      python -m sim status {quoted(place)}, and python -m sim collect {quoted(place)}")

    def go(word: bool) -> int:
        done = manage.resume(folder, listed, workers=wanted, cluster=cluster, trust=word, anyway=anyway)
        if done is not None:
            return told(folder, done)
        say(f"study: {folder}")
        return DONE

    return trusted(go, trust=trust)
