"""Who speaks for whom: the one function that decides which party is the principal for an agreement type in a month.

A state bound by a bloc whose competence for the type is exclusive is spoken for by the bloc. A bloc speaks for itself only where it has a
competence, exclusive or shared, and a member. Source: Treaty on the Functioning of the European Union, articles 2 and 3 (exclusive and
shared competence).
"""

from __future__ import annotations

import numpy as np

from sim.data.roster import Roster
from sim.state.world import Bools, Ints


def principals(roster: Roster, type_names: tuple[str, ...], month: int, bound: Bools, member: Bools) -> Ints:
    """Decide the principal of every party on every type.

    Parameters
    ----------
    roster : Roster
    type_names : tuple of str
        The T axis.
    month : int
    bound, member : bool (B, N)
        Whether a bloc's law binds a state this month, and whether the state is a member.

    Returns
    -------
    int32 (T, P)
        The principal's place on the P axis; -1 for a bloc without the competence or without a member. Where two blocs claim a state, the
        first by code speaks.
    """
    n_blocs, n = bound.shape
    table = np.full((len(type_names), n + n_blocs), -1, dtype=np.int32)
    table[:, :n] = np.arange(n)
    for b in reversed(range(n_blocs)):
        for competence in roster.competences:
            if competence.bloc != roster.blocs[b] or competence.agreement_type not in type_names:
                continue
            if not competence.start <= month < competence.until:
                continue
            t = type_names.index(competence.agreement_type)
            if member[b].any():
                table[t, n + b] = n + b
            if competence.kind == "exclusive":
                table[t, :n][bound[b]] = n + b
    return table


def principal(table: Ints, type_index: int, party: int) -> int:
    """Read one party's principal on one type from the month's table; -1 where nobody may speak."""
    return int(table[type_index, party])
