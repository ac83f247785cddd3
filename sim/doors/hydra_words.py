"""What a person who knows Hydra types: each of its words is done here, or answered with the word of ours that does the same.

``--cfg job`` prints the configuration that would be run and runs nothing, as there.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.types import UserError

_STUDY = "a cluster takes studies: python -m sim study=NAME cluster=slurm (docs/hpc.md)"
_PLACE = "results lie in a folder of their own under outputs=FOLDER, and nothing changes the working folder"
_ONE_CONFIG = "there is one configuration; scenarios=NAME chooses the story, settings are typed as NAME=VALUE, parts=FOLDER adds parts"
_NO_COMPLETION = "there is no completion for shells; python -m sim --help tells every name, and a wrong one is answered with the nearest"
_OPTIONS = {
    "--hydra-help": "python -m sim --help tells all settings",
    "--shell-completion": _NO_COMPLETION,
    "-sc": _NO_COMPLETION,
    "--info": "python -m sim --help tells what can be set, --version the version, and every manifest.json what a run was made with",
    "-i": "python -m sim --help tells what can be set, --version the version, and every manifest.json what a run was made with",
    "--config-path": _ONE_CONFIG,
    "-cp": _ONE_CONFIG,
    "--config-name": _ONE_CONFIG,
    "-cn": _ONE_CONFIG,
    "--config-dir": _ONE_CONFIG,
    "-cd": _ONE_CONFIG,
    "--experimental-rerun": "every run folder's manifest.json names the command that repeats it",
    "--package": "--cfg job prints the whole configuration",
    "-p": "--cfg job prints the whole configuration",
    "--run": "a run needs no option: python -m sim scenarios=NAME seed=7",
    "-r": "a run needs no option: python -m sim scenarios=NAME seed=7",
}
_GROUPS = {
    "hydra/launcher": _STUDY,
    "hydra.launcher": _STUDY,
    "hydra/sweeper": "a sampler is part of a study: python -m sim study=NAME study.sampler.kind=sobol",
    "hydra.sweeper": "a sampler is part of a study: python -m sim study=NAME study.sampler.kind=sobol",
    "hydra/job_logging": "what is told goes to stdout, all else to stderr; there is no log to set",
    "hydra/hydra_logging": "what is told goes to stdout, all else to stderr; there is no log to set",
    "hydra/output": _PLACE,
    "hydra/env": "the environment is the one that python -m sim is started in",
    "hydra/callbacks": "whoever wants to hear of months calls sim.run.run(heard=...) from Python",
    "hydra.run": _PLACE,
    "hydra.sweep": _PLACE,
    "hydra.job": _PLACE,
    "hydra.output_subdir": _PLACE,
    "hydra.mode": "-m runs every combination",
    "hydra.verbose": "there is no log to set",
    "hydra.searchpath": "own parts come with parts=FOLDER, an own study with study=FILE.yaml",
}
_ADDED = {
    "experiment": "an experiment is a study: study=NAME of configs/study/, or study=FILE.yaml of your own",
    "launcher": _STUDY,
    "sweep": "a sweep is a study (study=FILE.yaml), or -m with SETTING=A,B for a few runs",
}
RESOLVE = "--resolve"


def asks_for_config(typed: Sequence[str]) -> tuple[bool, list[str]]:
    """Say whether ``--cfg job`` is among the words, and return the others; every other word of Hydra is answered.

    Raises
    ------
    UserError
        If a word of Hydra has no meaning here: the sentence that names ours.
    """
    rest: list[str] = []
    wanted: list[str] = []
    words = list(typed)
    while words:
        word = words.pop(0)
        name, sign, value = word.partition("=")
        if name in ("--cfg", "-c"):
            wanted.append(value if sign else words.pop(0) if words and "=" not in words[0] else "")
        elif name in _OPTIONS:
            raise UserError(f"{name} is Hydra's; {_OPTIONS[name]}")
        elif name != RESOLVE:
            _refuse(word, name.lstrip("+~"))
            rest.append(word)
    if any(one != "job" for one in wanted):
        bad = next(one for one in wanted if one != "job")
        raise UserError(f"--cfg {bad}".rstrip() + ": valid is --cfg job, which prints the configuration that would be run")
    if RESOLVE in typed and not wanted:
        raise UserError(f"{RESOLVE} belongs to --cfg job; values here never refer to one another")
    return bool(wanted), rest


def _refuse(word: str, key: str) -> None:
    """Answer a setting of Hydra's own, or a group that its users often add."""
    for group, ours in _GROUPS.items():
        if key == group or key.startswith((f"{group}.", f"{group}@", f"{group}/")):
            raise UserError(f"{word}: {ours}")
    if key == "hydra" or key.startswith(("hydra.", "hydra/")):
        raise UserError(f"{word}: settings of Hydra itself are not used; python -m sim --help tells those of a run and of a study")
    if word[:1] in ("+", "~") or key == "experiment":
        group = key.split(".", 1)[0].split("/", 1)[0]
        if group in _ADDED:
            raise UserError(f"{word}: {_ADDED[group]}")
