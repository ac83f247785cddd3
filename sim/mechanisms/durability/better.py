"""Whether another text would be better for both sides than the one in force, by more than talks on it cost them."""

from __future__ import annotations

import numpy as np

from sim.bargains.worth import worth
from sim.contracts import staff_months
from sim.decide.decisions import staff_prices
from sim.stakes.governments import led
from sim.stakes.keeping import as_it_binds
from sim.stakes.payoffs import midway_gains
from sim.stakes.stakes import Groups, issues_of
from sim.state.world import World


def better_for_both(world: World, row: int) -> bool:
    """Say whether the text halfway between both sides' wishes beats that of an instrument, for both, by more than talks cost them."""
    setting, instruments = world.setting, world.instruments
    t, first, second = (int(instruments[key][row]) for key in ("type", "first", "second"))
    edge = setting.edges.find(first, second)
    if edge < 0:
        return False
    one = np.array([first], dtype=np.int32), np.array([second], dtype=np.int32)
    groups = Groups(*one, np.array([edge]), setting.edges.rev[[edge]], issues_of(setting))
    c = led(world, t, setting.types[t].coefficients(world, groups).dyads(), *one)
    text = instruments["text"][[row]]
    if np.isnan(text).all():
        return False
    more = midway_gains(c)[0] - (worth(c, as_it_binds(world, t, c, text))[0] - c.d[0])
    cost = np.array(staff_months(setting.types[t])) * staff_prices(world)[[first, second]]
    return bool((more * world.gdp[[first, second]] / 1e4 > cost).all())
