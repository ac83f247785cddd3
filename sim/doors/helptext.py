"""The help: what can be typed, every choice with its sentence, the order of the month, settings, exit codes; or a part's parameters."""

from __future__ import annotations

import dataclasses
import shutil
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

from sim.consequences import told
from sim.data.layers import FORMS
from sim.data.layers import NAMES as LAYERS
from sim.doors.overrides import ROOMS
from sim.doors.shock_words import with_shock
from sim.doors.state_words import about_state, added_state, lines_of, state_names, tables_of_parts
from sim.engine import order_of_the_month
from sim.ledger.words import vocabulary
from sim.params import DEFAULTS, FIRST_MONTH, LAST_MONTH, MAX_SEED, MAX_STATES, SETTINGS, TIERS
from sim.registry import AGENTS, KINDS, current, shelf
from sim.scenario import load_scenario, scenario_names
from sim.study.plan import DEFAULTS as PLAN
from sim.study.ready import ready, study_names
from sim.study.samplers import KINDS as KINDS_OF_SAMPLER
from sim.types import UserError, month_label, nearest

USAGE = """\
Cloud Diplomacy: an agent-based laboratory of how states bargain over data, clouds and cables.

usage
  python -m sim scenarios=NAME seed=NUMBER [setting=value ...]      one run; the last line says where it is: run: FOLDER
  python -m sim scenarios=NAME seed=7 seeds=20                      seeds 7 to 26 in one folder, on all cores
  python -m sim -m protocol=nash,alternating_offers seed=1,2        every combination, a folder each (for a few)
  python -m sim study=NAME [study.KEY=value ...] [cluster=slurm]    a study of many runs; the last line says where: study: FOLDER
  python -m sim status|resume|grow|collect|check FOLDER             how far it is; do what is missing; ask more; its table; is it sound
  python -m sim plan STUDY                                          its commands and scripts for PBS, LSF and GNU parallel; nothing is run
  python -m sim explain FOLDER RUN                                  the command that repeats one run of a study
  python -m sim why FOLDER ONE OTHER [month=YYYY-MM]                what barred or drew two parties of a finished run, term by term
  python -m sim --cfg job [what a run or a study takes]             the configuration that would be run; nothing is run
  python -m sim rerun FOLDER|BUNDLE.zip                             run a finished run again and compare; exit code 3 where digests differ
  python -m sim bundle FOLDER                                       one file of a run, its tables and its parts, for another person
  python -m sim --help PART                                         a part's parameters, for example --help mechanisms.contacts
  python -m sim VERB --help                                         what a verb takes; --help runs nothing, whatever stands beside it
  python -m sim --version"""

EXIT = (
    ("0", "done"),
    ("1", "a fault of ours: please report it with the lines shown"),
    ("2", "what was typed cannot be done; one sentence says why"),
    ("3", "done, but some jobs of -m or runs of a study failed, or check found a fault"),
    ("143", "a study was ended by SIGTERM or SIGUSR1 (a time limit, a preemption): what was done is written, and it can be resumed"),
    ("130", "interrupted; a run folder without manifest.json is not a result, a study can be resumed"),
)
STATE = "arrays and axes that your parts add"
SHELVES = {"protocol": "protocol", **ROOMS, "metrics": "metric", "shocks": "shock"}


