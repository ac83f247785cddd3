"""What was typed, word by word: every fault is found here or in :mod:`sim.params`, before Hydra could answer in its own words.

A word is ``key=value``. Hydra's grammar reads the value; the keys are those of :mod:`sim.params` and of the parts on the shelves. With
``-m`` a value may be several (``seed=1,2`` or ``seed=range(1,5)``), and each combination is one job.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sim.dated import kinds_of
from sim.doors.grammar import check_signs, parsed
from sim.doors.shock_words import check_shock_word, is_shock_word, travelling
from sim.older import turning
from sim.older.names import near
from sim.params import DEFAULTS, SETTINGS, folder_of
from sim.registry import shelf
from sim.scenario import load_scenario, of
from sim.scenario_file import is_file, is_read
from sim.types import UserError, nearest

PATHS = ("outputs", "parts", "data.folder", "moves")
MOST_JOBS, MOST_NAMED = 500, 4
EXAMPLES = {
    "negotiated": "[transfer_framework]",
    "shocks": "[{kind:travel_closure}]",
    "background": "[{kind:sanctions}]",
    "coalitions": "[{name:ISLES,members:[FJI,TUV]}]",
    "events": "[{kind:mark,month:2020-07,note:X,source:Y}]",
    "start_state": "[{remove:'Privacy Shield',source:Y}]",
    "roster.states": "[IDN,SGP]",
}
_KEY = re.compile(r"[A-Za-z_]\w*(\.\w+)*")
_CAST = re.compile(r"\b(int|float|str|bool)\s*\(")
"""Hydra's functions that change what a value is; with ``-m`` it would read their result once more."""
ROOMS = {"agreements": "agreement", "mechanisms": "mechanism", "rivals": "rival"}


@dataclass(frozen=True)
class Job:
    """One run asked for: its scenario, its protocol (None where the scenario's own stands) and its words as Hydra takes them.

    ``source`` is what the scenario is read from (:func:`sim.scenario.of`); ``scenario`` is the name under which Hydra knows it.
    """

    scenario: str
    protocol: str | None
    words: tuple[str, ...]
    source: Any = None


@dataclass(frozen=True)
class Word:
    """One ``key=value``: its text as Hydra takes it, and its value (a list of texts where several were given).

    ``files`` holds the scenarios' own files that it names, read, by the alias that stands in ``text``.
    """

    key: str
    text: str
    value: Any
    several: tuple[str, ...] | None = None
    files: Mapping[str, Any] = field(default_factory=dict)


def read(typed: Sequence[str], *, many: bool = False) -> tuple[list[str], list[Job]]:
    """Read what was typed.

    Parameters
    ----------
    typed : sequence of str
        Words ``key=value``.
    many : bool
        Whether a value may be several, as with ``-m``.

    Returns
    -------
    words : list of str
        The words in a form that Hydra's grammar takes.
    jobs : list of Job
        The runs asked for, checked key by key: one, or with ``many`` each combination.

    Raises
    ------
    UserError
        If a word cannot be read, names no setting, is given twice, or holds several values without ``-m``.
    """
    typed = [turning.word(text) for text in typed]
    keys = [_split(text)[0] for text in typed]
    for key in keys:
        if keys.count(key) > 1:
            raise UserError(f"{key} is given {keys.count(key)} times; give it once")
    words = [word_of(text) for text in typed]
    load_named_parts(words)
    words = [_with_files(word) if word.key == "scenarios" else word for word in words]
    for word, text in zip(words, typed, strict=True):
        if word.several is not None and not many:
            raise UserError(f"{text} gives several values; add -m to run each of them, or write a list as {word.key}=[...]")
    jobs = [_job(job) for job in _combinations(words)]
    given = {word.key: word.value for word in words}
    shared = kinds_of(given.get("background"), *(load_scenario(job.source).get("background") for job in jobs))
    shocks = [key for key in given if key == "shocks" or (is_shock_word(key) and key.split(".")[1] not in shared)]
    shocks += ["events"] if kinds_of(given.get("events")) else []
    if shocks and given.get("counterfactual") is True:
        raise UserError(f"{shocks[0]} changes nothing with counterfactual=true, which is the world without shocks; leave one of them out")
    return [word.text for word in words], jobs


def settable(protocol: str) -> dict[str, Any]:
    """Return the tree of all keys that can be set under a protocol: a mapping is a branch, None a leaf."""
    tree: dict[str, Any] = {}
    for key, value in {**DEFAULTS, **SETTINGS}.items():
        tree[key] = _branch(value)
    tree["protocol"] = _parameters("protocol", protocol)
    for room, kind in ROOMS.items():
        tree[room] = {name: _parameters(kind, name) for name in shelf(kind).names()}
    return tree


def scenario_protocol(scenario: Any) -> str:
    """Return the name of the protocol that a scenario chooses."""
    chosen = load_scenario(scenario).get("protocol", DEFAULTS["protocol"])
    return str(chosen["name"] if isinstance(chosen, dict) else chosen)


