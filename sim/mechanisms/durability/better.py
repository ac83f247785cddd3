"""Whether another text would be better for both sides than the one in force, by more than talks on it cost them."""

from __future__ import annotations

import numpy as np

from sim.bargains.worth import worth
from sim.contracts import staff_months
from sim.decide.decisions import staff_prices
from sim.stakes.annulment import at_text
from sim.stakes.governments import led
from sim.stakes.keeping import held
from sim.stakes.payoffs import midway
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
    made = setting.types[t].coefficients(world, groups)
    c = led(world, t, made.dyads(), *one)
    text = np.nan_to_num(midway(c))
    more = worth(c, text)[0] - c.d[0] + at_text(made, world, groups, text)[0] - held(world, np.array([row]))[0][0]
    if np.isnan(more).any() or np.isnan(instruments["text"][row]).all():
        # What is not coded cannot be compared.
        return False
    cost = np.array(staff_months(setting.types[t])) * staff_prices(world)[[first, second]]
    return bool((more * world.gdp[[first, second]] / 1e4 > cost).all())
