r"""Who stays and who joins: a coalition is stable when nobody inside would rather be out and nobody outside would rather be in.

With :math:`g_i(S)` the gain of party i of being in the coalition over being out of it, the others in S as they are:

.. math:: g_i(S) \ge 0 \; (i \in S), \qquad g_i(S \cup \{i\}) \le 0 \; (i \notin S)

One moves at a time, first those who leave, who loses most; then, where joining is open, those who join, who gains most; ties go to the
earlier party. A coalition that recurs ends the search where it stands.

Source: Barrett (1994), "Self-enforcing international environmental agreements", Oxford Economic Papers 46, after d'Aspremont et al.
(1983). With members that act together where ``b s >= c``, a gain ``b s - c`` inside and ``b s`` outside, ``b`` = 0.3 and ``c`` = 1, four
are stable.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.world import Bools, Floats


def settle(inside: Bools, gain: Callable[[Bools], Floats], *, joining: bool = True, rounds: int = 1000) -> Bools:
    """Let parties leave and join one by one until nobody wants to move.

    Parameters
    ----------
    inside : bool (n,)
        Who is in at first.
    gain : callable
        Of a coalition, bool (n,): each party's gain of being in over being out, shape (n,), the others as they are.
    joining : bool
        Whether those outside may join.
    rounds : int
        Moves after which the search stops.

    Returns
    -------
    bool (n,)
        Who is in at last.
    """
    now, seen = inside.copy(), set()
    for _ in range(rounds):
        if now.tobytes() in seen:
            break
        seen.add(now.tobytes())
        worth = gain(now)
        leaving, coming = np.where(now, worth, 0.0), np.where(now, 0.0, worth)
        if len(worth) and leaving.min() < 0.0:
            now[int(np.argmin(leaving))] = False
        elif joining and len(worth) and coming.max() > 0.0:
            now[int(np.argmax(coming))] = True
        else:
            break
    return now
