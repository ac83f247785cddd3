"""Studies from the command line: ``study=NAME`` and the verbs that act on a study's folder.

Words are checked first, then Hydra composes the study and the cluster once, and :mod:`sim.study` does the rest.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sim.doors.overrides import PATHS, Word, check_shape, load_named_parts, word_of
from sim.doors.say import say, warn
from sim.older import turning
from sim.older.forms import newest, note, refuse_to_add, writer
from sim.seal import folder_faults, read_signed
from sim.types import UserError, nearest

VERBS = ("status", "resume", "grow", "collect", "check", "explain", "plan")
GROUPS = ("study", "cluster")
T = TypeVar("T")
PATHS_OF_STUDIES = (*PATHS, "cluster.venv", "cluster.cache", "study")
DONE, SOME_FAILED, ENDED = 0, 3, 143
_GO_ON = ("cluster", "trust", "anyway")
_ALLOWED = {
    "status": ("json",),
    "collect": ("partial",),
    "check": ("trust",),
    "resume": ("failed", "run_timeout", *_GO_ON),
    "grow": ("size", "replicates", *_GO_ON),
}
_OPTIONS = ("failed", "size", "replicates", "json", "partial", "run_timeout", *_GO_ON)
ELEMENTS = 100
"""How many elements a study is cut for where nobody says; a large one is cut finer anyway."""


def is_study(words: Sequence[str]) -> bool:
    """Say whether the words typed are about a study."""
    return bool(words) and (words[0] in VERBS or any(word.split("=", 1)[0].split(".", 1)[0] in GROUPS for word in words))


def serve_study(words: Sequence[str]) -> int:
    """Start a study or act on one; return the exit code.

    Raises
    ------
    UserError
        If what was typed cannot be done.
    """
    if words[0] == "plan":
        from sim.doors.planning import serve_plan

        return serve_plan(words[1:])
    if words[0] in VERBS:
        return _act(words[0], words[1:])
    return _start(words)


def show_study(words: Sequence[str]) -> int:
    """Print the study and the cluster that would be used (``--cfg job``) and make nothing.

    Raises
    ------
    UserError
        If what was typed cannot be done.
    """
    import yaml

    if words[0] in VERBS:
        raise UserError(f"--cfg job shows what would be run; {words[0]} acts on a study that is there")
    plan, cluster, _ = _composed(words)
    say(yaml.safe_dump({"study": plan.tree, "cluster": cluster}, sort_keys=False, allow_unicode=True).strip())
    return DONE


def _start(typed: Sequence[str]) -> int:
    folder, cluster = begun(typed)
    return _carry_on(folder, cluster, retry_failed=True)


def begun(typed: Sequence[str], *, planned: bool = False) -> tuple[Path, dict[str, Any]]:
    """Make the folder of a new study; return it and the cluster it is for."""
    from sim.study import manage
    from sim.study.cluster import PLANNED
    from sim.study.plan import advice

    plan, cluster, given = _composed(typed)
    folder = manage.begin(plan, given.get("outputs", "outputs"), given.get("parts"), {**cluster, "kind": PLANNED} if planned else cluster)
    if (said := advice(plan)) is not None:
        warn(f"note: {said}")
    return folder, cluster


def _composed(typed: Sequence[str]) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Return the plan that was typed, the cluster it is for, and what was given."""
    from sim.doors.compose import composed_study
    from sim.study.cluster import cluster_of
    from sim.study.plan import plan_of

    words = [word_of(turning.word(text), GROUPS, PATHS_OF_STUDIES) for text in typed]
    _each_once(words, "a study's factors say what varies")
    _check_keys(words)
    load_named_parts(words)
    given = {word.key: word.value for word in words}
    try:
        tree, name = composed_study(words, given)
        cluster = cluster_of(tree["cluster"])
        plan = plan_of(tree["study"], name)
    except UserError as fault:
        raise _in_its_file(fault, given["study"], words) from None
    return plan, cluster, given


def _each_once(words: Sequence[Word], instead: str) -> None:
    keys = [word.key for word in words]
    for word in words:
        if keys.count(word.key) > 1:
            raise UserError(f"{word.key} is given {keys.count(word.key)} times; give it once")
        if word.several is not None:
            raise UserError(f"{word.key}={','.join(word.several)} gives several values; {instead}")


def _in_its_file(fault: UserError, study: str, words: Sequence[Word]) -> UserError:
    """Say in which line of a user's own file a fault lies, where its sentence tells of a name that stands there once."""
    from sim.study.ready import document_of, is_file

    told = str(fault)
    head = f"study {Path(study).stem}: "
    if not is_file(study) or not told.startswith(head):
        return fault
    told = told.removeprefix(head)
    typed = "|".join(re.escape(word.key.removeprefix("study.")) for word in words if word.key != "study")
    if typed and re.search(rf"(?<![\w.])({typed})(?![\w.])", told.partition(";")[0]):
        return fault  # what was typed beside the file stands in none of its lines
    return UserError(f"{head}{study}: {document_of(study).located(UserError(told))}")


