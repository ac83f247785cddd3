"""The law on data, party by party: what its own law gives, what it has undertaken, and what raising it cost."""

from __future__ import annotations

from typing import Any

from sim.types import Stage


def begin(w: Any) -> None:
    """Read the law of the first month, and what instruments in force have made of it."""
    read_law(w)
    for party in w.parties:
        w.safeguards[party], w.redress[party] = w.own_safeguards[party], 0.0
    for row in w.instruments:
        if row.stage == Stage.IN_FORCE:
            hold(w, row, paid=False)


def step(w: Any, decide: Any) -> None:
    """Renew the law in January and on dates, and hold parties to what entered into force last month."""
    if w.month % 12 == 0 or w.month in w.roster.dates:
        read_law(w)
        for party in w.parties:
            w.safeguards[party] = max(w.safeguards[party], w.own_safeguards[party])
    for row in w.instruments:
        if row.in_force is not None and row.in_force == w.month - 1:
            hold(w, row, paid=True)


def read_law(w: Any) -> None:
    """Read what the law of each state gives; a bloc has the mean of those its law binds, by people."""
    part = w.part("law")
    for state in w.states:
        supervised = 1.0 if w.figure("authority", state) > 0.0 else part.without_authority
        w.own_safeguards[state] = w.figure("law_coverage", state) * supervised
        w.rights_of_foreigners[state] = w.figure("foreigners_rights", state)
    for bloc in w.blocs:
        inside = [state for state in w.states if w.bound[bloc, state]]
        people = sum(w.population[state] for state in inside)
        for level in (w.own_safeguards, w.rights_of_foreigners):
            level[bloc] = sum(level[state] * w.population[state] for state in inside) / people if inside else 0.0


def hold(w: Any, row: Any, *, paid: bool) -> None:
    """Hold the second party to what an instrument says; it pays for the rise by its square, once."""
    part, party = w.part("law"), row.second
    for level, said, cost in (
        (w.safeguards, row.safeguards_undertaken, part.cost_safeguards),
        (w.redress, row.redress_undertaken, part.cost_redress),
    ):
        rise = said - level[party]
        if rise > 0.0:
            level[party] = said
            if paid:
                w.cost_of_law[party] += cost * rise**2
