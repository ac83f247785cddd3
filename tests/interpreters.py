"""What runs on every supported interpreter, and what on one of them alone.

An interpreter may change the language, the standard library, processes and threads, the words of errors, pickles, and the versions of
libraries (3.11 has an older Mesa than 3.12). It does not change a rule that is arithmetic on arrays: the bits of whole runs, of luck and of
compiled and plain kernels are held on every interpreter by the files in ``BITS``, and the same bits go through the same rules. So the files
in ``ALONE``, which prove those rules, run on one interpreter; all others, and whatever is new, run on each.

``python tests/interpreters.py`` prints the words that leave the files in ``ALONE`` out of a run of the tests; with the word ``bits`` it
prints the files in ``BITS``, whose slow tests run on each interpreter, too.
"""

from __future__ import annotations

import sys

BITS = (
    "test_agents.py",  # the agents, whose library differs, against the compiled rules, event for event
    "test_fast_forms.py",
    "test_invariants_sameness.py",
    "test_numbers.py",
    "test_rng.py",
    "test_snapshot.py",
)
ALONE = (
    "test_agreements.py",
    "test_blocs_inside.py",
    "test_conferences.py",
    "test_conferences_kept.py",
    "test_docking.py",
    "test_frontier.py",
    "test_gravity.py",
    "test_invariant_plain_world.py",
    "test_invariants_blocs.py",
    "test_invariants_ledger.py",
    "test_invariants_locality.py",
    "test_invariants_luck.py",
    "test_learning.py",
    "test_ledger.py",
    "test_leverage.py",
    "test_linkage.py",
    "test_linkage_twice.py",
    "test_many.py",
    "test_payments.py",
    "test_procedures.py",
    "test_protocols.py",
    "test_quality.py",
    "test_ratification.py",
    "test_reputation.py",
    "test_seat_invariants.py",
    "test_seat_legal.py",
    "test_seat_twin.py",
    "test_solutions.py",
    "test_synthetic.py",
    "test_tables.py",
    "test_tit_for_tat.py",
    "test_travel_controls.py",
    "test_treaty_types.py",
    "test_twin_conferences.py",
    "test_twin_endings.py",
    "test_twin_faults.py",
    "test_twin_ledger.py",
    "test_twin_promise_faults.py",
    "test_twin_promises.py",
    "test_twins.py",
    "test_votes.py",
    "test_winset.py",
)

if __name__ == "__main__":
    begins, names = ("tests/", BITS) if sys.argv[1:] == ["bits"] else ("--ignore=tests/", ALONE)
    sys.stdout.write("".join(f"{begins}{name}\n" for name in names))
