"""The vocabulary of a run is open: parts add events, reasons, occasions, channels and issues, and whatever shows words knows them."""

from __future__ import annotations

import itertools
import json
import pickle
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from node_page import asked
from test_extending import AGREEMENT, FEW, FILES, METRIC
from worlds import begun, lively, months_of

from analysis.app import film as films
from analysis.app.glossary import glossary
from analysis.app.public import public_events
from analysis.app.shelves import shelves, theme
from analysis.figures import contacts_by_channel
from analysis.store import open_run
from sim import DiplomacyModel, engine
from sim.declare import words as declare
from sim.declare.vocabulary import SHIPPED, TAKEN, Code, Declared, resolve
from sim.doors.helptext import help_text
from sim.ledger import close_talk
from sim.ledger.words import declared, vocabulary
from sim.mechanisms.trust.rule import in_vain
from sim.recorder import instruments_in_words, ledger_in_words, offers_in_words
from sim.registry import OURS
from sim.run import prepare, run
from sim.single import load_parts
from sim.state.world import World
from sim.types import ISSUES, Channel, Event, ModelFault, Reason, TalkStage, UserError

pytestmark = pytest.mark.usefixtures("own_parts")
WORDS = """
    words: ClassVar[tuple[Word, ...]] = (
        issue("latency", "Latency", "Latensi", "How fast data cross.", "Seberapa cepat data melintas."),
        event("cable_cut", "Cable cut", "Kabel putus", "A cable is cut.", "Sebuah kabel putus.", columns=("party_a", "occasion"),
              public="everyone", mark="cross", lane="ended", said="cut", said_id="putus"),
        event("alarm", "Alarm", "Peringatan", "Somebody is warned.", "Seseorang diperingatkan.", listed=False),
        reason("no_route", "No route", "Tanpa jalur", "No cable joins the two.", "Tidak ada kabel di antara keduanya.", in_vain=True),
        occasion("outage", "Outage", "Gangguan", "A service is down.", "Sebuah layanan terganggu."),
        channel("hotline", "Hotline", "Saluran langsung", "Heads use a line of their own.", "Kepala negara memakai saluran sendiri.",
                plural="Hotline calls", plural_id="Saluran langsung", colour="sky", hours=0.3, needs=("bandwidth",),
                starts=0.5, rounds=2, trust=0.1, keeps=0.5),
    )
"""
SETTLES = """
        draft.issue("latency", ideal=(0.8, 0.6), salience=(0.1, 0.1), gain=(0.05, 0.0))
        return draft.done()
"""
CHANGES = (
    ("from sim.parts import ", "from sim.parts import Word, channel, event, issue, occasion, reason, "),
    ('issues: ClassVar[tuple[str, ...]] = ("research_access",)\n', 'issues: ClassVar[tuple[str, ...]] = ("research_access", "latency")\n'),
    ('        "research_access": (', '        "latency": ("0: slow; 1: as fast as light", "the same"),\n        "research_access": ('),
    ("\n        return draft.done()\n", SETTLES),
    ('\n    entry: ClassVar[str] = "executive"\n', f'{WORDS}    entry: ClassVar[str] = "executive"\n'),
)
PACT: dict[str, Any] = {"negotiated": ["research_pact"], "roster": {"states": FEW}}


def pact(*changes: tuple[str, str], name: str = "research_pact") -> Path:
    """Write the worked agreement type into ``mine``, with words and an issue of its own, and changed."""
    text = FILES[AGREEMENT]
    for old, new in (*CHANGES, *changes):
        assert old in text, old
        text = text.replace(old, new, 1)
    path = Path("mine") / "agreements" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace('name="research_pact"', f'name="{name}"'), encoding="utf-8")
    return Path("mine")


def setting_with(folder: Path | None, **words: Any) -> Any:
    config, _ = prepare({**PACT, **words, **({"parts": folder} if folder else {"negotiated": ["transfer_framework"]})})
    return engine.assemble(config)


def unnamed(world: World) -> list[tuple[str, str]]:
    """List the columns that events fill without saying so in their declaration."""
    table, words, found = world.events, world.setting.words, set()
    for column in declare.FILLED:
        empty = np.isnan(table[column]) if column == "value" else table[column] == (0 if column == "reason" else -1)
        found |= {(words.events[code], column) for code in np.unique(table["event"][~empty]) if column not in words.event(code).columns}
    return sorted(found)


# The model's own words.


