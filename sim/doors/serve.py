"""What happens behind ``python -m sim``: options first, then words, then one run or several."""

from __future__ import annotations

import importlib.util
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sim
from sim.doors.say import refuse, say, warn
from sim.types import UserError, nearest

DONE, OUR_FAULT, USER_FAULT, SOME_FAILED, INTERRUPTED = 0, 1, 2, 3, 130
OPTIONS = ("-h", "--help", "-m", "--multirun", "--version")


def serve(typed: Sequence[str]) -> int:
    """Do what was typed and return the exit code.

    Raises
    ------
    UserError
        If what was typed cannot be done.
    """
    check_names()
    from sim.doors.hydra_words import asks_for_config

    show, typed = asks_for_config(typed)
    options = [text for text in typed if text.startswith("-")]
    words = [text for text in typed if not text.startswith("-")]
    for option in options:
        if option not in OPTIONS:
            raise UserError(f"there is no option {option}; {nearest(option, OPTIONS)}")
    if "--version" in options:
        say(f"cloud-diplomacy {sim.__version__}")
        return DONE
    if not (typed or show) or {"-h", "--help"} & set(options) or words[:1] == ["help"]:
        # Whatever stands beside it, a call for help runs nothing.
        from sim.doors.helptext import help_text
        from sim.doors.overrides import load_named_parts, word_of
        from sim.doors.verbs import HELP, about

        asked = [word for word in words if word != "help"]
        verb = next((word for word in asked[:1] if word in HELP), None)
        if verb is not None:
            say(about(verb))
            return DONE
        load_named_parts([word_of(word) for word in asked if word.startswith("parts=")])
        say(help_text([word for word in asked if not word.startswith("parts=")]))
        return DONE
    from sim.doors.again import VERBS as AGAIN
    from sim.doors.again import serve_again
    from sim.doors.studies import is_study, serve_study, show_study
    from sim.doors.why_these import VERB as WHY
    from sim.doors.why_these import serve_why

    if words and words[0] in AGAIN:
        return serve_again(words)
    if words[:1] == [WHY]:
        return serve_why(words)
    if is_study(words):
        if options:
            raise UserError(f"{options[0]} is for runs; a study has its own scenarios, protocols and seeds")
        if show:
            return show_study(words)
        return serve_study(words)
    from sim.doors.overrides import read

    many = bool({"-m", "--multirun"} & set(options))
    texts, jobs = read(words, many=many)
    # Hydra is loaded after the cheap checks, so that a misspelt word is answered at once.
    from sim.doors.compose import composed, each

    trees = [composed(job) for job in jobs]
    checked = [_check(tree) for tree in trees]
    if show:
        say("\n---\n".join(_as_yaml(config, chosen) for config, chosen in checked))
        return DONE
    if not many:
        _run(trees[0], *checked[0])
        return DONE
    failed: list[str] = []
    done: list[int] = []

    def task(tree: dict[str, Any]) -> None:
        note = f"{len(done) + len(failed) + 1} of {len(jobs)}: "
        if not _survived(tree, note):
            failed.append(note)
        else:
            done.append(1)

    each(texts, jobs, task)
    if failed:
        warn(f"{len(failed)} of {len(jobs)} jobs failed")
    return SOME_FAILED if failed else DONE


def check_names() -> None:
    """Refuse to run with another project's packages: the names sim, configs and scenarios are common words.

    Raises
    ------
    UserError
        If one of them is found in another place than beside this file's package.
    """
    root = Path(__file__).resolve().parents[2]
    for name in ("sim", "configs", "scenarios"):
        found = importlib.util.find_spec(name)
        origin = None if found is None or found.origin is None else Path(found.origin).resolve()
        if origin != root / name / "__init__.py":
            raise UserError(
                f"the package {name!r} was found at {origin or 'no place'}, which is not Cloud Diplomacy's; "
                "run it in its own virtual environment and from a folder without packages of that name"
            )


def _as_yaml(config: Any, chosen: Any) -> str:
    """Write the configuration of a run, defaults filled in, as YAML that a study's ``set`` takes."""
    import dataclasses

    import yaml

    settings = {key: str(value) if isinstance(value, Path) else value for key, value in dataclasses.asdict(chosen).items()}
    tree = {("scenarios" if key == "scenario" else key): value for key, value in config.tree.items()}
    return str(yaml.safe_dump({**tree, **settings}, sort_keys=False, allow_unicode=True)).strip()


def _check(tree: dict[str, Any]) -> tuple[Any, Any]:
    from sim.run import prepare

    return prepare(tree)


def _run(tree: dict[str, Any], config: Any, chosen: Any, note: str = "", *, quiet: bool = False) -> None:
    from sim.doors.progress import progress
    from sim.run import run

    rest = {key: value for key, value in tree.items() if key not in ("scenarios", "outputs")}
    with progress(config, chosen, note) as heard:
        result = run(config.source, outputs=chosen.outputs, heard=heard, **rest)
    if not quiet:
        from sim.doors.summary import summary

        say(summary(result, chosen))
    # As outputs was typed; the result itself knows the whole path.
    say(f"run: {None if result.folder is None else chosen.outputs / result.folder.name}")


def _survived(tree: dict[str, Any], note: str) -> bool:
    """Run one of several jobs; one that fails does not stop the others."""
    try:
        _run(tree, *_check(tree), note, quiet=True)
    except UserError as fault:
        refuse(UserError(f"job {note}{fault}"))
    except Exception:
        warn(f"job {note}failed by a fault of ours:\n{traceback.format_exc()}")
    else:
        return True
    return False