def help_text(asked: Sequence[str]) -> str:
    """Return the help, or that of the parts asked for.

    Raises
    ------
    UserError
        If there is no such part.
    """
    if asked:
        return "\n\n".join(_about(word) for word in asked)
    scenarios, broken = _scenarios()
    blocks = [
        USAGE,
        _block("scenarios  (scenarios=NAME)", scenarios),
        _block("protocols  (protocol=NAME, protocol.PARAMETER=value)", _sentences("protocol")),
        _block("agreement types  (agreements.NAME.PARAMETER=value)", _sentences("agreement")),
        _block("what agreements do", [(name, said[1]) for name, said in _consequences().items()]),
        _block("mechanisms  (mechanisms.NAME.PARAMETER=value)", _sentences("mechanism")),
        _block("rivals  (rival=NAME, rivals.NAME.PARAMETER=value)", _sentences("rival")),
        *(
            [_block("shocks  (shocks.NAME.PARAMETER=value for those of the scenario)", _sentences("shock"))]
            if shelf("shock").names()
            else []
        ),
        _block("metrics  (columns of the results)", _sentences("metric")),
        *[_block(f"{kind}s that your parts add", rows) for kind, rows in _added_words() if rows],
        *[
            _block(title, rows)
            for title, rows in (
                ("tables that parts declare  (a file each in the run's folder from the tier named)", tables_of_parts()),
                (STATE, added_state()),
            )
            if rows
        ],
        *([_block("agents  (agents=NAME)", _minds())] if shelf(AGENTS).names() else []),
        "the order of the month\n" + "\n".join(_wrapped(f"  {line}", "     ") for line in order_of_the_month()),
        _block("settings  (default; meaning)", _settings()),
        _block(
            "studies  (study=NAME, or study=FILE.yaml of your own)", [(name, str(ready(name).get("title", ""))) for name in study_names()]
        ),
        _block("settings of a study  (default; meaning)", _study_settings()),
        _block("exit codes", EXIT),
    ]
    broken += [(f"{kind} {name}", why) for kind in KINDS for name, why in shelf(kind).broken().items()]
    if broken:
        blocks.append(_block("could not be loaded", broken))
    return "\n\n".join(blocks)


def _added_words() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the words that a user's parts add to a run, by kind, each with its sentence."""
    words, ours = vocabulary(current()).words, vocabulary().names
    return [(kind, [(word.name, word.sentence) for word in words[kind] if word.name not in ours[kind]]) for kind in words]


def _minds() -> list[tuple[str, str]]:
    return [(name, shelf(AGENTS).get(name).part["sentence"]) for name in shelf(AGENTS).names()]