def _check_keys(words: Sequence[Word]) -> None:
    """Check every key: those of the study and cluster here, those of the model with the study's plan."""
    from sim.params import DEFAULTS as MODEL
    from sim.study.plan import DEFAULTS

    if not any(word.key == "study" for word in words):
        raise UserError(f"{words[0].key} needs a study; name one with study=NAME")
    for word in words:
        steps = word.key.split(".")
        if word.key in ("study", "cluster"):
            if not isinstance(word.value, str):
                raise UserError(f"{word.key} must be the name of one, not {word.value!r}")
        elif steps[0] == "study":
            known = DEFAULTS.get(steps[1])
            if steps[1] not in DEFAULTS:
                raise UserError(f"study has no {steps[1]!r}; {nearest(steps[1], DEFAULTS)}")
            if steps[1] in ("factors", "set") and len(steps) > 2:
                raise UserError(f"{word.key}: {steps[1]} are written in the study's file; a setting of the model is typed by its own name")
            if word.key != "study.scenarios":
                check_shape(word, {"study": DEFAULTS})
            if (len(steps) == 3 and (not isinstance(known, dict) or steps[2] not in known)) or len(steps) > 3:
                raise UserError(f"there is no {word.key}; {nearest(steps[-1], known if isinstance(known, dict) else DEFAULTS)}")
        elif steps[0] not in ("cluster", "outputs", "parts", *MODEL) or steps[0] == "scenarios":
            mine = {"seed": "study.seed", "seeds": "study.replicates", "record": "study.record", "counterfactual": "study.twin"}
            raise UserError(f"{word.key} is for runs; in a study write {mine.get(word.key, f'study.{word.key}')}=VALUE")


def _act(verb: str, typed: Sequence[str]) -> int:
    from sim.study import manage
    from sim.study.check import checked_study
    from sim.study.cluster import cluster_of, is_planned, slurm_of
    from sim.study.collect import collect
    from sim.study.explain import explain
    from sim.study.status import status
    from sim.study.store import is_run_folder, manifest_faults, read_manifest, study_folder

    plain = [text for text in typed if "=" not in text or Path(text).is_dir()]
    wanted = 2 if verb == "explain" else 1
    if len(plain) != wanted:
        raise UserError(f"write python -m sim {verb} FOLDER{' RUN' if verb == 'explain' else ''}; {len(plain)} names were given")
    of_a_run = verb == "check" and is_run_folder(Path(plain[0]))
    folder = Path(plain[0]) if of_a_run else study_folder(plain[0])
    allowed = _ALLOWED.get(verb, ())
    words = [word_of(text, _OPTIONS, PATHS_OF_STUDIES) for text in typed if text not in plain]
    _each_once(words, f"{verb} takes one")
    for word in words:
        if word.key.split(".", 1)[0] not in allowed:
            raise UserError(f"{verb} takes no {word.key}=; {nearest(word.key, allowed) if allowed else 'it takes the folder only'}")
    given = {word.key: word.value for word in words}
    trust, anyway = (yes_or_no(key, given.get(key, False)) for key in ("trust", "anyway"))
    if of_a_run:
        return _check_run(folder)
    if verb != "check":
        for fault in manifest_faults(folder):
            warn(f"note: {fault}")
    if verb in ("check", "explain", "collect") and (older := note(folder, read_manifest(folder))) is not None:
        warn(f"note: {older}")
    if verb == "status":
        say(status(folder, as_json=yes_or_no("json", given.get("json", False))))
        return DONE
    if verb == "check":
        found = checked_study(folder, trust=trust)
        for fault in found.faults:
            warn(f"fault: {fault}")
        say(found.verdict)
        return SOME_FAILED if found.faults else DONE
    if verb == "explain":
        say(explain(folder, plain[1]))
        return DONE
    if verb == "collect":
        return told(folder, collect(folder, partial=yes_or_no("partial", given.get("partial", False))))
    if given.get("failed", "retry") not in ("retry", "skip"):
        raise UserError(f"failed cannot be {given['failed']!r}; valid are retry, skip")
    manifest = read_manifest(folder)
    refuse_to_add(folder, manifest)
    by_hand = is_planned(manifest) and "cluster" not in given
    if by_hand and (verb == "resume" or any(word.key.startswith("cluster.") for word in words)):
        raise UserError(
            f"{folder} was planned for a scheduler of your own: python -m sim plan {quoted(folder)} plans what is missing, "
            f"python -m sim {verb} {quoted(folder)} cluster=local does it here"
        )
    if "run_timeout" in given:
        manage.set_run_timeout(folder, given["run_timeout"])
    cluster = None if by_hand else cluster_again(slurm_of(manifest) or manifest["cluster"], words, cluster_of)
    if verb == "grow":
        for key in ("size", "replicates"):
            if key in given and (isinstance(given[key], bool) or not isinstance(given[key], int)):
                raise UserError(f"{key} must be a whole number, not {given[key]!r}")
        sizes = {"size": given.get("size"), "replicates": given.get("replicates")}
        added = trusted(lambda word: manage.grow(folder, **sizes, cluster=cluster, trust=word, anyway=anyway), trust=trust)
        warn(f"note: {added:,} runs added")
    if cluster is None:
        say(f"nothing was started; python -m sim plan {quoted(folder)} plans what is missing")
        say(f"study: {folder}")
        return DONE
    retry = given.get("failed", "retry") == "retry"
    return trusted(lambda word: _carry_on(folder, cluster, retry_failed=retry, trust=word, anyway=anyway), trust=trust)


