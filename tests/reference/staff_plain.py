"""What staff costs a party, told talk by talk: the more of it is at work, the dearer a month of one more talk."""

from __future__ import annotations

import math
from typing import Any

from sim.contracts import staff_months
from sim.types import TalkStage


def price(w: Any, party: str) -> float:
    """Return what a month of one more talk costs a party (USD of gain a year): a package, or an accession, is one."""
    part = w.part("bargaining")
    mine = [(row, talk) for row, talk in enumerate(w.talks) if talk.stage == TalkStage.OPEN and party in (talk.first, talk.second)]
    carried = sum(
        1 for row, talk in mine if (talk.accession if talk.accession is not None else talk.package) in (None, row)
    )  # fmt: skip
    staff = part.desks * math.exp(part.desk_elasticity * math.log(max(w.gdp[party], 1.0) / part.desk_reference))
    return float(part.talk_hours * part.staff_price * (w.meetings[party] + (carried + 1.0) / staff) ** part.staff_elasticity)


def talks_cost(w: Any, kind: str, role: int, party: str) -> float:
    """Return what talks on an agreement type would cost a party in a role (USD a year)."""
    return price(w, party) * staff_months(w.kinds[kind])[role]


def talks_in_bp(w: Any, one: Any, role: int) -> float:
    """Return the same for the type of an instrument, in bp of the party's GDP a year."""
    party = (one.first, one.second)[role]
    return 1e4 * talks_cost(w, one.type, role, party) / max(w.gdp[party], 1.0)
