"""The plain twins beside the engine: mechanism by mechanism on copies of its world, or whole months on a world of their own."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
from reference.linkage_plain import packages
from reference.plain_month import TWINS, live
from reference.plain_world import K, PlainWorld, array_of, arrays_of, differences, read, told
from reference.played_plain import PlainHand
from torn import TORN

from sim import engine
from sim.agents.party import DECISIONS
from sim.data.records import Competence, InstitutionRow
from sim.decide.contacts import Contacts
from sim.decide.decisions import Compiled
from sim.ledger import list_instrument, move, open_talk
from sim.model import AgentsDecide, DiplomacyModel
from sim.seat.moves import Move
from sim.seat.played import Played, played_by, tell_moves
from sim.state.world import Setting, Table, World, clone
from sim.types import NEVER, Channel, Event, Institution, Rank, Reason, Stage, month_index

APPRAISED = ("contact_weight", "prospect", "role", "linked_prospect", "linked_roles")
EIGHT = ("CHN", "DEU", "FRA", "GBR", "IDN", "SGP", "TUV", "USA")
MONTHS = 24
SHORT = {
    "agreements": {
        "transfer_framework": {"months_to_force": 2},
        "infrastructure_pact": {"months_to_force": 1, "build_months": 6, "budget_share": 5e-4},
    },
    "mechanisms": {
        "bargaining": {
            "propose_rate": 1.0,
            "desks": 8.0,
            "staff_price": 0.0,
            "lapse": 3,
            "rest_after_failure": 4,
            "side_payments": True,
            "reach": 1.0,
            "linkage": True,
        },
        # Few partners share what would be hours for two hundred: cheap hours make as many contacts as there are in the whole world.
        "contacts": {"hour_price": 3.0},
    },
}
PROTOCOLS = {
    "nash": {"name": "nash", "contacts_to_conclude": 4},
    "alternating_offers": {"name": "alternating_offers", "deadline_rounds": 14},
}
CLOSED = [{"kind": "attendance_rules"}, {"kind": "travel_closure"}, {"kind": "vaccines"}]
SCENARIOS: dict[str, list[dict[str, Any]]] = {"baseline": [], "pandemic_lockdown": CLOSED}

FEW_HOURS = {"hours_head": 2.0, "hours_minister": 3.0, "hours_official": 3.0, "talk_weight": 0.0}
QUIET = {**SHORT["mechanisms"], "contacts": FEW_HOURS, "bodies": {"good_terms": 1.0}}  # and bodies mediate between many
LEVERS = {
    4: [engine.Action("mechanisms.contacts.prospect_weight", 1.0)],
    7: [engine.Action("agreements.transfer_framework.trade_effect", 0.1)],
}


def small(protocol: str = "nash", scenario: str = "pandemic_lockdown", **over: Any) -> dict[str, Any]:
    """Return a world of eight states and two blocs in which much happens in two years: the United Kingdom leaves, borders close."""
    whole = {"start": "2019-10", "end": "2021-09", "roster": {"states": list(EIGHT)}, "protocol": PROTOCOLS[protocol]}
    return {**whole, "shocks": SCENARIOS[scenario], **SHORT, **over}


def torn(protocol: str = "nash", scenario: str = "pandemic_lockdown", **over: Any) -> dict[str, Any]:
    """Return a world in which those at home refuse as well as ratify, over the same months."""
    states = {"roster": {"states": ["BRA", "CHN", "DEU", "FRA", "GBR", "IDN", "JPN", "KEN", "SGP", "USA"]}}
    # Equal weights and a keen eye on rivals: texts near the edge of what ratifiers and executives can bear.
    mechanisms = {
        **TORN["mechanisms"],
        "bargaining": {
            **TORN["mechanisms"]["bargaining"],
            "power": 0.0,
            "reach": float(protocol == "nash"),
            "side_payments": True,
            "linkage": True,
        },
    }
    # Where nobody looks at rivals, a pact that costs more to run leaves some talks without a zone.
    pact = {**TORN["agreements"]["infrastructure_pact"], **({} if protocol == "nash" else {"upkeep": 3e7})}
    agreements = {**TORN["agreements"], "infrastructure_pact": pact}
    return {**small(protocol, scenario), "agreements": agreements, "mechanisms": mechanisms, **states, **over}


def demanding(setting: Setting) -> Setting:
    """Return a world in which some states' own laws ask more, or less, of their executives than their regime would."""
    asked = {"BRA": 0.9, "DEU": 0.6667, "IDN": 0.6, "JPN": 0.9, "USA": 1.0}
    rows = (
        InstitutionRow("CHN", "executive", "majority", 0.5),
        InstitutionRow("GBR", "executive", "supermajority", 0.75),
        InstitutionRow("FRA", "funds_committed", "executive_act", 0.0),
        *(InstitutionRow(code, "funds_committed", "supermajority", quota) for code, quota in asked.items()),
    )
    return dataclasses.replace(setting, roster=dataclasses.replace(setting.roster, institutions=rows))


