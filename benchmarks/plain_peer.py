"""The whole model in plain Python, timed month by month: the peer that ``bench_agents`` holds the engine against.

Mechanisms are the plain twins of ``tests/reference`` (dicts, lists and loops, nothing slowed on purpose), decisions those of ``sim.agents``
on Mesa's agents. The twins look figures, memberships and trade up anew every month, where the engine knows when they cannot have changed,
because a twin that took the engine's short cuts could not find a fault in them.

Both sides share what is data or not told twice: payoffs of agreement types (NumPy), protocols and draws of luck (compiled). Margins
of trade are laid out over a matrix by NumPy. So the peer is not the slowest there could be. The agents of ``sim.agents`` read a world of
arrays and the twins write one of dicts; to carry one into the other belongs to neither side and is timed apart. The peer measures no
metrics.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from reference import plain_month
from reference.plain_world import View, differences, told
from twins import Agents, live_plainly

from sim import engine
from sim.run import prepare

ASKED = ("appraise", "choose_partners", "propose", "accept", "ratify")


class Clock:
    """Processor time that is counted apart."""

    def __init__(self) -> None:
        self.spent = 0.0

    def around(self, owner: Any, name: str, sign: float) -> None:
        """Add what a method takes, or take it off again."""
        honest: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any) -> Any:
            since = time.process_time()
            try:
                return honest(*args)
            finally:
                self.spent += sign * (time.process_time() - since)

        setattr(owner, name, timed)


def lived(months: int, **tree: Any) -> dict[str, Any]:
    """Live a month and then so many more, engine first (which loads the kernels), and say what each took and how the worlds differ."""
    config, chosen = prepare({"scenarios": "baseline", "seed": 7, **tree})
    setting = engine.assemble(config)
    compiled = engine.start(setting, chosen.seed)
    for _ in range(months + 1):
        engine.step(compiled)
    agents, w, apart = Agents(setting, chosen.seed), plain_month.begin(setting.config, setting.roster, setting.schema, chosen.seed), Clock()
    for name in ASKED:  # all that an answer takes but the answer
        apart.around(agents, name, 1.0)
        apart.around(agents.ask, name, -1.0)
    apart.around(View, "__getattr__", 1.0)  # arrays from which agreement types read payoffs
    live_plainly(w, agents)
    spent, carried = [], []
    for _ in range(months):
        apart.spent, since = 0.0, time.process_time()
        live_plainly(w, agents)
        spent.append(time.process_time() - since - apart.spent)
        carried.append(apart.spent)
    return {"spent": spent, "carried": carried, "differences": differences(w, told(compiled, like=w))[:5]}