def _split(text: str) -> tuple[str, str]:
    check_signs(text)
    if text[:1] in ("+", "~"):
        key = text.lstrip("+~").split("=", 1)[0]
        raise UserError(f"{text}: settings are changed, never added (+) or removed (~); {_instead(key)}")
    key, sign, value = text.partition("=")
    if not sign:
        raise UserError(_no_command(text))
    if not _KEY.fullmatch(key):
        raise UserError(f"cannot read {text!r}: settings are written name=value, for example seed=7")
    if not value.strip():
        raise UserError(f"{key}= has no value; write {key}=VALUE, or leave it out")
    if "${" in value:
        raise UserError(f"{text}: a value cannot refer to another setting; write the value itself")
    return key, value


def _instead(key: str) -> str:
    if key in _leaves():
        return f"write {key}=VALUE"
    return f"there is no setting {key!r}, {_nearest_key(key)}"


def _no_command(text: str) -> str:
    from sim.doors.again import VERBS as AGAIN
    from sim.doors.studies import VERBS
    from sim.scenario import scenario_names

    for key, names in (("scenarios", scenario_names()), ("protocol", tuple(shelf("protocol").names()))):
        if text in names:
            return f"there is no command {text!r}; did you mean {key}={text}?"
    if text in _leaves():
        return f"{text} has no value; write {text}=VALUE"
    able = [*VERBS, *AGAIN, "help", *(f"{key}=..." for key in (*DEFAULTS, *SETTINGS))]
    return f"there is no command {text!r}; {near('command', text, able)}"


def word_of(text: str, roots: Sequence[str] = (), paths: Sequence[str] = PATHS) -> Word:
    """Read one ``key=value`` with Hydra's grammar; ``roots`` are further keys that are known."""
    from hydra.core.override_parser.types import Quote, QuotedString, ValueType

    key, value = _split(text)
    if key.split(".", 1)[0] not in (*DEFAULTS, *SETTINGS, *roots):
        raise UserError(f"there is no setting {key!r}; {_nearest_key(key)}")
    of_file = key == "scenarios" and is_file(value) and "," not in value
    if (key in paths or of_file) and value != "null" and value[0] not in "'\"":
        # A path may hold any sign; without quotes the grammar would trip over brackets, commas and accents.
        text = f"{key}={QuotedString(value, Quote.single).with_quotes()}"
    elif _CAST.search(value) and value.lstrip()[0] not in "'\"":
        raise UserError(f"{text}: write the value itself, in quotes if it is a word, and no int(...), float(...), str(...) or bool(...)")
    found = parsed(key, text)
    several: tuple[str, ...] | None = None
    if found.value_type in (ValueType.SIMPLE_CHOICE_SWEEP, ValueType.CHOICE_SWEEP, ValueType.RANGE_SWEEP):
        if getattr(found._value, "shuffle", False):
            raise UserError(f"{text}: the order of jobs is not left to chance; leave out shuffle")
        several = _several(key, text, found)
    elif found.value_type is not ValueType.ELEMENT:
        raise UserError(f"{text}: write several values as {key}=a,b or {key}=range(1,4)")
    if is_shock_word(key):
        text = travelling(text)
    return Word(key, text, None if several is not None else found.value(), several)


def _several(key: str, text: str, found: Any) -> tuple[str, ...]:
    try:
        several = tuple(itertools.islice(found.sweep_string_iterator(), MOST_JOBS + 1))
    except Exception:  # a range without a step, a sort of words and numbers: Hydra has no one kind of fault for these
        raise UserError(f"{text}: write several values as {key}=a,b or {key}=range(1,4)") from None
    if not several:
        raise UserError(f"{text} holds no value")
    for one in several:
        if several.count(one) > 1:
            raise UserError(f"{text} names {one} {several.count(one)} times; name it once")
    return several


def load_named_parts(words: Sequence[Word]) -> None:
    """Load a user's shelf before anything is looked up, so that its parts can be named."""
    from sim.doors.say import warn
    from sim.single import load_parts

    for word in words:
        if word.key == "parts" and isinstance(word.value, str):
            folder = folder_of("parts", word.value)
            if folder.is_dir():
                warn(f"note: parts={word.value} runs the Python code in that folder")
            load_parts(folder)


def alias_of(scenario: Any) -> str:
    """Return the name under which Hydra knows a scenario: its own, or one that tells files apart by place and content."""
    if isinstance(scenario, str):
        return scenario
    return "file_" + hashlib.blake2b(f"{scenario['file']}\0{scenario['text']}".encode(), digest_size=16).hexdigest()


def _with_files(word: Word) -> Word:
    """Return a word for scenarios with the files that it names read, once; Hydra is given their aliases."""
    said = [word.value] if word.several is None else [word_of(f"{word.key}={text}").value for text in word.several]
    if not any(is_file(one) for one in said):
        return word
    files = {alias_of(known): known for known in (of(one) if is_file(one) else one for one in said)}
    if len(files) < len(said):
        raise UserError(f"{word.text} names a file twice; name it once")
    several = None if word.several is None else tuple(files)
    return Word(word.key, f"{word.key}={','.join(files)}", next(iter(files.values())) if several is None else None, several, files)


def _chosen(word: Word, text: str) -> Word:
    return Word(word.key, f"{word.key}={text}", word.files[text]) if text in word.files else word_of(f"{word.key}={text}")


