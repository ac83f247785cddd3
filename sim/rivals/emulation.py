r"""States copy those most like them: whom these deal with, and what they signed; nobody bargains.

.. math:: pull_{ij} = s + \max \big( \max_{k \in D_j} like_{ik}, \; \max_{k \in D_i} like_{jk} \big)

``D_j`` are the parties that have the type in force with j, ``like`` the likeness of votes (0 to 1), s what draws pairs together without a
model to copy. The text is that of the latest instrument of the type signed by the party most like either side, brought inside what
the type allows; on an issue that it does not code, and where nobody has signed the type, it is the middle of what is allowed. All consent.

Source: Simmons and Elkins (2004), "The Globalization of Liberalization", American Political Science Review 98 (learning from those alike);
DiMaggio and Powell (1983), "The Iron Cage Revisited", American Sociological Review 48; on copied texts: Allee and Elsig (2019), "Are the
Contents of International Treaties Copied and Pasted?", International Studies Quarterly 63 (all from memory).
Departs from them in that likeness is that of votes alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Bools, Floats, Ints, find_edge
from sim.bargains.problems import Outcomes, Problems
from sim.decide.theory import Theory, concluded, middle
from sim.kernels import jit
from sim.registry import param, part
from sim.stakes.stakes import Groups
from sim.state.world import World


@part(
    "rival",
    name="emulation",
    title="Emulation",
    title_id="Peniruan",
    sentence_id="Negara meniru pihak yang paling mirip dengannya: mitranya dan naskahnya, tanpa tawar-menawar.",
)
@dataclass(frozen=True)
class Emulation(Theory):
    """States copy the partners and the texts of those most like them, without bargaining."""

    spontaneous: float = param(
        0.05, unit="likeness", low=0.0, high=1.0, source="assumed", meaning="Pull between two who have nobody to copy, s."
    )

    def pull(self, view: World, type_index: int, groups: Groups) -> Floats:
        """Return the likeness of either side to whoever has the type in force with the other, (G,)."""
        edges, out = view.setting.edges, np.empty(groups.n)
        _likest(edges.start, edges.col, edges.affinity, view.in_force[type_index], groups.first, groups.second, out)
        return self.spontaneous + out

    def settle(self, view: World, rows: Ints, problems: Problems) -> Outcomes:
        """Copy the text of the party most like either side."""
        text = middle(problems)
        for m, row in enumerate(rows.tolist()):
            talk = {key: int(view.talks[key][row]) for key in ("type", "first", "second")}
            copied = model_of(view, talk["type"], talk["first"], talk["second"])
            if copied >= 0:
                said = view.instruments["text"][copied]
                text[m] = np.where(np.isnan(said), text[m], said)
        return concluded(problems, text)


def model_of(view: World, type_index: int, first: int, second: int) -> int:
    """Return the row of the instrument that two parties copy, -1 where nobody else has signed the type.

    The party most like either of the two is copied, the earlier of equals; of its instruments the one signed last.
    """
    instruments, edges = view.instruments, view.setting.edges
    best, copied = (-1.0, -1), -1
    for row in np.flatnonzero((instruments["type"] == type_index) & (instruments["signed"] <= view.month)).tolist():
        for key in ("first", "second"):
            other = int(instruments[key][row])
            if other < 0 or other in (first, second):
                continue
            ties = [edges.find(one, other) for one in (first, second)]
            like = max((float(edges.affinity[e]) for e in ties if e >= 0), default=-1.0)
            # Between two texts of one party the later counts; parties are compared by likeness first.
            if (like, int(instruments["signed"][row])) > best:
                best, copied = (like, int(instruments["signed"][row])), row
    return copied


@jit
def _likest(start: Ints, col: Ints, affinity: Floats, in_force: Bools, first: Ints, second: Ints, out: Floats) -> None:
    """Fill the likeness of either side to the partner of the other that is most like it, (G,); 0 where the other has none."""
    for g in range(out.shape[0]):
        out[g] = 0.0
        for turn in range(2):
            mine, theirs = (first[g], second[g]) if turn == 0 else (second[g], first[g])
            for e in range(start[theirs], start[theirs + 1]):
                if in_force[e] and col[e] != mine:
                    tie = find_edge(start, col, mine, col[e])
                    if tie >= 0:
                        out[g] = max(out[g], affinity[tie])
