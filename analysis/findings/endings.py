"""Endings: each transition of an instrument, a case or a breach, the test that holds it, and how often it happens in a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.findings import Lived, table
from sim.recorder import RunData
from sim.run import run

TITLE = "Promises, courts and endings"
SEEDS = 20
SCENARIO = "eu_us_transfers"
LEAD = """
How often each transition happens in a run on average: in the baseline (2019-01 to 2025-12) and in
the scenario `eu_us_transfers` (2000-08 to 2025-12), all states, under `nash`, seeds 0 to 19. Beside
it stands the test that holds it. The second table sets ends a year of instruments in force beside
figures of the world; nothing is fitted to them. The bar to leaving and what history leaves unseen
were added after a look at runs in which many more left.
"""


class Turn(NamedTuple):
    """A transition: its words, how it is counted in a run, and its test."""

    words: str
    event: str
    reason: str | None
    test: str


TURNS: tuple[Turn, ...] = (
    Turn("a case begins", "complaint", None, "test_courts::test_complaints_come_at_their_rate_by_the_luck_of_the_instrument"),
    Turn(
        "a ruling",
        "ruling",
        None,
        "test_courts::test_what_is_struck_is_annulled_after_the_months_of_grace_and_binds_nobody_from_the_next_month",
    ),
    Turn(
        "in force to annulled",
        "annulment",
        None,
        "test_courts::test_what_is_struck_is_annulled_after_the_months_of_grace_and_binds_nobody_from_the_next_month",
    ),
    Turn("a word is broken", "breach", None, "test_compliance::test_more_temptation_breaks_more_words"),
    Turn("a breach is found", "breach_found", None, "test_compliance::test_a_breach_comes_to_light_at_its_rate_and_notice_is_given"),
    Turn(
        "a breach is cured",
        "breach_cured",
        None,
        "test_compliance::test_what_is_made_good_ends_the_breach_and_what_was_suspended_resumes_with_its_old_date",
    ),
    Turn(
        "a procedure for disputes",
        "procedure",
        None,
        "test_disputes::test_with_one_that_is_followed_it_is_and_the_ledger_says_what_the_staff_cost",
    ),
    Turn(
        "in force to suspended, in kind",
        "suspension",
        "in_kind",
        "test_compliance::test_what_is_made_good_ends_the_breach_and_what_was_suspended_resumes_with_its_old_date",
    ),
    Turn(
        "in force to suspended, by sanctions or war",
        "suspension",
        "barred",
        "test_sanctions::test_what_is_in_force_is_suspended_at_once_and_resumes_when_the_bar_is_lifted",
    ),
    Turn(
        "suspended to in force",
        "resumption",
        None,
        "test_compliance::test_what_is_made_good_ends_the_breach_and_what_was_suspended_resumes_with_its_old_date",
    ),
    Turn(
        "suspended to terminated, not cured",
        "termination",
        "not_cured",
        "test_compliance::test_what_is_not_made_good_ends_after_the_months_of_patience",
    ),
    Turn(
        "notice: who loses",
        "denunciation",
        "would_lose",
        "test_durability::test_who_has_lost_three_times_gives_notice_and_leaves_when_it_is_over",
    ),
    Turn(
        "notice: a new government",
        "denunciation",
        "new_government",
        "test_durability::test_a_new_government_that_gains_takes_back_the_notice_of_an_earlier_one",
    ),
    Turn(
        "notice: as others left", "denunciation", "others_left", "test_durability::test_leaving_is_contagious_among_those_who_are_touched"
    ),
    Turn(
        "notice: not seen why",
        "denunciation",
        "",
        "test_durability::test_where_a_text_says_nothing_of_leaving_notice_takes_a_year_and_only_who_loses_may_leave",
    ),
    Turn(
        "a notice is taken back",
        "notice_withdrawn",
        None,
        "test_durability::test_a_new_government_that_gains_takes_back_the_notice_of_an_earlier_one",
    ),
    Turn("a review", "review", None, "test_durability::test_reviews_come_in_their_months"),
    Turn(
        "a term goes on", "prolongation", None, "test_durability::test_as_a_term_ends_it_goes_on_where_both_want_it_and_expires_otherwise"
    ),
    Turn("in force to expired", "expiry", None, "test_durability::test_as_a_term_ends_it_goes_on_where_both_want_it_and_expires_otherwise"),
    Turn(
        "in force to succeeded",
        "succession",
        None,
        "test_courts::test_after_an_annulment_talks_open_at_once_and_their_teams_meet_three_times_a_month",
    ),
    Turn(
        "in force to completed",
        "completion",
        None,
        "test_invariants_ledger::test_a_completed_pact_has_paid_its_commitment_and_built_what_it_bought",
    ),
)
FIGURES: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str], ...] = (
    ("decisions on adequacy", ("adequacy_decision",), ("terminated", "annulled", "expired"), "0 withdrawn in about 200 decision-years (D)"),
    (
        "frameworks annulled",
        ("transfer_framework",),
        ("annulled",),
        "2 in 19.2 framework-years of the EU and the United States by 2020 (A)",
    ),
    ("frameworks ended otherwise", ("transfer_framework",), ("terminated", "expired"), "0 (A)"),
    (
        "digital trade agreements",
        ("digital_trade_agreement",),
        ("terminated", "expired"),
        "trade agreements: 0.0019 (D); digital chapters: none (D)",
    ),
    (
        "access for law enforcement",
        ("law_enforcement_access",),
        ("terminated", "annulled", "expired"),
        "1 annulled in about 40 agreement-years (A/M)",
    ),
)


def body(lived: Lived) -> str:
    """Return the table of transitions, and ends a year by type."""
    baseline = lived.runs(SEEDS)
    lived.heard(f"{SEEDS} runs of {SCENARIO}")
    scenario = run(SCENARIO, seed=0, seeds=SEEDS, record="panels").runs
    rows = [[turn.words, _often(baseline, turn), _often(scenario, turn), f"`{turn.test}`"] for turn in TURNS]
    rates = [[words, *(_rate(some, kinds, stages) for some in (baseline, scenario)), told] for words, kinds, stages, told in FIGURES]
    return (
        table(["transition", "baseline", "scenario", "test"], rows)
        + "\n\n## Ends a year\n\n"
        + table(["of", "baseline", "scenario", "in the world"], rates)
    )


def counted(one: RunData, turn: Turn) -> int:
    """Count a transition in a run."""
    ev = one.events
    which = ev["event"] == turn.event
    if turn.reason is not None:
        which &= ev["reason"] == turn.reason
    return int(np.count_nonzero(which))


def _often(runs: Sequence[RunData], turn: Turn) -> str:
    counts = np.array([counted(one, turn) for one in runs], dtype=np.float64)
    return f"{counts.mean():.2f} ± {1.96 * counts.std(ddof=1) / np.sqrt(len(counts)):.2f}"


def _rate(runs: Sequence[RunData], kinds: tuple[str, ...], stages: tuple[str, ...]) -> str:
    """Return ends a year in force, and how many there were in all runs."""
    years, ends = 0.0, Counter[str]()
    for one in runs:
        t, last, first = one.instruments, int(one.months[-1]) + 1, int(one.months[0])
        mine = np.isin(t["type"], kinds) & (t["in_force"] >= 0)
        until = np.where(t["ended"] >= 0, t["ended"], last)
        years += float((until - np.maximum(t["in_force"], first))[mine].sum()) / 12.0
        ends.update(t["stage"][mine & np.isin(t["stage"], stages)].tolist())
    n = sum(ends.values())
    return f"{n / years:.4f} ({n} in {years:.0f} years)" if years else "–"
