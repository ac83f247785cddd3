r"""Both sides sign the text that maximises the weighted product of their gains over no agreement.

.. math:: \max_x \; (u_0(x) - d_0)^{\alpha_0} (u_1(x) - d_1)^{\alpha_1} \quad \text{s.t.} \; u_i(x) \ge r_i, \; lo \le x \le hi

Symbols (shapes and units in :mod:`sim.bargains.problems`): ``u`` utility, ``d`` disagreement value, ``r`` reservation value, ``alpha``
bargaining weight, ``x`` text. With equal weights it is the one efficient, symmetric and scale-invariant rule that is
independent of irrelevant alternatives. Where a party has ratifiers, only texts that they accept are looked at
(:mod:`sim.bargains.ratified`), which the parties are taken to know.

Source: Nash (1950), "The Bargaining Problem", Econometrica 18, 155-162; unequal weights: Roth (1979), "Axiomatic Models of
Bargaining".
Departs from Nash in the reservation value: an outside option above the disagreement value bounds the outcome and is not split
from (the outside-option principle of Binmore, Shaked and Sutton 1989), and a zone of agreement must be open: a text that gives
one side nothing is no agreement.

On a finite table (:mod:`sim.bargains.tables`), for n parties, it is the text of the largest weighted product of gains among those with
``u_i >= r_i``, the earliest of equals; the same departures hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.bargains.group import GroupOutcome, GroupProblem, checked_group
from sim.bargains.many import nash_group
from sim.bargains.problems import Floats, Outcomes, Problems, checked
from sim.bargains.ranking import Ints, Small
from sim.bargains.ratified import nash_outcomes
from sim.bargains.tables import TableOutcomes, Tables
from sim.bargains.tables import checked as checked_tables
from sim.kernels import jit
from sim.registry import param, part
from sim.types import Status

_AGREED = int(Status.AGREED)
_NO_ZONE = int(Status.NO_ZONE)


@part(
    "protocol",
    name="nash",
    title="Nash bargaining",
    title_id="Tawar-menawar Nash",
    sentence_id="Kedua pihak menandatangani naskah yang memaksimalkan hasil kali tertimbang keuntungan masing-masing "
    "dibandingkan dengan keadaan tanpa kesepakatan.",
)
@dataclass(frozen=True)
class Nash:
    """Both sides sign the text that maximises the weighted product of their gains over no agreement."""

    rounds: ClassVar[bool] = False
    information: ClassVar[str] = "common"
    claims: ClassVar[tuple[str, ...]] = ("efficient", "symmetric", "scale_invariant", "individually_rational")

    contacts_to_conclude: int = param(
        12,
        unit="contacts",
        low=1,
        high=60,
        source="assumed: over a year of talks (six data talks took 4 to 59 months, median 16.5)",
        meaning="Contacts that give rounds, held before the negotiation concludes.",
    )

    def solve(self, problems: Problems) -> Outcomes:
        """Solve each problem at once.

        Parameters
        ----------
        problems : Problems
            M problems of two parties.

        Returns
        -------
        Outcomes
            AGREED, NO_ZONE, NO_WIN_SET or NO_TEXT for each; ``step`` is 0.

        Raises
        ------
        UserError
            If the problems are not sound.
        """
        return nash_outcomes(checked(problems))

    def solve_table(self, tables: Tables) -> TableOutcomes:
        """Find the text of the largest weighted product of gains in each table.

        Parameters
        ----------
        tables : Tables
            M negotiations of n parties.

        Returns
        -------
        TableOutcomes
            AGREED or NO_ZONE for each; ``step`` is 0.

        Raises
        ------
        UserError
            If the tables are not sound.
        """
        t = checked_tables(tables)
        m, n = len(t), t.n_parties
        text, utility = np.full(m, -1, np.int32), np.full((m, n), np.nan)
        status = np.zeros(m, np.int8)
        _largest(t.utility, t.start, t.d, t.r, t.weight, text, utility, status)
        return TableOutcomes(text, utility, status, np.zeros(m, np.int32))

    def solve_group(self, problem: GroupProblem) -> GroupOutcome:
        """Find the same point for n parties at one table (:mod:`sim.bargains.many`).

        Raises
        ------
        UserError
            If the problem is not sound.
        """
        return nash_group(checked_group(problem))


@jit
def _largest(
    utility: Floats, start: Ints, d: Floats, r: Floats, weight: Floats, text: Small, won: Floats, status: npt.NDArray[np.int8]
) -> None:
    """Fill text (M,), won (M, n) and status (M,); other arrays as in ``Tables``.

    Gains are taken in units of a power of two near the party's largest, so that no product of many runs out of range and nothing is
    rounded. Equal weights multiply gains as they are (a power of the product has the same order), so that exact ties stay ties.
    """
    n = utility.shape[0]
    unit = np.empty(n)
    for m in range(start.shape[0] - 1):
        equal = True
        for i in range(n):
            equal = equal and weight[m, i] == weight[m, 0]
            widest = 0.0
            for x in range(start[m], start[m + 1]):
                widest = max(widest, utility[i, x] - d[m, i])
            unit[i] = math.ldexp(1.0, min(max(-math.frexp(widest)[1], -1000), 1000))
        best, best_x = -math.inf, -1
        for x in range(start[m], start[m + 1]):
            value, fine = 1.0 if equal else 0.0, True
            for i in range(n):
                gain = utility[i, x] - d[m, i]
                if utility[i, x] < r[m, i] or gain <= 0.0:
                    fine = False
                    break
                value = value * (gain * unit[i]) if equal else value + weight[m, i] * math.log(gain * unit[i])
            if fine and value > best:
                best, best_x = value, x
        status[m] = _NO_ZONE if best_x < 0 else _AGREED
        if best_x >= 0:
            text[m] = best_x - start[m]
            for i in range(n):
                won[m, i] = utility[i, best_x]
