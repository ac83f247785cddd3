"""Accession to open agreements: who may ask, what it is offered, who must consent, how long it takes, and what it costs whom once."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from test_agents import difference
from twin_worlds import joining
from worlds import begun, months_of, setting_of

from sim import engine
from sim.decide.decisions import Compiled
from sim.decide.staff import staff_prices, talks_open
from sim.mechanisms.accessions import Accessions, pays
from sim.model import DiplomacyModel
from sim.stakes.accession import lacking, name_of, offered, open_agreements, parties_inside
from sim.state.world import World, clone
from sim.types import Event, Reason, Stage, TalkStage, month_index
from sim.why import why

CPTPP = "Comprehensive And Progressive Agreement For Transpacific Partnership (CPTPP)"
TRADE = "digital_trade_agreement"
ELEVEN = {"AUS", "BRN", "CAN", "CHL", "JPN", "MEX", "MYS", "NZL", "PER", "SGP", "VNM"}


@functools.cache
def _whole() -> World:
    world = begun({"start": "2019-01", "end": "2023-12"})
    engine.step(world)
    return world


def whole() -> World:
    """Return the whole world after January 2019, to be changed at will."""
    return clone(_whole())


@functools.cache
def lived(**over: Any) -> World:
    """Live twenty months of a small world in which outsiders look at open agreements often."""
    world = begun(joining(end="2021-05", **over), 0)
    for _ in months_of(world):
        pass
    return world


def kind(world: World) -> int:
    return world.setting.type_names.index(TRADE)


def cptpp(world: World) -> int:
    (found,) = (one for one in open_agreements(world, kind(world)) if name_of(world, one) == CPTPP)
    return found


def codes(world: World, parties: Any) -> list[str]:
    return [world.setting.codes[int(one)] for one in parties]


def place(world: World, code: str) -> int:
    return world.setting.codes.index(code)


def leads(world: World) -> list[int]:
    accession = world.talks["accession"]
    return np.flatnonzero(accession == np.arange(len(accession))).tolist()


def test_the_cptpp_is_open_and_its_parties_are_the_eleven() -> None:
    world = whole()
    assert set(codes(world, parties_inside(world, cptpp(world)))) == ELEVEN
    named = {name_of(world, one) for one in open_agreements(world, kind(world))}
    assert named == {CPTPP, "Pacific Alliance Additional Protocol (ch.13)"}


def test_depa_is_open_from_the_tables_although_its_rows_stand_pair_by_pair() -> None:
    world = begun({"start": "2022-01", "end": "2022-12"})
    named = {name_of(world, one): set(codes(world, parties_inside(world, one))) for one in open_agreements(world, kind(world))}
    assert named["DEPA"] == {"CHL", "NZL", "SGP"}


def test_a_newcomer_gains_over_the_sum_of_its_pairs_and_pays_the_upkeep_once() -> None:
    world, t = whole(), kind(whole())
    newcomer = place(world, "USA")
    groups = lacking(world, t, newcomer, parties_inside(world, cptpp(world)))
    assert groups is not None
    offer = offered(world, t, cptpp(world), groups)
    assert offer.usd(world) == pytest.approx(offer.gain[:, 0].sum() * world.gdp[newcomer] / 1e4)
    upkeep = world.setting.types[t].upkeep
    world.upkeep_share[groups.edge], world.upkeep_share[groups.back] = 1.0, 1.0
    made = dict(world.setting.types[t].coefficients(world, groups).terms)["upkeep"]
    assert made[:, 0] * world.gdp[newcomer] / 1e4 == pytest.approx(-upkeep)
    world.upkeep_share[groups.edge], world.upkeep_share[groups.back] = 1.0 / groups.n, 0.0
    made = dict(world.setting.types[t].coefficients(world, groups).terms)["upkeep"]
    assert (made[:, 0] * world.gdp[newcomer] / 1e4).sum() == pytest.approx(-upkeep)
    assert (made[:, 1] == 0.0).all()
    # The largest party inside leads.
    assert codes(world, groups.second)[0] == "JPN"


def test_who_is_inside_has_given_up_localisation_already() -> None:
    """Viet Nam keeps data at home: as a new cost the text would make it refuse whoever buys much from it."""
    world, t = whole(), kind(whole())
    groups = lacking(world, t, place(world, "USA"), np.array([place(world, "VNM")]))
    assert groups is not None
    assert world.localisation[place(world, "VNM")] >= 0.5
    assert offered(world, t, cptpp(world), groups).gain[0, 1] > 0.0
    c = world.setting.types[t].coefficients(world, groups).dyads()
    k = world.setting.words.issues.index("localisation")
    assert c.w[0, 1, k] > 0.0
    world.upkeep_share[groups.back] = 0.0
    assert world.setting.types[t].coefficients(world, groups).dyads().w[0, 1, k] == pytest.approx(0.0, abs=1e-7)


def test_one_party_that_is_barred_or_too_hostile_keeps_a_newcomer_out() -> None:
    world, t = whole(), kind(whole())
    inside, newcomer = parties_inside(world, cptpp(world)), place(world, "USA")
    edge = world.setting.edges.find(place(world, "CHL"), newcomer)
    world.barred[edge] = 1.0
    assert lacking(world, t, newcomer, inside) is None
    world.barred[edge] = 0.0
    assert lacking(world, t, newcomer, inside) is not None
    world.hostile[world.setting.edges.rev[edge]] = True
    assert lacking(world, t, newcomer, inside) is None


def test_with_whom_an_agreement_is_in_force_nothing_is_asked() -> None:
    world, t = whole(), kind(whole())
    groups = lacking(world, t, place(world, "COL"), parties_inside(world, cptpp(world)))
    assert groups is not None
    # Colombia has the Pacific Alliance with Chile, Mexico and Peru.
    assert set(codes(world, groups.second)) == ELEVEN - {"CHL", "MEX", "PER"}


def looked(world: World, rate: float = 12.0, **bargaining: float) -> list[int]:
    """Let every outsider look once, and return who applied."""
    actions = [engine.Action(f"agreements.{TRADE}.accession_rate", min(rate, 1.0))]
    actions += [engine.Action(f"mechanisms.bargaining.{name}", value) for name, value in bargaining.items()]
    for action in actions:
        engine.move_lever(world, action)
    before = len(leads(world))
    for _ in range(36):
        Accessions()._look(world, kind(world), cptpp(world))
        world.month += 1
    return leads(world)[before:]


def test_it_must_pay_the_staff_of_the_newcomer() -> None:
    cheap, dear = looked(whole(), staff_price=3e3), looked(whole(), staff_price=1e6)
    assert len(cheap) > 2 and dear == []


def test_one_party_that_would_lose_is_enough_to_keep_a_newcomer_out(monkeypatch: pytest.MonkeyPatch) -> None:
    world = whole()
    offer = offered(world, kind(world), cptpp(world), _groups(world, "USA"))
    assert offer.usd(world) > 0.0 and len(offer.refusing) == 0 and pays(world, world.setting.types[kind(world)], offer)
    peru = place(world, "PER")

    def losing(*asked: Any) -> Any:
        found = offered(*asked)
        found.gain[found.groups.second == peru, 1] = -1e-9
        return found

    monkeypatch.setattr("sim.mechanisms.accessions.offered", losing)
    assert all(peru == world.talks["first"][row] for row in looked(world))


def _groups(world: World, code: str) -> Any:
    found = lacking(world, kind(world), place(world, code), parties_inside(world, cptpp(world)))
    assert found is not None
    return found


def test_an_accession_counts_as_one_talk_on_the_staff_and_raises_its_price() -> None:
    world = whole()
    before, price = talks_open(world), staff_prices(world)
    offer = offered(world, kind(world), cptpp(world), _groups(world, "USA"))
    Accessions()._apply(world, kind(world), cptpp(world), offer)
    more = talks_open(world) - before
    assert more[place(world, "USA")] == 1 and more[place(world, "JPN")] == 1 and more.sum() == 2
    assert staff_prices(world)[place(world, "USA")] > price[place(world, "USA")]


def test_what_was_concluded_took_the_months_declared_and_binds_every_pair_by_the_text() -> None:
    world = lived()
    signed = [row for row in leads(world) if world.talks["stage"][row] == TalkStage.CONCLUDED]
    assert len(signed) >= 3
    part = world.setting.types[kind(world)]
    k = world.setting.words.issues.index("localisation")
    for lead in signed:
        rows = np.flatnonzero(world.talks["accession"] == lead)
        agreement = int(world.talks["joins"][lead])
        assert part.accession_least <= world.talks["closed"][lead] - world.talks["opened"][lead] <= part.accession_most
        assert len(set(world.talks["closed"][rows])) == 1 and (world.talks["stage"][rows] == TalkStage.CONCLUDED).all()
        for row in rows:
            (made,) = np.flatnonzero(world.instruments["talk"] == row)
            assert world.instruments["opens"][made] == agreement
            assert world.instruments["text"][made, k] == pytest.approx(world.instruments["text"][agreement, k])
            # In sum the newcomer gains; each party inside gains by its own pair.
            assert world.talks["utility"][row, 1] >= world.talks["disagreement_value"][row, 1]
        gains = world.talks["utility"][rows, 0] - world.talks["disagreement_value"][rows, 0]
        assert gains.sum() > 0.0


def test_who_has_joined_is_inside_and_is_asked_of_the_next() -> None:
    world = lived()
    assert "PHL" in codes(world, parties_inside(world, cptpp(world)))
    philippines = place(world, "PHL")
    assert philippines not in parties_inside(begun(joining(), 0), cptpp(world))
    groups = lacking(world, kind(world), place(world, "USA"), parties_inside(world, cptpp(world)))
    assert groups is None or philippines in groups.second


class Refusing(Compiled):
    """Decisions in which one party refuses every text."""

    def __init__(self, code: str) -> None:
        self.code = code

    def accept(self, world: World, talks: Any, problems: Any, outcomes: Any) -> Any:
        out = super().accept(world, talks, problems, outcomes)
        for side, key in enumerate(("first", "second")):
            out[world.talks[key][talks] == place(world, self.code), side] = False
        return out


def test_one_party_inside_that_refuses_at_the_end_ends_the_whole_accession() -> None:
    world = begun(joining(end="2021-05"), 0)
    for _ in months_of(world, decide=Refusing("MEX")):
        pass
    failed = 0
    for lead in leads(world):
        rows = np.flatnonzero(world.talks["accession"] == lead)
        if world.talks["stage"][lead] == TalkStage.OPEN or "MEX" not in codes(world, world.talks["second"][rows]):
            continue
        failed += 1
        assert (world.talks["stage"][rows] == TalkStage.FAILED).all()
        assert len(set(world.talks["reason"][rows])) == 1
        assert set(world.talks["reason"][rows]) <= {Reason.NOT_RATIFIABLE, Reason.REFUSED}
        assert not np.isin(world.instruments["talk"], rows).any()
    assert failed >= 2


def test_a_bar_between_two_ends_the_whole_accession_and_no_cost_stays_behind() -> None:
    world = begun(joining(end="2021-05"), 0)
    while not leads(world):
        engine.step(world)
    lead = leads(world)[0]
    rows = np.flatnonzero(world.talks["accession"] == lead)
    assert (world.upkeep_share[world.talks["edge"][rows]] == 1.0 / len(rows)).all()
    bar = world.hostile.copy()
    bar[world.talks["edge"][rows[-1]]] = True
    world.hostile[:] = bar
    engine.step(world)
    assert (world.talks["stage"][rows] == TalkStage.FAILED).all()
    assert set(world.talks["reason"][rows].tolist()) == {Reason.BARRED}
    assert (world.upkeep_share[world.talks["edge"][rows]] == 1.0).all()


def test_nobody_accedes_at_a_rate_of_zero_and_all_else_is_the_same_until_one_does() -> None:
    quick = {"accession_rate": 0.0, "accession_least": 2, "accession_most": 4, "months_to_force": 2}
    tree = joining(end="2021-05")
    still = begun({**tree, "agreements": {**tree["agreements"], TRADE: quick}}, 0)
    for _ in months_of(still):
        pass
    assert leads(still) == [] and leads(lived()) != []
    assert (still.upkeep_share == 1.0).all()
    first = min(int(lived().talks["opened"][row]) for row in leads(lived()))
    assert first > month_index("2019-10")
    for world in (still, lived()):
        assert (world.events["month"] < first).any()

    def before(world: World) -> set[tuple[int, ...]]:
        columns = [world.events[name].tolist() for name in ("month", "event", "party_a", "party_b", "type")]
        return {row for row in zip(*columns, strict=True) if row[0] < first}

    assert before(still) == before(lived())


def test_under_a_rival_theory_nobody_accedes() -> None:
    world = begun(joining(end="2020-06", rival="gravity"), 0)
    for _ in months_of(world):
        pass
    assert leads(world) == []


def test_plain_agents_and_the_engine_agree_while_some_accede() -> None:
    setting = setting_of(joining(end="2020-08"))
    plain, fast = DiplomacyModel(setting=setting, seed=0, plain=True), engine.start(setting, 0)
    for _ in range(11):
        plain.step()
        engine.step(fast)
    assert leads(fast) != []
    assert difference(plain.world, fast) is None


def test_why_tells_what_joining_would_bring_and_what_stands_in_the_way() -> None:
    world = whole()
    (told,) = (one for one in why(world, "USA", "JPN").types if one.name == TRADE)
    (joining_it,) = (one for one in told.joining if one.agreement == CPTPP)
    offer = offered(world, kind(world), cptpp(world), _groups(world, "USA"))
    assert joining_it.newcomer == "USA" and joining_it.rule == "" and joining_it.usd == pytest.approx(offer.usd(world))
    assert set(joining_it.pairs) == ELEVEN
    assert "may apply" in str(why(world, "USA", "JPN"))
    rules = {
        code: next(one.rule for kinds in why(world, code, "JPN").types for one in kinds.joining if one.agreement == CPTPP)
        for code in ("RUS", "TUV", "USA", "CRI")
    }
    assert rules == {"RUS": "barred", "TUV": "worth", "USA": "", "CRI": "price"}
    # Both are inside, or neither is.
    assert all(one.agreement != CPTPP for kinds in why(world, "SGP", "JPN").types for one in kinds.joining)


def test_a_signature_of_an_accession_is_told_as_every_other() -> None:
    world = lived()
    made = np.flatnonzero(world.instruments["opens"] >= 0)
    new = made[world.instruments["talk"][made] >= 0]
    signed = world.events["instrument"][world.events["event"] == Event.SIGNATURE]
    assert len(new) > 0 and np.isin(new, signed).all()
    assert (world.instruments["stage"][new] == Stage.IN_FORCE).any()


def test_a_player_is_not_told_what_joining_would_bring_others() -> None:
    from analysis.app.own_pairs import seen_by
    from analysis.why import told

    world = whole()
    everything = told(why(world, "USA", "JPN"))
    assert any(one["joining"] for one in everything["types"])
    assert not any(one["joining"] for one in seen_by(world, place(world, "JPN"), everything)["types"])