def eventful(setting: Setting, state: str = "SGP") -> Setting:
    """Return a world whose dates act mid-year: a state joins the EU, enters the area of free flow, and the EU gains a competence."""
    roster, n, when = setting.roster, setting.roster.codes.index(state), month_index("2020-05")
    dates = {name: getattr(roster, name).copy() for name in ("member_from", "member_until", "member_bound_until")}
    for organisation, start in (("EU", when), ("EEA", when + 1)):
        at = roster.organisations.index(organisation)
        dates["member_from"][at, n] = start
        dates["member_until"][at, n] = dates["member_bound_until"][at, n] = NEVER
    added = (
        Competence("EU", "infrastructure_pact", "exclusive", when + 3, NEVER),
        Competence("ASEAN", "transfer_framework", "shared", when, NEVER),
    )
    competences = (*roster.competences, *added)
    return dataclasses.replace(setting, roster=dataclasses.replace(roster, competences=competences, **dates))


def out_of_turn(world: World) -> None:
    """Open talks that a bloc alone may hold, and give what history left in force a term that soon ends."""
    without_a_voice(world)
    world.instruments["term"][0] = world.month + 3 - world.instruments["in_force"][0]
    world.array("renewal")[0] = 0


def without_a_voice(world: World) -> None:
    """Open talks that a bloc alone may hold."""
    germany, kind = world.setting.party("DEU"), world.setting.type_names.index("transfer_framework")
    open_talk(world, kind, germany, world.setting.party("SGP"), germany)


def sated(world: World) -> None:
    """Let hosts build at home what they need: pacts that wait for ratifiers are worth nothing any more."""
    n = world.setting.n_states
    world.base_capacity[:n] = np.maximum(world.base_capacity[:n], world.load[:n] - world.capacity_gained[:n])


def leavers(world: World) -> None:
    """Put in force what a state that leaves the EU goes on with in its own name, and suspend one of what the EU has in force."""
    eu, kind, codes = world.setting.party("EU"), world.setting.type_names.index("infrastructure_pact"), world.setting.party
    suspended = int(np.flatnonzero(world.instruments["first"] == eu)[-1])
    move(world, suspended, Stage.SUSPENDED)
    row = list_instrument(world, kind, eu, codes("SGP"), np.full(K, np.nan), world.month - 9, world.month - 9, -1)
    world.instruments["payment"][row] = 2e9


def resume(world: World) -> None:
    """End every suspension."""
    for row in np.flatnonzero(world.instruments["stage"] == Stage.SUSPENDED):
        move(world, int(row), Stage.IN_FORCE)


def meddle(world: World) -> None:
    """Do all that these do, in a month after the first (trade has been solved for what was then in force)."""
    out_of_turn(world)
    leavers(world)


class Overheard:
    """The compiled decisions, and a record of what they were, month by month."""

    def __init__(self, stubborn: bool, played: Played | None = None) -> None:
        self._honest, self._stubborn = Compiled() if played is None else played, stubborn
        # A seat that is played has a hand at the engine's table, and the same moves, told plainly, at the twin's.
        self.hand = self._honest.hand
        self.plainly = None if played is None else PlainHand(played.moves[0].party, [move.tree() for move in played.moves])
        self.forget()

    def forget(self) -> None:
        self.appraised: dict[str, Any] | None = None
        self.chosen: Any = None
        self.price: Any = None
        self.proposed: list[Any] = []
        self.accepted: dict[int, Any] = {}
        self.ratified: dict[int, Reason] = {}

    def appraise(self, world: World) -> None:
        self._honest.appraise(world)
        self.appraised = {name: getattr(world, name).copy() for name in APPRAISED}

    def choose_partners(self, world: World) -> Any:
        self.chosen = self._honest.choose_partners(world)
        if self._stubborn:  # some leave open how they meet, so that what is settled for them is compared too
            self.chosen.channel[self.chosen.edge % 3 == 0] = -1
            # At the price itself two ways of holding the last contact are worth the same, and rounding would choose.
            world.hour_price *= 0.999
        self.price = world.hour_price.copy()
        return self.chosen

    def propose(self, world: World, contacts: Contacts) -> Any:
        self.proposed.append(self._honest.propose(world, contacts))
        return self.proposed[-1]

    def accept(self, world: World, talks: Any, problems: Any, outcomes: Any) -> Any:
        answers = self._honest.accept(world, talks, problems, outcomes)
        if self._stubborn:  # some refuse what is worth their while, so that refusals are compared too
            answers = answers & (talks % 4 != 0)[:, None]
        self.accepted |= dict(zip(talks.tolist(), answers.tolist(), strict=True))
        return answers

    def ratify(self, world: World, places: Any) -> Any:
        answers = self._honest.ratify(world, places)
        if self._stubborn:
            answers[places % 5 == 0] = Reason.NOT_RATIFIED
        self.ratified = {place: Reason(answer) for place, answer in zip(places.tolist(), answers.tolist(), strict=True)}
        return answers


