"""The month's shocks, state by state: how many cross-border meetings cannot be held."""

from __future__ import annotations

from typing import Any

from sim.types import Event


def step(w: Any, decide: Any) -> None:
    """Close each state as far as the severest shock does, and each bloc as far as its people are closed on average."""
    lasting = [(shock, None) for shock in w.config.shocks]
    dated = [(event.shock, event) for event in w.config.events if event.shock is not None]
    for state in w.states:
        w.closure[state] = 0.0
    for n, (shock, event) in enumerate(sorted([*lasting, *dated], key=lambda pair: pair[0].name)):
        if event is not None and not event.start <= w.month < event.until:
            continue
        closed = SHOCKS[shock.name](w, shock)
        harder = [state for state in w.states if closed[state] > w.closure[state]]
        for state in harder:
            w.closure[state] = closed[state]
        if harder:
            w.add("felt", month=w.month, shock=n)
    for bloc in w.blocs:
        members = w.members(bloc)
        people = sum(w.population[state] for state in members)
        w.closure[bloc] = sum(w.closure[state] * w.population[state] for state in members) / people if members else 0.0
    for place, event in enumerate(w.config.events):
        if event.kind == "mark" and event.start == w.month:
            w.say(Event.DATED_EVENT, value=float(place))


def travel_closure(w: Any, shock: Any) -> dict[str, float]:
    """Read each state's closure off its level of travel control, straight between whole levels; open outside the table."""
    months = w.roster.closure_months.tolist()
    if w.month not in months:
        return dict.fromkeys(w.states, 0.0)
    lost, closed = [0.0, shock.screening, shock.quarantine, shock.ban, shock.total], {}
    for state, level in zip(w.states, w.roster.closure[months.index(w.month)].tolist(), strict=True):
        below = min(int(level), 3)
        closed[state] = float(shock.strength * (lost[below] + (level - below) * (lost[below + 1] - lost[below])))
    return closed


SHOCKS = {"travel_closure": travel_closure}
