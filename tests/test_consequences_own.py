"""A new type with a new consequence is one file: the run, its record, help, legend and glossary know it, and it changes the world."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_extending import AGREEMENT, FILES, PAGE
from worlds import EAGER

from analysis.app.glossary import glossary
from analysis.app.shelves import shelves
from sim import engine, ledger
from sim.__main__ import main
from sim.params import configure
from sim.recorder import instruments_in_words
from sim.single import load_parts
from sim.state.world import Setting, World, restore, snapshot
from sim.types import Stage, TalkStage, UserError

pytestmark = pytest.mark.usefixtures("own_parts")
SMALL: dict[str, Any] = {
    "start": "2019-06",
    "end": "2020-12",
    "roster": {"states": ["CHN", "DEU", "FRA", "IDN", "JPN", "USA"]},
    "negotiated": ["research_pact"],
    "agreements": {"research_pact": {"worth": 5.0, "months_to_force": 1}},
    "mechanisms": EAGER,
}
(WORKED,) = (text for text in re.findall(r"^```\w*\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE) if "class OpensLabs" in text)
IMPORTS, CLASS = WORKED.split("\n\n\n", 1)
PACE = '    pace: float = param(2.0, unit="labs a month", low=0.0, high=9.0, source="assumed", meaning="Laboratories at full access.")\n'
DOES = '(OpensLabs("research_access", "pace"), AddsTrade(), Pays())'


def folder(*changes: tuple[str, str], does: str = DOES, name: str = "mine") -> str:
    """Write the page's type with the page's consequence into a folder of parts, changed in places."""
    text = FILES[AGREEMENT].replace("from sim.parts import ", f"{IMPORTS}\nfrom sim.parts import Builds, FreesData, Lasts, Shares, ", 1)
    text = text.replace("@part(", f"{CLASS}\n\n@part(", 1).replace("(AddsTrade(), Pays())", does, 1)
    text = text.replace("    trade_effect: float", f"{PACE}    trade_effect: float", 1)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = Path(name) / AGREEMENT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def built(*changes: tuple[str, str], **words: Any) -> Setting:
    load_parts(Path(folder(*changes, **words)))
    return engine.assemble(configure(SMALL))


def lived(setting: Setting, watch: Any = None) -> World:
    world = engine.start(setting, 3)
    while world.month <= setting.config.end:
        engine.step(world)
        if watch is not None:
            watch(world)
    return world


def labs_by_hand(world: World, by_hand: dict[str, np.ndarray]) -> None:
    """Add what every pact in force since before this month opens, row by row; a step has moved the month on already."""
    month, instruments, edges = world.month - 1, world.instruments, world.setting.edges
    ties = np.zeros(edges.n)
    for row in range(len(instruments)):
        t = int(instruments["type"][row])
        if world.setting.type_names[t] != "research_pact" or instruments["stage"][row] != Stage.IN_FORCE:
            continue
        if instruments["in_force"][row] < month:
            pace = 2.0 * float(instruments["text"][row][world.setting.words.issues.index("research_access")])
            one, two = int(instruments["first"][row]), int(instruments["second"][row])
            by_hand["labs"][two] += pace
            for i, j in ((one, two), (two, one)):
                ties[edges.find(i, j)] = max(ties[edges.find(i, j)], pace)
    by_hand["lab_ties"] = ties


def test_a_new_consequence_in_one_file_changes_the_world() -> None:
    setting = built()
    by_hand = {"labs": np.zeros(setting.n_parties), "lab_ties": np.zeros(setting.edges.n)}

    def watch(world: World) -> None:
        labs_by_hand(world, by_hand)
        assert world.array("labs").tolist() == by_hand["labs"].tolist()
        assert world.array("lab_ties").tolist() == by_hand["lab_ties"].tolist()

    world = lived(setting, watch)
    assert by_hand["labs"].max() > 2.0 and (by_hand["lab_ties"] > 0.0).sum() >= 2
    assert setting.schema.owners["labs"] == "consequence opens_labs" == setting.schema.owners["instruments.labs_a_month"]
    kept = instruments_in_words(world)["labs_a_month"]
    assert (kept[world.instruments["type"] == setting.type_names.index("research_pact")] > 0.0).all() and (kept == 0.0).any()
    again = restore(setting, snapshot(world))
    assert again.array("labs").tolist() == by_hand["labs"].tolist()


def test_it_changes_nothing_else() -> None:
    without = snapshot(lived(built(does="(AddsTrade(), Pays())", name="without")))
    load_parts(None)
    there = snapshot(lived(built()))
    fresh = {"array/labs", "array/lab_ties", "table/instruments/labs_a_month"}
    assert set(there) - set(without) == fresh and there["array/labs"].any()
    moved = {name for name in without if without[name].tobytes() != there[name].tobytes()}
    assert moved == {"config", "holds"}


def test_a_consequence_that_is_not_carried_out_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.mechanisms.effects import rule as effects

    monkeypatch.setattr(effects, "add_of_the_month", lambda world: None)
    with pytest.raises(AssertionError):
        test_a_new_consequence_in_one_file_changes_the_world()


def test_mechanisms_may_write_what_it_moves() -> None:
    setting = built()
    schema, parts = setting.schema, setting.config.mechanisms
    assert "labs" in schema.writes_of(parts["effects"]) and "lab_ties" in schema.writes_of(parts["roster"])
    assert "labs" not in schema.writes_of(parts["roster"]) and "labs" not in schema.writes_of(parts["trust"])


def test_help_legend_and_glossary_tell_it(capsys: pytest.CaptureFixture[str]) -> None:
    load_parts(Path(folder()))
    (said,) = (one for one in shelves()["parts"]["agreement"]["research_pact"]["does"] if one["name"] == "opens_labs")
    assert (said["title_id"], said["issues"], said["parameters"]) == ("Membuka laboratorium", ["research_access"], ["pace"])
    assert shelves()["keepers"]["labs"] == "effects"
    assert "Opens laboratories" in [one["title"] for one in glossary()["consequences"]]
    load_parts(None)
    for asked, words in (
        ("agreements.research_pact", "opens_labs (research_access, pace): Laboratories open in the smaller party"),
        ("opens_labs", "consequence opens_labs: Opens laboratories (Membuka laboratorium)"),
        ("consequences.opens_labs", "done by: research_pact"),
    ):
        assert main(["--help", asked, "parts=mine"]) == 0
        assert words in " ".join(capsys.readouterr().out.split())
    assert main(["--help", "parts=mine"]) == 0
    assert "opens_labs" in capsys.readouterr().out
    assert main(["--help", "consequences.openslabs", "parts=mine"]) == 2
    assert "did you mean 'consequences.opens_labs'?" in capsys.readouterr().err


REGISTERED, FROZEN = CLASS.split("@dataclass", 1)[0], "@dataclass(frozen=True)\nclass OpensLabs"
COLUMN = "labs_a_month"
FAULTS: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "issue": (
        ((DOES, '(OpensLabs("research_acess", "pace"),)'),),
        "does: OpensLabs names the issue 'research_acess'; did you mean",
    ),
    "parameter": ((('"pace"', '"paces"'),), "does: OpensLabs needs a parameter 'paces' (laboratories a month at full access)"),
    "no tuple": (((DOES, "AddsTrade()"),), "ResearchPact.does is AddsTrade(kept='', effect='trade_effect'); a tuple of consequences, such"),
    "twice": (((DOES, "(AddsTrade(), FreesData())"),), "AddsTrade and FreesData both fill the column 'moving' of instruments; leave one"),
    "alone": (((DOES, '(Builds("research_access", cost="worth", overhead=""),)'),), "does: Builds needs Lasts beside it"),
    "no end": ((('"open_ended"', '"completion"'),), "ending is 'completion', so does must say how long it lasts, such as Lasts('build_"),
    "nothing": ((("    does: ClassVar", "    did: ClassVar"),), "ResearchPact lacks does: a tuple of consequences, such as (FreesData("),
    "both": (
        (("    pace: float", "    frees_data: ClassVar[bool] = True\n    pace: float"),),
        "ResearchPact.frees_data is True, but does says otherwise; leave frees_data out",
    ),
    "unregistered": (((REGISTERED, ""),), "OpensLabs is not registered; put @consequence(...) over its class"),
    "thawed": (((FROZEN, "class OpensLabs"),), "OpensLabs is not a frozen dataclass derived from Consequence"),
    "no name": ((('name="opens_labs"', 'name="Opens labs"'),), "OpensLabs: 'Opens labs' must be a name in small letters"),
    "one language": ((('title_id="Membuka laboratorium"', 'title_id=""'),), "OpensLabs: title_id must be said in words"),
    "plain field": (
        ((": str = an_issue()", ": str"),),
        "OpensLabs.issue names nothing of a type; declare it with an_issue() or a_parameter()",
    ),
    "covers what": ((("(Covers(", "(Adds("),), "OpensLabs.covers is (Adds("),
    "reads": ((('("gdp", "trust")', '("gpd", "trust")'),), "agreement research_pact: reads names 'gpd', which no part of the run declares"),
    "array": ((('Adds("labs"', 'Adds("lab"'),), "consequence opens_labs: adds names the array 'lab', which no part of the run declares"),
    "axes": ((('Adds("labs"', 'Adds("lab_ties"'),), "adds names the array 'lab_ties'; one of float64 on ('party',) is expected"),
    "start": (
        (('("edge",), unit', '("edge",), start=1.0, unit'),),
        "covers names the array 'lab_ties'; one of float64 on ('type', 'edge') or ('edge',) is expected, starting at 0",
    ),
    "column": (
        (('"lab_ties", "labs_a_month"', '"lab_ties", "labs_a_moth"'),),
        "covers names the column 'labs_a_moth' of instruments",
    ),
    "another rule's array": ((('Covers("lab_ties"', 'Covers("trade"'),), "covers names the array 'trade', which mechanism effects in "),
    "forcing": ((('("edge",), unit', '("edge",), forcing=True, unit'),), "covers names the array 'lab_ties', which is forcing"),
    "a role": (((", role=1)", ", role=2)"),), "OpensLabs.adds: role is 2; 0, 1 or None for everyone who adheres is expected"),
    "the ledger's column": (
        (("    adds: ClassVar", '    fills: ClassVar = ("stage",)\n    adds: ClassVar'),),
        "opens_labs: fills names 'stage', no column of instruments that consequences fill",
    ),
    "taken": ((('name="opens_labs"', 'name="pays"'),), "two consequences are called 'pays' ("),
    "an issue's name": (
        ((COLUMN, "infrastructure"),) * 4,
        "opens_labs: array 'infrastructure' on instruments bears the name of an issue of the run",
    ),
    "a record's name": (
        ((COLUMN, "gain_first"),) * 4,
        "array 'gain_first' on instruments bears the name of another column",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_fit_is_one_sentence(fault: str) -> None:
    changes, words = FAULTS[fault]
    with pytest.raises(UserError, match=re.escape(words)) as raised:
        built(*changes)
    assert "\n" not in str(raised.value)


ANSWERS = {
    "[1.0]": "compile() must give the columns that it fills by name, not list",
    '{"labs_a_moth": 1.0}': "compile() fills 'labs_a_moth', a column that it does not declare; did you mean 'labs_a_month'?",
    '{"commitment": 1.0}': "compile() fills 'commitment', a column that it does not declare",
    '{"labs_a_month": np.ones(7)}': "compile() must give labs_a_month as one number or an array of numbers of shape (1,)",
    '{"labs_a_month": float("nan")}': "compile() gave labs_a_month with a value that is not a finite number",
    '{"labs_a_month": np.ones((1, 2))}': "compile() gave labs_a_month in the shape (1, 2); (1,) is expected",
    '{"labs_a_month": -1.0}': "compile() gave labs_a_month a value below 0, and an array covers it",
    '{"labs_a_month": np.random.random()}': "draws from numpy.random or random",
    "made.text.fill(0.0)": "it writes to what it may only read",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_compile_gives_back_is_checked(answer: str) -> None:
    honest = '{"labs_a_month": made.level(self.issue) * made.parameter(self.pace)}'
    setting = built((f"return {honest}", f"return {answer}"))
    world = engine.start(setting, 1)
    t, (i, j) = setting.type_names.index("research_pact"), (setting.party("DEU"), setting.party("FRA"))
    talk = ledger.open_talk(world, t, i, j, i)
    ledger.close_talk(world, talk, TalkStage.CONCLUDED)
    from sim.contracts import blaming

    with pytest.raises(UserError, match=re.escape(ANSWERS[answer])) as raised, blaming():
        ledger.sign(world, talk, np.full(len(world.setting.words.issues), 0.5), world.month + 1)
    assert "research_pact.py:" in str(raised.value) and "\n" not in str(raised.value)