def contacts_in_words(w: PlainWorld, chosen: Any) -> list[tuple[str, str, Rank, Channel | None]]:
    """Tell chosen contacts as owner, partner, rank and channel, None where that is left open."""
    rows = zip(chosen.edge, chosen.rank, chosen.channel, strict=True)
    return [(*w.dyads[edge], Rank(rank), None if channel < 0 else Channel(channel)) for edge, rank, channel in rows]


class Retold:
    """What was overheard, told to a twin, which has to ask as the engine asked."""

    def __init__(self, heard: Overheard) -> None:
        self.heard, self.asked, self.hand = heard, Counter[str](), heard.plainly
        self.proposed = iter(heard.proposed)

    def appraise(self, w: PlainWorld) -> None:
        self.asked["appraise"] += 1
        for name, array in (self.heard.appraised or {}).items():
            read(w, name, array)

    def choose_partners(self, w: PlainWorld) -> list[tuple[str, str, Rank, Channel | None]]:
        read(w, "hour_price", self.heard.price)
        return contacts_in_words(w, self.heard.chosen)

    def propose(self, w: PlainWorld, contacts: list[Any]) -> list[str | None]:
        return [None if t < 0 else [*w.kinds, *packages(w.kinds)][t] for t in next(self.proposed)]

    def accept(self, w: PlainWorld, talks: list[int], texts: list[Any]) -> list[Any]:
        return [self.heard.accepted.get(row, "not asked") for row in talks]

    def ratify(self, w: PlainWorld, standings: list[int]) -> list[Any]:
        self.asked.update(f"ratify {at}" for at in standings)
        return [self.heard.ratified.get(at, "not asked") for at in standings]

    def unlike(self, mechanism: str) -> list[str]:
        """Say what the twin asked and the engine did not, or the other way round."""
        if mechanism == "contacts" and bool(self.asked["appraise"]) != (self.heard.appraised is not None):
            return ["one of the two did not ask for an appraisal"]
        votes = {f"ratify {at}" for at in self.heard.ratified}
        return ["other ratifiers were asked"] if mechanism == "ratification" and set(self.asked) != votes else []


@dataclass
class Walk:
    """What was seen on the way: differences and what changed by mechanism, the ledger's words, who had to consent, the world at last."""

    differences: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in TWINS})
    changed: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in TWINS})
    seen: set[str] = field(default_factory=set)
    months: int = 0
    last: Any = None


def walk(
    setting: Setting,
    seed: int,
    *,
    only: str | None = None,
    stop: bool = False,
    hands: dict[int, Callable[[World], None]] | None = None,
    actions: dict[int, list[engine.Action]] | None = None,
    stubborn: bool = False,
    moves: tuple[Move, ...] = (),
    begin: World | None = None,
) -> Walk:
    """Live the engine's months; before each mechanism's step copy the world, let the twin do the step on the copy, and compare.

    ``only`` one mechanism is compared; ``stop`` at the first difference; ``hands`` are laid on the world and levers moved (``actions``)
    before the month of that number; ``stubborn``: some parties, and some at home, refuse what they should accept;
    ``moves`` of a played seat are carried out; ``begin``: on a copy of this world instead of a new one (:func:`three_months`).
    """
    played = played_by(setting, moves)
    world, found, heard = engine.start(setting, seed) if begin is None else clone(begin), Walk(), Overheard(stubborn, played)
    world.record_offers, theirs, found.months = True, None, world.month - setting.config.start
    while world.month <= world.setting.config.end and not (stop and any(found.differences.values())):
        heard.forget()
        meet(world, found.months, hands, actions)
        if played is not None:
            tell_moves(world, played)
        fresh = False  # whether nothing has been done to the world since it was last copied
        for _, name in engine.MONTH:
            part = world.setting.config.mechanisms[name]
            if only not in (None, name) or name not in TWINS:
                part.step(world, heard)
                fresh = False
                continue
            if not fresh:
                before, theirs = bits(world), told(world, since=world.month, like=theirs)
            part.step(world, heard)
            mine, retold = theirs, Retold(heard)
            TWINS[name].step(mine, retold)
            theirs, fresh = told(world, since=world.month, like=mine), True
            found.differences[name] += differences(mine, theirs) + retold.unlike(name)
            after = bits(world)
            found.changed[name] |= {key for key in before if before[key] != after[key]}
            before = after
        world.month += 1
        found.months += 1
    found.seen = {setting.words.events[event].upper() for event in np.unique(world.events["event"])}
    found.seen |= {setting.words.reasons[reason].upper() for reason in np.unique(world.events["reason"])}
    asked, found.last = world.adherence["institution"], world
    found.seen |= {Institution(i).name for i in np.unique(asked[asked >= 0])}
    return found