def _scenarios() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the scenarios with their questions, and those that cannot be loaded with the reason."""
    fine, broken = [], []
    for name in scenario_names():
        try:
            fine.append((name, str(load_scenario(name)["question"])))
        except UserError as fault:
            broken.append((f"scenario {name}", str(fault)))
    return fine, broken


def _settings() -> list[tuple[str, str]]:
    roster, data = DEFAULTS["roster"], DEFAULTS["data"]
    span = f"{month_label(FIRST_MONTH)} to {month_label(LAST_MONTH)}"
    return [
        (
            "scenarios=NAME|FILE.yaml",
            f"{DEFAULTS['scenarios']}; the story, months and shocks, or your own file (docs/scenarios.md)",
        ),
        ("seed=NUMBER", f"{SETTINGS['seed']}; whole number, 0 to {MAX_SEED}: the luck of the run; the same seed gives the same run"),
        ("seeds=COUNT", f"{SETTINGS['seeds']}; how many seeds to run from there on, in one folder"),
        ("start=YYYY-MM", f"{DEFAULTS['start']}, or the scenario's; first month, {span}"),
        ("end=YYYY-MM", f"{DEFAULTS['end']}, or the scenario's; last month, which is run too"),
        ("protocol=NAME", f"{DEFAULTS['protocol']['name']}, or the scenario's; how offers are made and met"),
        ("negotiated=[TYPE,...]", f"[{','.join(DEFAULTS['negotiated'])}]; agreement types that states open talks on"),
        ("candidates=COUNT", f"{DEFAULTS['candidates']} partners, 1 to {MAX_STATES}; how many others each state keeps an eye on"),
        ("roster.kind=KIND", f"{roster['kind']}; un (real states) or synthetic (drawn from their joint distribution)"),
        ("roster.n=COUNT", f"{roster['n']} states, 2 to {MAX_STATES}; size of a synthetic roster"),
        ("roster.seed=NUMBER", f"{roster['seed']}; the luck that draws a synthetic roster"),
        ("roster.states=[CODE,...]", "[] (all); only these states, for example [IDN,SGP,JPN]"),
        ("roster.layers.NAME=FORM", f"{FORMS[0]}; {', '.join(FORMS[1:])}: how a layer ({', '.join(LAYERS)}) is taken (docs/model.md)"),
        ("roster.rewire_seed=NUMBER", f"{roster['rewire_seed']}; the luck that rewires layers"),
        ("roster.known_until=YYYY-MM", "null; month after which the tables tell nothing new (docs/data.md)"),
        ("coalitions=[{name:NAME,...}]", "[]; small states that bargain as one, by members:[CODE,...] or below:SHARE (docs/extending.md)"),
        ("data.terms=TERMS", f"{data['terms']}; open leaves out figures whose terms forbid commercial use"),
        (
            "data.pandemic=FORM",
            f"{data['pandemic']} (GDP and digital trade without the dip of 2020 and 2021), or the scenario's; recorded: as they were",
        ),
        ("data.folder=FOLDER", "none; your own tables in place of ours, by file name"),
        ("shocks=[{kind:NAME,...},...]", "the scenario's; overlays laid over the months, for example [{kind:travel_closure,strength:0.5}]"),
        (
            "shocks.KIND.PARAMETER=VALUE",
            "the scenario's; one value of its shocks of a kind, for example shocks.travel_closure.strength=0.5",
        ),
        ("background=[{kind:NAME,...},...]", "the scenario's; shocks that its world and its twin share (docs/scenarios.md)"),
        ("events=[{kind:NAME,...},...]", "the scenario's; dated shocks and marks, each with its months and source (docs/scenarios.md)"),
        ("start_state=[{...},...]", "the scenario's; figures set, instruments added or removed at the start (docs/scenarios.md)"),
        ("rival=NAME", f"{DEFAULTS['rival']}; a null or rival theory that says who signs with whom in place of bargaining (docs/model.md)"),
        ("counterfactual=true", "false; the same world without the scenario's shocks"),
        ("record=TIER", f"{SETTINGS['record']}; {', '.join(TIERS)}: how much is written, each with all before it"),
        ("outputs=FOLDER", f"{SETTINGS['outputs']}; where the run folder is made"),
        ("moves=FILE", "none; a saved game, or the manifest of one: the moves of a played seat (docs/playing.md)"),
        ("parts=FOLDER", "none; your own parts (FOLDER/protocols/x.py, ...); this runs the code in them"),
        ("agents=NAME", "none: the compiled rules decide; or a class in FOLDER/agents of your own parts (docs/mesa.md)"),
    ]


def _study_settings() -> list[tuple[str, str]]:
    sampler = PLAN["sampler"]
    return [
        ("study.scenarios=[NAME|FILE.yaml,...]", "[baseline]; every one is run at every draw"),
        ("SETTING=VALUE", "the study's; any setting of a run but seed, seeds, record and counterfactual, laid over every scenario"),
        ("study.sampler.kind=KIND", f"{sampler['kind']}; {', '.join(KINDS_OF_SAMPLER)}"),
        ("study.sampler.size=COUNT", f"{sampler['size']}; draws; base points of saltelli, trajectories of morris; not for grid"),
        ("study.sampler.seed=NUMBER", f"{sampler['seed']}; the sampler's own luck"),
        ("study.sampler.levels=COUNT", f"{sampler['levels']}; levels of a range in a grid, and of morris"),
        ("study.replicates=COUNT", f"{PLAN['replicates']}; seeds of every draw, the same for all draws, scenarios and twins"),
        ("study.seed=NUMBER", f"{PLAN['seed']}; the first of them"),
        ("study.twin=true", "false; each run also without its scenario's shocks, on the same luck"),
        ("study.record=TIER", f"{PLAN['record']}; scalars or series"),
        ("study.keep.runs=[RUN,...]", "[]; runs that are written as run folders, too, at tier study.keep.record"),
        ("study.chunk=COUNT", "chosen by the size of the world; runs a shard"),
        (
            "study.run_timeout=SECONDS",
            "none; a run that takes longer is ended and recorded as failed; resume takes run_timeout=SECONDS",
        ),
        ("cluster=NAME", "local (cluster.workers: a process for each core) or slurm (configs/cluster/slurm.yaml; docs/hpc.md)"),
        ("status FOLDER json=true", "false; the same as JSON for a program"),
        ("collect FOLDER partial=true", "false; a table of the runs that are there; the manifest says partial and how many are missing"),
        ("resume FOLDER failed=skip", "retry; whether runs that failed are tried again"),
        ("grow FOLDER size=COUNT", "draws in all, for random, sobol and saltelli; replicates=COUNT for every sampler"),
    ]


def _sentences(kind: str) -> list[tuple[str, str]]:
    return [(name, shelf(kind).get(name).sentence) for name in shelf(kind).names()]


def _about(word: str) -> str:
    """Describe one part (named as contacts, mechanisms.contacts or protocol=nash), scenario, study, cluster, or setting."""
    from sim.study.cluster import KINDS as CLUSTERS

    room, _, name = word.replace("=", ".", 1).rpartition(".")
    found = [(kind, name) for key, kind in SHELVES.items() if room in ("", key, kind) and name in shelf(kind).names()]
    if room in ("", "scenarios") and name in scenario_names():
        return _scenario(name)
    if found:
        return "\n\n".join(_part(kind, part) for kind, part in found)
    codes = vocabulary(current()).codes
    said = [_word(kind, name) for kind, names in codes.items() if room in ("", kind, f"{kind}s") and name in names]
    done = _consequences()
    if room in ("", "consequence", "consequences") and name in done:
        title, *sentences = done[name]
        said.append("\n".join([f"consequence {name}: {title}", *(_wrapped(f"  {text}", "  ") for text in sentences)]))
    if said:
        return "\n\n".join(said)
    if room in ("", "state") and (told := about_state(name)) is not None:
        return _wrapped(told, "  ")
    key, _, value = word.partition("=")
    if key == "study" and value:
        return _study(value)
    if key == "cluster" and (value in CLUSTERS or not value):
        return "\n\n".join(_cluster(one) for one in ([value] if value else CLUSTERS))
    rows = [row for row in (*_settings(), *_study_settings()) if key in (row[0].partition("=")[0], row[0].partition("=")[0].split(".")[0])]
    if rows:
        return "\n".join(_rows(rows))
    part = ".".join(key.split(".")[:-1])
    if key.count(".") >= 2 and any(part == f"{room}.{one}" for room, kind in SHELVES.items() for one in shelf(kind).names()):
        return _about(part)
    if key.startswith("protocol."):
        able = [
            one
            for one in shelf("protocol").names()
            if key.partition(".")[2] in [f.name for f in dataclasses.fields(shelf("protocol").get(one))]
        ]
        if able:
            return "\n\n".join(_part("protocol", one) for one in able)
    known = [f"{key}.{part}" for key, kind in SHELVES.items() for part in shelf(kind).names()]
    known += [f"scenarios.{one}" for one in scenario_names()] + [f"state.{one}" for one in state_names()]
    known += [f"consequences.{one}" for one in done]
    if room.removesuffix("s") in codes:
        known = [f"{room}.{one}" for one in codes[room.removesuffix("s")]]
    raise UserError(f"there is no part {word!r} to describe; {nearest(word.replace('=', '.', 1), known)}")


def _word(kind: str, name: str) -> str:
    """Describe an event, reason, occasion, channel or issue in both languages, with what else it declares."""
    words = vocabulary(current())
    word = words.word(kind, name)
    lines = [f"{kind} {name}: {word.title} ({word.title_id})"]
    lines += [_wrapped(f"  {text}", "  ") for text in (word.sentence, word.sentence_id)]
    if kind == "event":
        columns = words.event(words.code(kind, name)).columns
        lines.append(_wrapped(f"  columns of the ledger: {', '.join(columns) or 'its month alone'}", "      "))
    types = [one for one in shelf("agreement").names() if kind == "issue" and name in shelf("agreement").get(one).issues]
    return "\n".join([*lines, *([f"  settled by: {', '.join(types)}"] if types else [])])


def _study(name: str) -> str:
    """Describe a study: its title, scenarios, what is set, its factors and its sampler."""
    from sim.study.ready import document_of, is_file

    if not is_file(name) and name not in study_names():
        raise UserError(f"there is no study {name!r}; {nearest(name, study_names())}")
    tree = document_of(name).tree
    rows = [(key, _value(value)) for key, value in tree.items() if not isinstance(value, dict)]
    inside = [
        (f"{key}.{one}" if key != "factors" else f"factor {one}", _value(item))
        for key, value in tree.items()
        if isinstance(value, dict)
        for one, item in value.items()
    ]
    return _block(f"study {name}", [*rows, *inside])


def _cluster(kind: str) -> str:
    """Show the file of a kind of cluster, which says what each key means."""
    text = resources.files("configs").joinpath("cluster", f"{kind}.yaml").read_text(encoding="utf-8")
    return f"cluster={kind}\n" + "\n".join(f"  {line}" for line in text.splitlines())


def _scenario(name: str) -> str:
    tree = load_scenario(name)
    question, story = (_wrapped(f"  {tree.get(key, '')}", "  ") for key in ("question", "story"))
    lines = [f"scenario {name}: {tree.get('title', name)}", question, "", story]
    values = [(key, _value(value)) for key, value in tree.items() if key in DEFAULTS and key != "scenarios"]
    return "\n".join([*lines, "", *_rows(values)])


def _part(kind: str, name: str) -> str:
    cls = shelf(kind).get(name)
    key = next(room for room, one in SHELVES.items() if one == kind)
    path = "protocol" if kind == "protocol" else f"{key}.{name}"
    lines = [f"{kind} {name}: {cls.title}", _wrapped(f"  {cls.sentence}", "  ")]
    if state := lines_of(kind, name):
        lines += ["", *_rows(state)]
    if kind == "agreement":
        lines += ["", "  what it does", *(_wrapped(f"    {_does(one)}", "      ") for one in told(cls))]
    if not dataclasses.fields(cls):
        return "\n".join([*lines, "", "  It has nothing to set."])
    lines += ["", *(_wrapped(f"  {line}", "  ") for line in _set_as(kind, name, path))]
    for field in dataclasses.fields(cls):
        lines += ["", f"  {field.name} = {_value(field.default)}    {_range(field.metadata)}"]
        lines += [_wrapped(f"      {text}", "      ") for text in (field.metadata["meaning"], f"source: {field.metadata['source']}")]
    return "\n".join(lines)


def _does(one: Mapping[str, Any]) -> str:
    """Say one thing that a type does: by which issues and parameters, in both languages."""
    by = ", ".join((*one["issues"], *one["parameters"]))
    return f"{one['name']}{f' ({by})' if by else ''}: {one['sentence']} {one['sentence_id']}"


def _consequences() -> dict[str, list[str]]:
    """Return the consequences that types on the shelves name, each with its sentences and the types that do it."""
    found: dict[str, list[str]] = {}
    for name in shelf("agreement").names():
        for one in told(shelf("agreement").get(name)):
            said = found.setdefault(one["name"], [f"{one['title']} ({one['title_id']})", one["sentence"], one["sentence_id"], "done by:"])
            said[3] += f"{',' if not said[3].endswith(':') else ''} {name}"
    return dict(sorted(found.items()))


def _set_as(kind: str, name: str, path: str) -> list[str]:
    """Say how the parameters of a part are set, and when that is taken."""
    if kind == "metric":
        return ["its parameters are written in its file; they are no settings"]
    if kind == "protocol":
        return [f"set as {path}.PARAMETER=value with protocol={name}"]
    if kind == "rival":
        return [f"set as {path}.PARAMETER=value with rival={name}"]
    if kind != "shock":
        return [f"set as {path}.PARAMETER=value"]
    having = with_shock(name)
    where = f"a scenario that has a shock of this kind ({', '.join(having) or 'none on the shelf has'})"
    return [f"set as {path}.PARAMETER=value in {where}", f"brought as shocks=[{{kind:{name},PARAMETER:value}}] into any scenario"]


def _range(meta: Any) -> str:
    if meta["unit"] == "choice":
        return "one of " + ", ".join(meta["options"])
    if meta["unit"] == "switch":
        return "true or false"
    return f"{meta['low']:g} to {meta['high']:g} {meta['unit']}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _block(title: str, rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join([title, *_rows(list(rows))])


def _rows(rows: list[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in rows), default=0) + 4
    return [_wrapped(f"  {name:<{width - 2}}{text}", " " * width) for name, text in rows]


def _wrapped(text: str, indent: str) -> str:
    width = max(60, min(shutil.get_terminal_size((110, 24)).columns, 120))
    return "\n".join(textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)) or text