def test_each_code_of_the_model_has_one_declaration_and_each_declaration_its_code() -> None:
    count = Counter((one.word.kind, one.word.name) for one in declared(OURS))
    assert set(count.values()) == {1} and {(kind, name) for kind, names in SHIPPED.items() for name in names} <= set(count)
    words = vocabulary()
    for kind, names in SHIPPED.items():
        added = words.names[kind][len(names) :]
        assert words.names[kind][: len(names)] == names and list(added) == sorted(added)
    assert words.events[Event.SIGNATURE] == "signature" and words.reasons[0] == "none"
    assert {word for some in words.words.values() for word in some} == {one.word for one in declared(OURS)}
    assert words.code("reason", "outvoted") is Reason.OUTVOTED and words.typed("channel", 2) is Channel.CALL


def test_a_word_that_is_declared_by_nobody_goes_by_its_name_and_is_noticed() -> None:
    some = [one for one in declared(OURS) if one.word.name != "signature"]
    words = resolve(some)
    assert words.names == vocabulary().names and words.word("event", "signature") not in {one.word for one in some}


def test_every_word_speaks_both_languages() -> None:
    for word in itertools.chain.from_iterable(vocabulary().words.values()):
        assert word.sentence.endswith(".") and word.sentence_id.endswith(".") and word.sentence != word.sentence_id, word
        assert word.title and word.title_id
    marked = [word for word in vocabulary().words["event"] if word.told()["mark"]]
    assert len(marked) >= 10 and all(word.told()["said"] and word.told()["said_id"] for word in marked)


def test_an_event_fills_the_columns_that_it_names() -> None:
    world = begun(lively(protocol={"name": "nash", "contacts_to_conclude": 4}), 2)
    for _ in months_of(world):
        pass
    assert unnamed(world) == [] and len(np.unique(world.events["event"])) > 8
    world.events.append(month=world.month, event=Event.CONTACT, value=1.0)
    assert unnamed(world) == [("contact", "value")]


def test_no_issue_may_bear_the_name_of_a_column_beside_it() -> None:
    world = begun(lively(), 2)
    added = set(world.setting.schema.on_rows) - TAKEN
    columns = {*instruments_in_words(world), *offers_in_words(world), "run"} - set(world.setting.words.issues) - added
    assert {name for name in columns if not name.startswith("contacts_")} == TAKEN


# Words that parts add.


def test_added_words_follow_the_models_own_by_name_and_two_runs_in_one_process_differ() -> None:
    first, ours = setting_with(pact()), vocabulary()
    assert first.words.issues == (*ours.issues, "latency") and first.words.events == (*ours.events, "alarm", "cable_cut")
    assert ours.issues[: len(ISSUES)] == ISSUES and first.words.code("reason", "no_route") == len(ours.reasons)
    world, plain = engine.start(first, 1), engine.start(setting_with(None), 1)
    assert world.instruments["text"].shape[1] == len(ours.issues) + 1 and world.talks["n_by_channel"].shape[1] == len(ours.channels) + 1
    assert plain.instruments["text"].shape[1] == len(ours.issues) and plain.talks["n_by_channel"].shape[1] == len(ours.channels)
    assert np.isnan(world.instruments["text"][:, -1]).all()
    assert first.leanings.shape[-1] == len(first.words.issues) and setting_with(None).words.issues == ours.issues


def test_a_run_settles_the_issue_and_meets_over_the_channel() -> None:
    result = run(parts=pact(), **PACT, end="2020-12", record="full")
    (one,) = result.runs
    own = one.instruments["type"] == "research_pact"
    assert own.sum() > 0 and ((one.instruments["latency"][own] > 0.5) & (one.instruments["latency"][own] < 1.0)).all()
    assert one.scalars["contacts_hotline"] > 0 and (one.events["channel"] == "hotline").sum() == one.scalars["contacts_hotline"]
    assert one.instruments["contacts_hotline"][own].sum() > 0 and "latency" in one.offers


def test_the_readable_agents_know_the_channel_and_the_issue() -> None:
    plain = DiplomacyModel("baseline", plain=True, parts=str(pact()), **PACT, end="2019-06", seed=1).run()
    assert plain.digest == run(parts="mine", **PACT, end="2019-06", seed=1).runs[0].digest
    assert plain.scalars["contacts_hotline"] > 0


def test_words_that_nobody_uses_move_no_number() -> None:
    tree: dict[str, Any] = {
        "roster": {"states": FEW},
        "end": "2020-06",
        "seed": 3,
        "record": "full",
        "mechanisms.bargaining.staff_price": 0.0,
    }
    unused = pact(("hours=0.3", "hours=48.0"), ("starts=0.5, rounds=2, trust=0.1, keeps=0.5", "starts=0.0"))
    (with_them,), (without,) = run(parts=unused, **tree).runs, run(**tree).runs
    assert without.scalars["new_signatures_transfer_framework"] + without.scalars["new_signatures_infrastructure_pact"] > 0
    for table in ("scalars", "series", "panels", "events", "instruments", "offers"):
        ours, theirs = getattr(without, table), getattr(with_them, table)
        for name in ours:
            one, other = np.asarray(ours[name]), np.asarray(theirs[name])
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), (table, name)
    (used,) = run(parts=pact(), **tree).runs
    assert used.scalars["contacts_call"] != without.scalars["contacts_call"]


