"""Every environment mechanism has a plain twin: on copies of the same world, month by month, the two do the same."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest
from reference.plain_month import TWINS
from twin_worlds import barred, joining, undertaking
from twins import LEVERS, QUIET, Walk, demanding, eventful, leavers, meddle, out_of_turn, resume, small, torn, walk
from worlds import setting_of

from sim import engine
from sim.state.world import World
from sim.types import Event, Institution, Reason, month_index, month_label

REFERENCE = Path(__file__).resolve().parent / "reference"
FORBIDDEN = "mechanisms decide kernels ledger engine model agents alliances stakes.ratifiers"
SHARED = {
    "sim.bargains.group.GroupProblem",
    "sim.stakes.payoffs.Groups",
    "sim.bargains.problems.Outcomes",
    "sim.bargains.problems.Problems",
    "sim.bargains.problems.Talks",
    "sim.bargains.quality.quality",
    "sim.bargains.winset.Pivots",
}
WALKED_APART = {
    "vaccines", "conferences", "soft_law", "walkouts", "compliance", "durability", "withdrawals", "courts", "certification", "platforms",
    "interception",
}  # fmt: skip
"""Mechanisms that do little in these worlds; ``test_twin_conferences`` and ``test_twin_promises`` walk beside them in others."""
OF_PROMISES = {
    *("ANNULMENT", "STRUCK_DOWN", "SUCCESSION", "REPLACED", "NOT_CURED", "IN_KIND", "NEW_GOVERNMENT", "OTHERS_LEFT", "RENEWED"),
    "NO_TEXT",
}
OF_CONFERENCES = {
    *("CONFERENCE_OPENED", "CONFERENCE_LEFT", "CONFERENCE_CONCLUDED", "CONFERENCE_FAILED", "ACCESSION", "ACCESSION_REFUSED"),
    *("DENUNCIATION", "WITHDRAWAL", "TOO_FEW", "WOULD_LOSE", "OUTVOTED", "LEFT_BLOC"),
}
NOT_HERE = {
    "disruption": {"leaked", "prepared", "platform_bars", "ban_readiness", "provider_down", "provider_price", "site_stop"},
    "roster": {"prepared"}, "contacts": {"bridge_asked"}, "occasions": {"proposing"}, "links": {"reaches"}, "works": {"adherence"},
    "market": {"failures", "cut_off_from_data"}, "bodies": {"not_met"},
    "effects": {"trade_halted", "imports_halted", "access_funds", "learning_funds", "technology_offered"},
    "access": {"access_funds", "learning_funds", "technology_offered", "subsidised", "technology"},
}  # fmt: skip
"""What these worlds have no occasion for. ``test_twin_promises``, ``test_twin_platforms``, ``test_twin_links``, ``test_twin_bodies``,
``test_twin_access``, ``test_twin_market``, ``test_works`` and ``test_soft_law`` (of what guidelines prepare) have."""
LEARNERS = {"name": "alternating_offers", "deadline_rounds": 14, "tactic": "tit_for_tat", "learning": "concessions"}
AS_THE_RUN_BEGINS = {"roster": {"instruments"}, "effects": {"effect_frame"}, "links": {"joined", "linked"}, "market": {"place_pull"}}
"""What is written before the first month alone; the whole plain world is compared from there on."""


TORN = ("torn at home, nash", "torn at home, offers")
WALKS: dict[str, tuple[int, set[str]]] = {
    "baseline, nash": (17, {"RELEASED", "ATTENDANCE", "COMPLETION"}),
    "baseline, offers": (16, {"RELEASED", "ATTENDANCE"}),
    "lockdown, nash": (16, {"RELEASED", "ATTENDANCE", "EXPIRY", "ACTION"}),
    "lockdown, offers": (16, {"RELEASED", "ATTENDANCE"}),
    "lockdown, few contacts, dates that act mid-year": (18, {"MEMBERSHIP_BEGAN", "RELEASED", "LAPSED"}),
    "baseline, learners": (20, {"RELEASED", "MISJUDGED"}),
    "sanctions, wars and elections": (18, {"SUSPENSION", "RESUMPTION", "BARRED", "BAR_BEGAN", "BAR_LIFTED"}),
    "law that is cheap to raise": (16, {"NOT_EQUIVALENT", "WITHDRAWN", "BOUND"}),
    "a bloc loses its last member": (9, {"MEMBERSHIP_ENDED", "ENTRY_INTO_FORCE"}),
    "open agreements": (20, {"REFUSED"}),
    "torn at home, nash": (26, {"SUSPENSION", "RESUMPTION", "COMPLETION", "NOT_RATIFIABLE", "EXPIRY", "ACTION"}),
    "torn at home, no text passes": (6, {"NO_WIN_SET"}),
    "torn at home, offers": (22, {"SUPERMAJORITY", "NO_ZONE", "COMPLETION"}),
}
"""The months of each walk: no more than what it has to see takes, and that is told with it."""


def repeal(world: World) -> None:
    """Let Canada repeal its law: it may judge nobody any more, and what it screens ends so."""
    world.own_safeguards[world.setting.party("CAN")] = 0.0


@functools.cache
def walked(name: str) -> Walk:
    """Walk once for all tests."""
    end = {"end": month_label(month_index("2019-10") + WALKS[name][0] - 1)}
    if name == "baseline, nash":
        return walk(setting_of(small("nash", "baseline", **end)), 0)
    if name == "baseline, offers":
        return walk(setting_of(small("alternating_offers", "baseline", **end)), 2, stubborn=True)
    if name == "a bloc loses its last member":
        return walk(setting_of(small("nash", "baseline", roster={"states": ["GBR", "JPN", "SGP", "USA"]}, **end)), 2)
    if name == "lockdown, nash":
        return walk(setting_of(small("nash", **end)), 0, stubborn=True, actions=LEVERS, hands={1: out_of_turn})
    if name == "lockdown, offers":
        return walk(setting_of(small("alternating_offers", **end)), 4, stubborn=True)
    if name == "sanctions, wars and elections":
        return walk(setting_of(barred(**end)), 13)
    if name == "law that is cheap to raise":
        return walk(setting_of(undertaking(**end)), 3, hands={8: repeal})
    if name == "torn at home, nash":
        return walk(setting_of(torn("nash", **end)), 62, stubborn=True, actions=LEVERS, hands={1: meddle, 20: resume})
    if name == "torn at home, no text passes":
        return walk(setting_of(torn("nash", **end)), 30, stubborn=True, actions=LEVERS, hands={1: meddle})
    if name == "torn at home, offers":
        return walk(demanding(setting_of(torn("alternating_offers", "baseline", **end))), 7, hands={1: leavers})
    if name == "open agreements":
        return walk(setting_of(joining(**end)), 7, stubborn=True)
    if name == "baseline, learners":
        return walk(setting_of({**small("alternating_offers", "baseline", **end), "protocol": LEARNERS}), 10)
    marked = [{"kind": "mark", "month": "2019-12", "source": "assumed", "note": "Something happened."}]
    return walk(eventful(setting_of(small("nash", mechanisms=QUIET, events=marked, **end))), 1)


@pytest.mark.parametrize("mechanism", TWINS)
@pytest.mark.parametrize("name", WALKS)
def test_a_mechanism_and_its_twin_do_the_same(name: str, mechanism: str) -> None:
    assert walked(name).differences[mechanism][:10] == []
    assert walked(name).months == WALKS[name][0]


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_is_long_enough_for_what_it_has_to_see(name: str) -> None:
    assert WALKS[name][1] <= walked(name).seen


def test_every_mechanism_of_the_month_has_a_twin_in_the_same_order() -> None:
    assert [name for _, name in engine.MONTH] == list(TWINS)


@pytest.mark.parametrize("mechanism", [name for name in TWINS if name not in WALKED_APART])
def test_what_a_mechanism_may_write_was_written_on_the_way(mechanism: str) -> None:
    setting = setting_of(small())
    part = setting.config.mechanisms[mechanism]
    changed = set().union(*(walked(name).changed[mechanism] for name in WALKS))
    written = changed | AS_THE_RUN_BEGINS.get(mechanism, set()) | NOT_HERE.get(mechanism, set())
    # What is said of rows stands in their table.
    declared = {"instruments" if name in setting.schema.on_rows else name for name in setting.schema.writes_of(part)}
    assert written == {*declared, *part.tables}


def test_everything_that_can_happen_to_talks_and_instruments_happened() -> None:
    seen = set().union(*(walked(name).seen for name in WALKS))
    # A played seat has a comparison of its own (test_seat_twin).
    assert {event.name for event in Event} - OF_CONFERENCES - OF_PROMISES - {"MOVE"} <= seen
    # So have the halves of a package that fall together (test_linkage_twice).
    assert {reason.name for reason in Reason} - seen - OF_CONFERENCES - OF_PROMISES - {"LINKED_FELL"} == {"WALKED_AWAY"}
    assert {institution.name for institution in Institution} <= seen


@pytest.mark.parametrize("name", TORN)
def test_those_at_home_refuse_as_well_as_ratify(name: str) -> None:
    # Governments think again where texts sit at the edge of what they bear; offers seldom do.
    second_thoughts = {"WITHDRAWN"} if name == "torn at home, nash" else set()
    assert {"RATIFICATION", "NOT_RATIFIED", "BLOC_ASSENT", "CONTINUED"} | second_thoughts <= walked(name).seen


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        names |= {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
        names |= {f"{node.module}.{alias.name}" for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
    return names


def borrowed(source: str) -> set[str]:
    """Name what a file imports that a twin has to tell in its own words."""
    rooms = tuple(f"sim.{room}" for room in FORBIDDEN.split())
    return {
        name
        for name in imported(source)
        if name.startswith(rooms) or (name.startswith(("sim.bargains", "sim.stakes", "sim.state.world")) and name not in SHARED)
    }


@pytest.mark.parametrize(
    "path", [*sorted(REFERENCE.glob("*_plain.py")), REFERENCE / "plain_world.py", REFERENCE / "plain_month.py"], ids=lambda p: p.stem
)
def test_twins_tell_the_rules_in_their_own_words(path: Path) -> None:
    assert borrowed(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    "line",
    [
        "from sim.ledger import move",
        "from sim.ledger.votes import pending",
        "import sim.kernels",
        "from sim.mechanisms.effects import gravity",
        "from sim.stakes.ratifiers import consent_of",
        "from sim.decide import assent",
        "from sim.bargains.winset import pivots_at",
        "from sim.agents.home import Home",
        "from sim.mechanisms.trust.rule import Trust",
    ],
)
def test_a_borrowed_rule_is_found(line: str) -> None:
    assert borrowed(line) != set()