def meet(world: World, at: int, hands: dict[int, Callable[[World], None]] | None, actions: dict[int, list[engine.Action]] | None) -> None:
    """Lay hands on the world and move levers, as is asked for before the month of that number."""
    if hands and at in hands:
        hands[at](world)
    for action in (actions or {}).get(at, ()):
        engine.move_lever(world, action)


def three_months(
    setting: Setting,
    seed: int,
    *,
    hands: dict[int, Callable[[World], None]] | None = None,
    actions: dict[int, list[engine.Action]] | None = None,
    stubborn: bool = False,
) -> World:
    """Return a world after three months of the engine alone, from which every planted fault may begin; a walk copies it."""
    world, heard = engine.start(setting, seed), Overheard(stubborn)
    world.record_offers = True
    for at in range(3):
        heard.forget()
        meet(world, at, hands, actions)
        for _, name in engine.MONTH:
            world.setting.config.mechanisms[name].step(world, heard)
        world.month += 1
    return world


def bits(world: World) -> dict[str, bytes]:
    """Return the bits of every array and table."""
    arrays = {name: getattr(world, name).tobytes() for name in world.setting.schema.arrays}
    tables = world.setting.schema.forms
    return arrays | {name: b"".join(getattr(world, name)[column].tobytes() for column in form) for name, form in tables.items()}


class Agents:
    """The agents of ``sim.agents`` asked about a plain world, which is poured into arrays for them to read before each question."""

    def __init__(self, setting: Setting, seed: int) -> None:
        self.model = DiplomacyModel(seed=seed, setting=setting, plain=True)
        self.ask = AgentsDecide(self.model, frozenset(DECISIONS), Compiled())

    @property
    def mirror(self) -> World:
        return self.model.world

    def pour(self, w: PlainWorld) -> World:
        for name in w.schema.arrays:
            getattr(self.mirror, name)[...] = array_of(w, name)
        for name in ("talks", "instruments", "adherence"):
            setattr(self.mirror, name, Table.from_arrays(w.schema.forms[name], arrays_of(w, name)))
        self.mirror.month = w.month
        return self.mirror

    def appraise(self, w: PlainWorld) -> None:
        self.ask.appraise(self.pour(w))
        for name in APPRAISED:
            read(w, name, getattr(self.mirror, name))

    def choose_partners(self, w: PlainWorld) -> list[tuple[str, str, Rank, Channel | None]]:
        chosen = self.ask.choose_partners(self.pour(w))
        read(w, "hour_price", self.mirror.hour_price)
        return contacts_in_words(w, chosen)

    def propose(self, w: PlainWorld, contacts: list[Any]) -> list[str | None]:
        edges, names = [w.edge_at[row.party_a, row.party_b] for row in contacts], [*w.kinds, *packages(w.kinds)]
        held = ([getattr(row, name) for row in contacts] for name in ("channel", "rank"))
        answers = self.ask.propose(self.pour(w), Contacts(np.array(edges, np.int32), *(np.array(one, np.int8) for one in held)))
        return [None if t < 0 else names[t] for t in answers]

    def accept(self, w: PlainWorld, talks: list[int], texts: list[Any]) -> list[list[bool]]:
        answers: Any = self.ask.accept(self.pour(w), np.array(talks), None, SimpleNamespace(text=np.array(texts)))  # type: ignore[arg-type]
        return answers.tolist()

    def ratify(self, w: PlainWorld, standings: list[int]) -> list[Reason]:
        return [Reason(answer) for answer in self.ask.ratify(self.pour(w), np.array(standings))]


def live_plainly(w: PlainWorld, agents: Agents, actions: tuple[engine.Action, ...] = ()) -> None:
    """Live one plain month, after what is done to it from outside."""
    for action in actions:
        engine.move_lever(agents.mirror, action)
        w.obey(agents.mirror.setting.config)
        w.say(Event.ACTION, value=float(action.value))
    live(w, agents)