def test_added_events_and_reasons_are_raised_and_told_in_the_ledger() -> None:
    world = engine.start(setting_with(pact(), end="2019-12"), 1)
    words = world.setting.words
    while not len(world.talks):
        engine.step(world)
    close_talk(world, 0, TalkStage.FAILED, words.code("reason", "no_route"))
    world.events.append(month=world.month, event=words.code("event", "cable_cut"), party_a=0, occasion=words.code("occasion", "outage"))
    told = ledger_in_words(world)
    assert (told["event"][-1], told["occasion"][-1], told["reason"][-2]) == ("cable_cut", "outage", "no_route")
    before = world.trust_broken.sum()
    world.setting.config.mechanisms["trust"].step(world, None)
    assert world.trust_broken.sum() > before and words.code("reason", "no_route") in in_vain(world.setting)
    assert in_vain(setting_with(None)) == (Reason.DEADLINE, Reason.REFUSED, Reason.MISJUDGED)


def test_page_glossary_and_help_know_them_in_both_languages() -> None:
    setting = setting_with(pact(), end="2019-03")
    load_parts(Path("mine"))
    told = shelves()["words"]
    assert (told["event"]["cable_cut"]["said_id"], told["event"]["cable_cut"]["mark"]) == ("putus", "cross")
    assert told["issue"]["latency"]["title_id"] == "Latensi" and told["reason"]["no_route"]["sentence_id"].startswith("Tidak ada")
    assert shelves()["channels"][-1] == "hotline" and theme().count("--channel-hotline:#") == 3
    assert {("event", "cable_cut"), ("issue", "latency"), ("channel", "hotline")} <= {tuple(pair) for pair in glossary()["words"]}
    text = help_text(["event.cable_cut", "issue.latency"])
    assert "Cable cut (Kabel putus)" in text and "settled by: research_pact" in text
    assert "channels that your parts add" in help_text([]) and "your parts add" not in _ours(lambda: help_text([]))
    film = films.make(setting, prepare({**PACT, "parts": "mine", "end": "2019-03"})[1])[0]
    assert film["issues"][-1] == "latency" and film["words"]["event"][-1] == "cable_cut" and film["words"]["channel"][-1] == "hotline"
    assert setting.words.code("event", "cable_cut") in public_events(setting)
    links = ("link_abandoned", "link_announced", "link_fault", "link_landed", "link_repaired", "link_retired", "satellite_service")
    given = ("vaccines_given", "vaccines_sold", *links)
    unlisted = (
        "bar_began",
        "bar_lifted",
        "breach",
        "cloud_region_opened",
        "outage",
        "reception",
        "review",
        "alarm",
        "sitting",
        "sitting_lost",
        "works_resumed",
        "works_stopped",
        *given,
    )
    left_out = sorted(setting.words.code("event", name) for name in unlisted)
    assert films.left_out(setting) == (0, 9, 13, 14, *left_out)


def test_the_pages_script_draws_and_names_them_in_both_languages() -> None:
    load_parts(pact())
    said = (
        "(CD.shelves = given, ['en', 'id'].map((lang) => (CD.lang = lang, [CD.word('event', 'alarm'), CD.saidOf(CD.markOf('cable_cut')), "
        "CD.markOf('alarm'), CD.word('issue', 'latency'), CD.word('reason', 'never_heard')])))"
    )
    english, indonesian = asked(said, shelves(), "e_time.js")
    assert english == ["Alarm", "cut", None, "Latency", "Never heard"]
    assert indonesian == ["Peringatan", "putus", None, "Latensi", "Never heard"]


def _ours(ask: Any) -> Any:
    load_parts(None)
    said = ask()
    load_parts(Path("mine"))
    return said


def test_a_stored_run_is_read_without_its_parts() -> None:
    folder = run(parts=pact(), **PACT, end="2019-03", outputs="outputs").folder
    assert folder is not None
    kept = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["words"]
    assert kept["issue"]["latency"]["title_id"] == "Latensi" and set(kept["issue"]) == {*vocabulary().issues, "latency"}
    load_parts(None)
    stored = open_run(folder)
    assert stored.words["channel"]["hotline"]["plural"] == "Hotline calls" and "termination" in stored.endings
    assert "hotline calls" in contacts_by_channel.build(stored).finding


