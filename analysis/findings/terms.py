"""Each term of what an agreement is worth: where it is written, which known case holds it, and what is signed without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from analysis.ablation.effects import LEVEL, Moved, holm, moved, precision
from analysis.backtest.development import SPAN, seen
from analysis.backtest.run import Asked
from analysis.backtest.universe import table as backtest_table
from analysis.backtest.universe import universe
from analysis.findings import Lived, table
from analysis.worlds import Kept, World, lived

TITLE = "What each term is worth"
SEEDS = 20
PACT = "infrastructure_pact"
LEAD = """
The baseline from 2010-01 to 2018-12, all states, under `nash`, seeds 0 to 19, which share their luck. Each
term of an agreement's worth, and each rule about who may sign, is set to nothing, or to its least. *Data*
and *pacts* are signatures of two parties in a run on average. *Moved* is the share of signatures that went
to other types and dyads, beside what seeds alone move. *Area* is what the term adds to the area under
precision-recall on the years of development, in thousandths, with a 95 % interval over seeds. A term marked
`*` moves no more than seeds do: all chances are held together (Holm). Its file and a test of a known case
stand in the second table.
"""


class Term(NamedTuple):
    """One term: its words, the settings without it, its file, and the test of a known case."""

    words: str
    settings: Mapping[str, object]
    file: str
    test: str


def _each(name: str, value: object, *kinds: str) -> dict[str, object]:
    return {f"agreements.{kind}.{name}": value for kind in kinds}


DATA = ("adequacy_decision", "transfer_framework", "digital_trade_agreement")
NO_LEGISLATURE = {
    "mechanisms.ratification.least_regime": 4, "mechanisms.ratification.months_majority": 0.0,
    "mechanisms.ratification.months_supermajority": 0.0, "mechanisms.ratification.months_bloc_assent": 0.0,
}  # fmt: skip
TERMS: tuple[Term, ...] = (
    Term("trade: consumers and exporters", _each("trade_effect", 0.0, *DATA), "sim/stakes/data_trade.py",
         "test_data_agreements::test_consumers_and_exporters_gain_by_the_exact_change_of_one_pair"),
    Term("trade: exporters alone", {"mechanisms.effects.exporters_weight": 0.0}, "sim/stakes/data_trade.py",
         "test_trade::test_an_exporter_gains_its_margin_on_what_it_sells_more_and_others_lose_theirs"),
    Term("three tests: equivalence at its least, 0.7", {"mechanisms.law.equivalence": 0.7}, "sim/stakes/protection.py",
         "test_data_agreements::test_argentina_and_new_zealand_pass_without_undertakings_and_the_united_states_do_not"),
    Term("three tests: a law needs no authority", {"mechanisms.law.without_authority": 1.0}, "sim/mechanisms/law/rule.py",
         "test_data_agreements::test_a_law_counts_from_the_date_of_its_application_and_half_without_an_authority"),
    Term("three tests: the state need not be bound", {"mechanisms.law.guarantees": False}, "sim/stakes/protection.py",
         "test_data_agreements::test_a_state_that_is_not_bound_by_law_passes_no_test_whatever_its_law_says_and_however_little_data_it_reaches"),
    Term("breach: rule of law", _each("breach", 0.0, *DATA), "sim/stakes/data_flows.py",
         "test_data_agreements::test_each_term_comes_from_its_own_number"),
    Term("surveillance", _each("surveillance", 0.0, *DATA[:2], "law_enforcement_access"), "sim/stakes/data_flows.py",
         "test_data_agreements::test_each_term_comes_from_its_own_number"),
    Term("contract clauses, and moving safeguards: least", _each("salience_safeguards", 0.01, *DATA[:2]), "sim/stakes/data_flows.py",
         "test_data_agreements::test_each_term_comes_from_its_own_number"),
    Term("one law: raising it", {"mechanisms.law.cost_safeguards": 0.0, "mechanisms.law.cost_redress": 0.0},
         "sim/mechanisms/law/rule.py", "test_data_agreements::test_what_is_undertaken_holds_towards_everybody_and_is_paid_once"),
    Term("security: a rival's gain", {"mechanisms.alliances.fear_of_rivals": 0.0}, "sim/stakes/security.py",
         "test_data_agreements::test_a_rivals_gain_is_feared_and_an_allys_is_welcome"),
    Term("security: an ally's gain", {"mechanisms.alliances.joy_in_allies": 0.0}, "sim/stakes/security.py",
         "test_data_agreements::test_a_rivals_gain_is_feared_and_an_allys_is_welcome"),
    Term("security: hostility bars", {"mechanisms.alliances.hostility_bars": False}, "sim/mechanisms/alliances/rule.py",
         "test_alliances::test_too_hostile_parties_open_no_talks_and_open_ones_fail"),
    Term("security: sanctions and wars bar", {"background": []}, "sim/shocks/sanctions.py",
         "test_sanctions::test_in_2019_those_under_broad_sanctions_are_barred_and_others_are_not"),
    Term("security: all members to share a bloc's hostility", {"mechanisms.alliances.minority": 1.0},
         "sim/mechanisms/alliances/rule.py", "test_alliances::test_a_bloc_is_as_hostile_as_a_blocking_minority_of_its_people_is"),
    Term("staff has a price", {"mechanisms.bargaining.staff_price": 0.0}, "sim/decide/decisions.py",
         "test_staff_and_beliefs::test_nobody_opens_talks_that_do_not_pay_the_staff_of_both"),
    Term("staff: who is judged gives as much", {"agreements.adequacy_decision.judged_staff": 1.0}, "sim/contracts/words.py",
         "test_stationary_start::test_who_is_judged_gives_a_quarter_of_the_staff_of_the_judge"),
    Term("upkeep", _each("upkeep", 0.0, *DATA, "law_enforcement_access"), "sim/stakes/data_flows.py",
         "test_data_agreements::test_each_term_comes_from_its_own_number"),
    Term("policy space, localisation: least", _each("salience_localisation", 0.005, *DATA[1:]),
         "sim/agreements/digital_trade_agreement.py", "test_agreements::test_a_framework_is_worth_what_its_equations_say"),
    Term("policy space: nobody carries a carve-out", {"agreements.digital_trade_agreement.carve_out_bar": 1.0},
         "sim/agreements/digital_trade_agreement.py", "test_data_agreements::test_a_party_with_strict_law_carries_a_carve_out"),
    Term("beliefs err", {"mechanisms.bargaining.belief_error": 0.0}, "sim/stakes/beliefs.py",
         "test_staff_and_beliefs::test_an_error_is_a_share_of_the_gain_and_falls_with_contact_trust_and_failed_talks"),
    Term("executives and pivots differ", {"mechanisms.executives.differ": False}, "sim/mechanisms/executives.py",
         "test_executives::test_a_leaning_stays_between_elections_and_moves_in_the_month_of_one"),
    Term("ratifiers consent", NO_LEGISLATURE, "sim/mechanisms/ratification.py",
         "test_executives::test_a_divided_government_ratifies_no_more_and_in_all_less_often_at_unchanged_text"),
    Term("screening takes a month", _each("screening_least", 1, DATA[0]) | _each("screening_most", 1, DATA[0]),
         "sim/stakes/screening.py", "test_staff_and_beliefs::test_a_screening_takes_what_luck_says_between_its_bounds"),
    Term("trade deals are the occasion", {"mechanisms.trade_deals.strength": 0.0, "mechanisms.trade_deals.replacing": 0},
         "sim/mechanisms/trade_deals.py", "test_data_agreements::test_digital_trade_is_talked_about_while_a_deal_is_made"),
    Term("requests of the police are worth something", {"agreements.law_enforcement_access.requests": 0.0},
         "sim/stakes/providers.py",
         "test_market::test_requests_go_to_who_holds_the_data"),
    Term("pacts: rivals bid", {"mechanisms.bargaining.reach": 0.0}, "sim/stakes/leverage.py",
         "test_pacts::test_what_a_host_signs_is_worth_no_less_than_any_bid"),
    Term("pacts: a budget, ten times as large", {"agreements.infrastructure_pact.budget_share": 5e-4},
         "sim/agreements/infrastructure_pact.py", "test_pacts::test_nobody_is_sold_more_than_its_load_nor_pays_more_than_its_budget"),
    Term("pacts: a rival that hosts", {"agreements.infrastructure_pact.rival_host": 0.0}, "sim/agreements/infrastructure_pact.py",
         "test_pacts::test_china_is_not_in_need_and_a_rival_that_hosts_is_feared"),
)  # fmt: skip


def body(found: Lived) -> str:
    """Return what moves without each term, and where each is written."""
    outputs = Asked().outputs / "backtest" / "runs"
    groups = {row["type"]: row["group"] for row in backtest_table("groups")}

    def world(**settings: object) -> Kept:
        return lived(World.of("baseline", SPAN, settings), SEEDS, outputs, found.heard)

    on = world()
    told = [(term, off := world(**term.settings), moved(on, off)) for term in TERMS]
    chances = holm([one.chance for *_, one in told])
    rows = [["all as it stands", *_counts(on), "", "", ""]]
    for (term, off, one), chance in zip(told, chances, strict=True):
        area = precision(on, off, seen(), universe(), groups)
        low, high = (f"{1e3 * value:+.1f}" for value in (area.low, area.high))
        rows.append([f"{term.words}{_mark(one, chance)}", *_counts(off), *_shares(one), f"{1e3 * area.mean:+.1f} ({low} to {high})"])
    first = table(["without", "data", "pacts", "moved", "by seeds alone", "area, thousandths"], rows)
    second = table(["term", "file", "known case"], [[term.words, f"`{term.file}`", f"`{term.test}`"] for term in TERMS])
    return f"{first}\n\n{second}"


def _counts(kept: Kept) -> list[str]:
    pacts = sum(kind == PACT for _, kind, *_ in kept.signed)
    return [f"{(len(kept.signed) - pacts) / kept.seeds:.1f}", f"{pacts / kept.seeds:.1f}"]


def _mark(one: Moved, chance: float) -> str:
    return "" if chance <= LEVEL or one.share != one.share else " `*`"


def _shares(one: Moved) -> list[str]:
    return [f"{100 * one.share:.0f} %", f"{100 * one.noise:.0f} %"]
