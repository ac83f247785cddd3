"""What a part of one's own is made of: the one module of ours that users' parts import, and the only one that is kept stable for them.

The names below come from many rooms, and the rooms may move; ``from sim.parts import part, param, World`` stays. Nothing is told here: each
name is explained where it is defined (``help(sim.parts.Draft)``). What each kind of part takes:

- every part: :func:`part`, and :func:`param`, :func:`choice` or :func:`switch` for each parameter;
- whatever adds to the state or to the words of a run: :func:`array`, :func:`table` with its :func:`column`, :func:`axis`; :func:`event`,
  :func:`reason`, :func:`occasion`, :func:`channel`, :func:`issue`;
- a metric, a shock: :class:`World`, :class:`Setting`, array types, the numbers of the ledger (:class:`Event`, :class:`Stage`, ...);
  of a metric with several columns what each holds, as :class:`Meaning`;
- an agreement type: what it does, as :class:`FreesData`, :class:`Builds` or a :class:`Consequence` of its own; between two also
  :class:`Groups`, :class:`Draft`, :class:`Coefficients`; of many :class:`StakesDraft`, :class:`Stakes`,
  :func:`over_members`, :class:`Decides`;
- a protocol: :class:`Problems`, :class:`Outcomes` and :func:`checked`; those of many parties and of finite tables beside them; and the
  texts that ours find, to build on;
- a mechanism: what a metric takes, luck by name and identity, the acts of the ledger, and the terms of other mechanisms;
- a rival theory: :class:`Theory`, with :class:`Groups`, :class:`Problems` and :class:`Outcomes`; :func:`middle` and :func:`concluded`;
- agents: :class:`StateAgent`, :class:`BlocAgent` and what they are asked with. These come from Mesa, which is loaded when one of them is
  first asked for and not before: a part of another kind stays light. So name what is imported; ``import *`` would load Mesa.

Ours import from the rooms themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.arrays import (
    Bools,
    Floats,
    Ints,
    among,
    both_inside,
    by_role,
    cells,
    ends_of_states,
    find_edge,
    row_sums,
    seen_by_partner,
    states_end,
    where_true,
)
from sim.bargains.fair import egalitarian_outcomes, kalai_smorodinsky_outcomes
from sim.bargains.frontier import best_texts
from sim.bargains.group import GroupOutcome, GroupProblem, best_under, checked_group, no_text
from sim.bargains.many import egalitarian_group, kalai_smorodinsky_group, nash_group, utilitarian_group
from sim.bargains.problems import W_MIN, OfferLog, Outcomes, Problems, Talks, checked, first_proposers
from sim.bargains.ratified import nash_outcomes
from sim.bargains.splits import weighted_best
from sim.bargains.stances import judged
from sim.bargains.tables import TableLog, TableOutcomes, Tables, additive, ranked, tables_of
from sim.bargains.tables import checked as checked_tables
from sim.bargains.winset import Pivots
from sim.bargains.worth import worth as utilities
from sim.consequences import (
    Adds,
    AddsTrade,
    Builds,
    Consequence,
    Covers,
    FreesData,
    Guides,
    Lasts,
    Made,
    Pays,
    Rate,
    Shares,
    Undertakes,
    a_parameter,
    an_issue,
    consequence,
)
from sim.contracts import ACCESSION, ARITIES, ENDINGS, ENTRIES, INFORMATION, LEAVERS, VOTING, arity_of, links_of
from sim.contracts.words import AXES, OVER_MONTHS, OVER_PARTIES, OVER_ROWS
from sim.data.roster import Roster
from sim.decide.theory import Theory, concluded, middle
from sim.declare.arrays import Array, Axis, Column, Rows, array, axis, column, table
from sim.declare.forced import Change, Raised
from sim.declare.lasting import Lasting
from sim.declare.meanings import Meaning
from sim.declare.words import Shown, Word, channel, event, issue, occasion, reason
from sim.kernels import jit
from sim.ledger import (
    accede,
    adherents,
    bind_outvoted,
    bloc_of,
    bound_states,
    bring_into_force,
    change_binding,
    change_membership,
    close_conference,
    close_talk,
    denounce,
    fail_ratification,
    leave_seat,
    list_instrument,
    move,
    open_conference,
    open_talk,
    own_places,
    put_to_ratifiers,
    ratify,
    refuse_accession,
    renew_coverage,
    seated,
    sign,
    sign_treaty,
    withdraw,
)
from sim.ledger.month import contacts_held, counts_of_month
from sim.ledger.votes import pending
from sim.mechanisms.roster.principals import principal
from sim.mechanisms.trust.reputation import believe, reputation
from sim.ports import (
    BargainingTerms,
    ContactTerms,
    CourtTerms,
    LawTerms,
    PlatformTerms,
    PoliticsTerms,
    RatificationTerms,
    TradeTerms,
    TrustTerms,
)
from sim.registry import choice, param, part, switch
from sim.rng import (
    Decision,
    decision,
    exponential,
    exponential_of,
    identities,
    identity,
    uniform,
    uniform_of,
    uniforms,
    uniforms_of,
)
from sim.stakes import annulment, data_flows, providers, threats
from sim.stakes.annulment import foresee
from sim.stakes.data_trade import data_trade
from sim.stakes.payoffs import BP, W_FLOOR, Coefficients, Draft, Groups, midway_gains
from sim.stakes.protection import bars, demanded, essential_guarantees, needed_redress, needed_safeguards, protections_of
from sim.stakes.security import externality
from sim.stakes.stakes import Gathering, Stakes, StakesDraft, issues_of, over_members
from sim.stakes.treaties import bound_elsewhere, members_of_bloc, signatories
from sim.stakes.votes import Decides, VotingRule, carried
from sim.stakes.welfare import by_source, in_usd, source_names, source_words
from sim.state.world import Edges, Setting, Table, World
from sim.types import (
    NEVER,
    Channel,
    Event,
    Flag,
    Institution,
    ModelFault,
    Occasion,
    Rank,
    Reason,
    SeatStage,
    Stage,
    Status,
    TalkStage,
    UserError,
    month_index,
    month_label,
    nearest,
)

if TYPE_CHECKING:
    from sim.agents import Agreement, BlocAgent, Conference, Contact, Negotiation, PartyAgent, Regime, StateAgent

__all__ = [
    "ACCESSION",
    "ARITIES",
    "AXES",
    "BP",
    "ENDINGS",
    "ENTRIES",
    "INFORMATION",
    "LEAVERS",
    "NEVER",
    "OVER_MONTHS",
    "OVER_PARTIES",
    "OVER_ROWS",
    "VOTING",
    "W_FLOOR",
    "W_MIN",
    "Adds",
    "AddsTrade",
    "Agreement",
    "Array",
    "Axis",
    "BargainingTerms",
    "BlocAgent",
    "Bools",
    "Builds",
    "Change",
    "Channel",
    "Coefficients",
    "Column",
    "Conference",
    "Consequence",
    "Contact",
    "ContactTerms",
    "CourtTerms",
    "Covers",
    "Decides",
    "Decision",
    "Draft",
    "Edges",
    "Event",
    "Flag",
    "Floats",
    "FreesData",
    "Gathering",
    "GroupOutcome",
    "GroupProblem",
    "Groups",
    "Guides",
    "Institution",
    "Ints",
    "Lasting",
    "Lasts",
    "LawTerms",
    "Made",
    "Meaning",
    "ModelFault",
    "Negotiation",
    "Occasion",
    "OfferLog",
    "Outcomes",
    "PartyAgent",
    "Pays",
    "Pivots",
    "PlatformTerms",
    "PoliticsTerms",
    "Problems",
    "Raised",
    "Rank",
    "Rate",
    "RatificationTerms",
    "Reason",
    "Regime",
    "Roster",
    "Rows",
    "SeatStage",
    "Setting",
    "Shares",
    "Shown",
    "Stage",
    "Stakes",
    "StakesDraft",
    "StateAgent",
    "Status",
    "Table",
    "TableLog",
    "TableOutcomes",
    "Tables",
    "TalkStage",
    "Talks",
    "Theory",
    "TradeTerms",
    "TrustTerms",
    "Undertakes",
    "UserError",
    "VotingRule",
    "Word",
    "World",
    "a_parameter",
    "accede",
    "additive",
    "adherents",
    "among",
    "an_issue",
    "annulment",
    "arity_of",
    "array",
    "axis",
    "bars",
    "believe",
    "best_texts",
    "best_under",
    "bind_outvoted",
    "bloc_of",
    "both_inside",
    "bound_elsewhere",
    "bound_states",
    "bring_into_force",
    "by_role",
    "by_source",
    "carried",
    "cells",
    "change_binding",
    "change_membership",
    "channel",
    "checked",
    "checked_group",
    "checked_tables",
    "choice",
    "close_conference",
    "close_talk",
    "column",
    "concluded",
    "consequence",
    "contacts_held",
    "counts_of_month",
    "data_flows",
    "data_trade",
    "decision",
    "demanded",
    "denounce",
    "egalitarian_group",
    "egalitarian_outcomes",
    "ends_of_states",
    "essential_guarantees",
    "event",
    "exponential",
    "exponential_of",
    "externality",
    "fail_ratification",
    "find_edge",
    "first_proposers",
    "foresee",
    "identities",
    "identity",
    "in_usd",
    "issue",
    "issues_of",
    "jit",
    "judged",
    "kalai_smorodinsky_group",
    "kalai_smorodinsky_outcomes",
    "leave_seat",
    "links_of",
    "list_instrument",
    "members_of_bloc",
    "middle",
    "midway_gains",
    "month_index",
    "month_label",
    "move",
    "nash_group",
    "nash_outcomes",
    "nearest",
    "needed_redress",
    "needed_safeguards",
    "no_text",
    "occasion",
    "open_conference",
    "open_talk",
    "over_members",
    "own_places",
    "param",
    "part",
    "pending",
    "principal",
    "protections_of",
    "providers",
    "put_to_ratifiers",
    "ranked",
    "ratify",
    "reason",
    "refuse_accession",
    "renew_coverage",
    "reputation",
    "row_sums",
    "seated",
    "seen_by_partner",
    "sign",
    "sign_treaty",
    "signatories",
    "source_names",
    "source_words",
    "states_end",
    "switch",
    "table",
    "tables_of",
    "threats",
    "uniform",
    "uniform_of",
    "uniforms",
    "uniforms_of",
    "utilitarian_group",
    "utilities",
    "weighted_best",
    "where_true",
    "withdraw",
]

_OF_AGENTS = frozenset(("Agreement", "BlocAgent", "Conference", "Contact", "Negotiation", "PartyAgent", "Regime", "StateAgent"))


def __getattr__(name: str) -> Any:
    """Import what agents are made of on first use: it comes with Mesa, which no other part needs."""
    if name in _OF_AGENTS:
        import sim.agents as room

        return getattr(room, name)
    raise AttributeError(f"module 'sim.parts' has no attribute {name!r}; {nearest(name, __all__)}")