def yes_or_no(key: str, value: Any) -> bool:
    """Return a value that must be true or false."""
    if not isinstance(value, bool):
        raise UserError(f"{key} must be true or false, not {value!r}")
    return value


def trusted(do: Callable[[bool], T], *, trust: bool) -> T:
    """Do something with a study; where it would run code of somebody else's study, ask a person at a terminal for their word."""
    from sim.study.foreign import Foreign

    try:
        return do(trust)
    except Foreign as fault:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        warn(f"note: {fault}")
        warn("Run it? Type yes:")
        if sys.stdin.readline().strip().lower() not in ("yes", "y"):
            raise
    return do(True)


def _check_run(folder: Path) -> int:
    """Check a run folder: its manifest, the copy, and every byte of its tables."""
    faults = folder_faults(folder)
    for fault in faults:
        warn(f"fault: {fault}")
    by = writer(newest(read_signed(folder)[0]))
    say(f"{len(faults)} faults" if faults else f"sound: {folder} is as it was written{'' if by is None else f' by {by}'}")
    return SOME_FAILED if faults else DONE


def quoted(folder: Path) -> str:
    """Write a folder as a shell takes it."""
    return shlex.quote(str(folder))


def cluster_again(before: dict[str, Any], words: Sequence[Word], check: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Return the cluster of a study that goes on: the one it had, unless another is named."""
    given = {word.key.partition(".")[2]: word.value for word in words if word.key.startswith("cluster")}
    kind = given.pop("", before.get("kind", "local"))
    return check({**(before if before.get("kind") == kind else {}), **given, "kind": kind})


def _carry_on(folder: Path, cluster: dict[str, Any], *, retry_failed: bool, trust: bool = False, anyway: bool = False) -> int:
    """Do what is missing, here or on a cluster, and say where it is."""
    from sim.doors.progress import study_progress
    from sim.study import asked, manage, pools, slurm

    again = f"python -m sim resume {quoted(folder)} does the rest"

    def locally(place: Path, which: Any) -> int:
        with study_progress(which.n_runs) as heard:
            return pools.carry_out(place, which, workers=cluster["workers"], heard=heard)

    def on_slurm(place: Path, which: Any) -> None:
        try:
            jobs = slurm.submit(place, which, cluster)
        except UserError:
            warn(f"note: the study is made; python -m sim resume {quoted(place)} submits it again, with cluster=local it runs here")
            raise
        say(f"submitted {which.n_runs:,} runs in {which.n_chunks:,} shards as SLURM jobs {', '.join(jobs)}")
        say(f"python -m sim status {quoted(place)} tells how far they are; python -m sim collect {quoted(place)} makes the table")

    try:
        engine = on_slurm if cluster["kind"] == "slurm" else locally
        workers = (cluster["elements"] or ELEMENTS) * cluster["cpus"] if cluster["kind"] == "slurm" else cluster["workers"]
        with asked.listening():
            done = manage.resume(folder, engine, retry_failed=retry_failed, workers=workers, cluster=cluster, trust=trust, anyway=anyway)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"what was done is kept; {again}") from None
    except asked.Ended:
        warn(f"ended by a signal: what was done is kept; {again}")
        return ENDED
    except OSError as fault:
        warn(f"note: what was done is kept; {again}")
        raise fault
    if done is None:
        say(f"study: {folder}")
        return DONE
    return told(folder, done)


def told(folder: Path, manifest: dict[str, Any]) -> int:
    """Say how a study ended, and return the exit code."""
    failed = manifest["failed"]
    missing = manifest.get("missing", 0)
    left = f", {missing:,} missing" if missing else ""
    say(
        f"{manifest['runs'] - failed - missing:,} runs done, {failed:,} failed{left}; {folder}/scalars.parquet, digest {manifest['digest']}"
    )
    if missing:
        warn(f"note: the table is partial; python -m sim resume {quoted(folder)} does what is missing")
    if failed:
        warn(f"note: {failed:,} runs failed; {folder}/failed.parquet says why")
    say(f"study: {folder}")
    return SOME_FAILED if failed else DONE