def test_a_vocabulary_travels_to_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    words = setting_with(pact()).words
    twin = pickle.loads(pickle.dumps(words))
    assert twin == words and twin.codes == words.codes
    code = pickle.loads(pickle.dumps(words.typed("channel", 5)))
    assert (code, code.name, type(code)) == (5, "HOTLINE", Code)
    monkeypatch.setattr("sim.batch.cores", lambda: 2)
    runs = run(parts="mine", **PACT, end="2019-02", seeds=2).runs
    assert runs[1].digest == run(parts="mine", **PACT, end="2019-02", seed=1).runs[0].digest


FAULTS = [
    (('"Latensi", ', '"", '), "issue 'latency' lacks title_id: its title in Indonesian is expected"),
    (('issue("latency"', 'issue("security"'), "issue 'security' is one of the model's own; choose another name"),
    (('issue("latency"', 'issue("payment"'), "issue 'payment' has the name of a column of the results; choose another name"),
    (('issue("latency"', 'issue("speed"'), "issues names 'latency', which no part declares; valid are capacity, "),
    (('"cable_cut"', '"signature"'), "event 'signature' is one of the model's own; choose another name"),
    (('"cable_cut"', '"Cable cut"'), "event 'Cable cut' must have a name in small letters, digits and _"),
    (('mark="cross"', 'mark="crosses"'), "event 'cable_cut': mark cannot be 'crosses'; did you mean 'cross'?"),
    (('said_id="putus"', 'said_id=""'), "event 'cable_cut' has said in one language only; both are expected, or neither"),
    (('"party_a", "occasion"', '"party_c", "occasion"'), "event 'cable_cut': columns cannot be 'party_c'; did you mean 'party_"),
    (("starts=0.5", "starts=1.5"), "channel 'hotline': starts = 1.5 lies outside 0 to 1"),
    (('needs=("bandwidth",)', 'needs=("bandwith",)'), "channel 'hotline': needs cannot be 'bandwith'; did you mean 'bandwidth'?"),
    (("words: ClassVar[tuple[Word, ...]] = (", 'words: ClassVar[tuple[Word, ...]] = ("latency",'), "ResearchPact.words is ("),
    (('"alarm", "Alarm"', '"cable_cut", "Alarm"'), "ResearchPact.words declares the event 'cable_cut' twice"),
]


@pytest.mark.parametrize(("change", "sentence"), FAULTS, ids=[sentence[:40] for _, sentence in FAULTS])
def test_a_fault_in_a_declaration_is_said_in_one_sentence_with_file_and_line(change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=re.escape(sentence)) as raised:
        load_parts(pact(change))
    assert re.search(r"research_pact\.py:\d+: ", str(raised.value)) and "\n" not in str(raised.value)


def test_two_parts_may_share_a_declaration_but_not_a_name() -> None:
    pact(name="second_pact")
    assert "cable_cut" in setting_with(pact()).words.events
    pact(("A cable is cut.", "A cable tears."), name="second_pact")
    with pytest.raises(UserError, match=r"event 'cable_cut' is also declared by .*research_pact.*; choose another name"):
        load_parts(Path("mine"))


def test_a_part_of_another_kind_adds_no_words() -> None:
    path = Path("mine") / METRIC
    path.parent.mkdir(parents=True)
    changed = FILES[METRIC].replace("from sim.parts import ", "from sim.parts import issue, ", 1)
    said = '    words = (issue("a", "A", "A", "A.", "A."),)\n    unit: ClassVar'
    path.write_text(changed.replace("    unit: ClassVar", said, 1), encoding="utf-8")
    with pytest.raises(UserError, match=r"MeanTrust\.words: a metric adds no words to a run; mechanism, agreement, shock do"):
        load_parts(Path("mine"))


def test_no_run_holds_more_words_than_a_column_can_number() -> None:
    def some(count: int) -> list[Declared]:
        more = [declare.reason(f"because_{n}", "A", "A", "A.", "A.") for n in range(count)]
        return [*declared(OURS), *(Declared(word, "x.py:1: shock x", True) for word in more)]

    most = 128 - len(vocabulary().reasons)
    words = resolve(some(most))
    assert np.array(words.code("reason", words.reasons[-1])).astype(np.int8) == 127
    with pytest.raises(UserError, match=r"x\.py:1: shock x: there are 129 words of the kind reason; 128 are the most"):
        resolve(some(most + 1))


def test_a_word_that_a_run_does_not_know_is_named() -> None:
    with pytest.raises(ModelFault, match=r"this run knows no event 'signatur'; did you mean 'signature'\?"):
        vocabulary().code("event", "signatur")
