"""Let NegMAS negotiate profiles of the docking format; run by NegMAS's own interpreter, never by the product's.

``python negmas_peer.py results`` reads profiles (one JSON a line) and writes them back with NegMAS's results; ``python negmas_peer.py
seconds`` runs them twice and prints the seconds of each way, inverters built for each talk and inverters shared by all talks, and how
many talks a way held. NegMAS is a test peer under the AGPL: this script talks to its public interface from a process of its own, and
nothing of it is part of the product.
"""

from __future__ import annotations

import json
import sys
import time
from functools import lru_cache

from negmas import SAOMechanism, make_issue, make_os
from negmas.preferences import LinearAdditiveUtilityFunction, PresortingInverseUtilityFunction
from negmas.preferences.value_fun import TableFun
from negmas.sao import AspirationNegotiator

SIDES = ("a", "b")


def space(profile):
    """Return the outcome space: each issue's values are the integers from 0, the last issue runs fastest."""
    sizes = tuple(len(values) for values in profile["a"]["v"])
    return shared_space(sizes)


@lru_cache(maxsize=64)
def shared_space(sizes):
    return make_os([make_issue(list(range(size)), name=f"i{k}") for k, size in enumerate(sizes)])


def utility(profile, side, outcomes):
    """Return one side's additive utility function over an outcome space."""
    told = profile[side]
    return LinearAdditiveUtilityFunction(
        values=[TableFun(dict(enumerate(values))) for values in told["v"]],
        weights=list(told["w"]),
        outcome_space=outcomes,
        reserved_value=float(told["reserved"]),
    )


def talk(profile, outcomes, functions, inverters=None):
    """Hold one negotiation; ``inverters`` are ready ones, a side each, else every talk sorts its own."""
    mechanism = SAOMechanism(outcome_space=outcomes, n_steps=profile["n_steps"], extra_callbacks=False)
    for side in SIDES:
        more = {}
        if inverters is not None:
            ready = inverters[side]
            more["ufun_inverter"] = lambda _function, ready=ready: ready
        mechanism.add(AspirationNegotiator(name=side, aspiration_type=profile[side]["curve"], **more), ufun=functions[side])
    mechanism.run()
    return mechanism


def result(mechanism):
    """Return what the docking format stores of a finished negotiation."""
    state = mechanism.state
    names = {negotiator.id: negotiator.name for negotiator in mechanism.negotiators}
    trace = [[names[who], list(offer)] for who, offer in mechanism.trace]
    return {
        "agreement": None if state.agreement is None else list(state.agreement),
        "step": state.step,
        "timedout": bool(state.timedout),
        "broken": bool(state.broken),
        "last_proposer": trace[-1][0] if trace else None,
        "trace": trace,
    }


def results(profiles):
    for profile in profiles:
        outcomes = space(profile)
        functions = {side: utility(profile, side, outcomes) for side in SIDES}
        print(json.dumps({**profile, "result": result(talk(profile, outcomes, functions))}))


def seconds(profiles):
    start = time.perf_counter()
    for profile in profiles:
        outcomes = space(profile)
        talk(profile, outcomes, {side: utility(profile, side, outcomes) for side in SIDES})
    cold = time.perf_counter() - start
    ready = []
    for profile in profiles:
        outcomes = space(profile)
        functions = {side: utility(profile, side, outcomes) for side in SIDES}
        inverters = {side: PresortingInverseUtilityFunction(function) for side, function in functions.items()}
        for inverter in inverters.values():
            inverter.init()
        ready.append((profile, outcomes, functions, inverters))
    start = time.perf_counter()
    for one in ready:
        talk(*one)
    print(json.dumps({"cold": cold, "warm": time.perf_counter() - start, "talks": len(profiles)}))


if __name__ == "__main__":
    given = [json.loads(line) for line in sys.stdin if line.strip()]
    {"results": results, "seconds": seconds}[sys.argv[1]](given)