def _combinations(words: Sequence[Word]) -> Iterator[list[Word]]:
    count = 1
    for word in words:
        count *= 1 if word.several is None else len(word.several)
    if count > MOST_JOBS:
        raise UserError(f"-m is for at most {MOST_JOBS} jobs; for many seeds write seeds=n, which runs them in one folder")
    choices = [[word] if word.several is None else [_chosen(word, text) for text in word.several] for word in words]
    for combination in itertools.product(*choices):
        yield list(combination)


def _job(words: Sequence[Word]) -> Job:
    given = {word.key: word.value for word in words}
    scenario = given.get("scenarios", DEFAULTS["scenarios"])
    load_scenario(scenario)
    protocol = given.get("protocol")
    if "protocol" in given and not isinstance(protocol, str):
        raise UserError(f"protocol must be the name of one, not {protocol!r}; {nearest('', shelf('protocol').names())}")
    if protocol is not None:
        shelf("protocol").get(protocol)
    name = protocol if protocol is not None else scenario_protocol(scenario)
    keys = settable(name)
    for word in words:
        if is_shock_word(word.key):
            months: dict[str, Any] = {key: given[key] for key in ("start", "end") if key in given}
            check_shock_word(word.key, scenario, given.get("shocks"), given.get("events"), months)
            continue
        _check_key(word, keys, name)
        if not is_read(word.value):
            check_shape(word, {**DEFAULTS, **SETTINGS})
    return Job(alias_of(scenario), protocol, tuple(word.text for word in words), scenario)


def check_shape(word: Word, defaults: Mapping[str, Any]) -> None:
    """Refuse a single value or named values where a list is expected, and the other way round, before Hydra lays one over the other.

    Raises
    ------
    UserError
        If the value is of another shape than the default under the same key.
    """
    here: Any = defaults
    for step in word.key.split("."):
        here = here.get(step) if isinstance(here, Mapping) else None
    if isinstance(here, list) and not isinstance(word.value, list):
        like = EXAMPLES.get(word.key, "[...]")
        raise UserError(f"{word.key} must be a list such as {like}, not {word.value!r}")
    if isinstance(here, Mapping) and word.key != "protocol" and not isinstance(word.value, Mapping):
        raise UserError(f"{word.key} must hold named values such as {next(iter(here), 'NAME')}, not {word.value!r}")
    if not isinstance(here, (list, Mapping)) and isinstance(word.value, (list, dict)):
        raise UserError(f"{word.key} must be a single value, not {word.value!r}")


def _check_key(word: Word, keys: dict[str, Any], protocol: str) -> None:
    steps, here = word.key.split("."), keys
    for depth, step in enumerate(steps):
        above = ".".join(steps[:depth])
        if step not in here:
            if above == "protocol":
                raise UserError(f"protocol {protocol} has no {step!r}; {_other_protocol(step, here)}")
            raise UserError(f"{above} has no {step!r}; {nearest(step, here)}" if here else f"{above} has nothing to set, so no {step!r}")
        branch = here[step]
        if branch is None:
            if depth + 1 < len(steps):
                raise UserError(f"{'.'.join(steps[: depth + 1])} is a single value, so there is no {word.key!r}")
            return
        here = branch
    if word.key != "protocol":
        example = next(iter(_leaves_of(here, f"{word.key}.")), f"{word.key}.NAME")
        raise UserError(f"{word.key} holds several settings; set one of them, for example {example}=VALUE")


def _other_protocol(step: str, here: dict[str, Any]) -> str:
    if step == "name":
        return "choose one as protocol=NAME"
    others = [name for name in shelf("protocol").names() if step in _parameters("protocol", name)]
    if others:
        return f"protocol={others[0]} has it"
    return nearest(step, here) if here else "it has nothing to set"


def _nearest_key(key: str) -> str:
    """Name the key nearest to one that does not exist; the same last word in other places counts as nearest, of which a few are named."""
    same = [repr(leaf) for leaf in _leaves() if leaf.endswith(f".{key}")][:MOST_NAMED]
    if same:
        return f"did you mean {' or '.join(filter(None, (', '.join(same[:-1]), same[-1])))}?"
    return nearest(key.split(".", 1)[0], [*DEFAULTS, *SETTINGS])


def _leaves() -> list[str]:
    tree = settable(DEFAULTS["protocol"]["name"])
    for name in shelf("protocol").names():
        tree["protocol"] = {**tree["protocol"], **_parameters("protocol", name)}
    shocks = [f"shocks.{kind}.{name}" for kind in shelf("shock").names() for name in _parameters("shock", kind)]
    return ["protocol", *_leaves_of(tree, ""), *shocks]


def _leaves_of(tree: dict[str, Any], path: str) -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves_of(value, f"{path}{key}.")
        else:
            yield f"{path}{key}"


def _branch(value: Any) -> Any:
    return {key: _branch(one) for key, one in value.items()} if isinstance(value, dict) else None


def _parameters(kind: str, name: str) -> dict[str, None]:
    return {one.name: None for one in fields(shelf(kind).get(name))}
