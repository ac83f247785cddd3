"""A fault planted in what bodies, image and vaccine do is found by its plain twin."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from fault_worlds import OWN, after, found, instead, without, worlds
from test_twin_faults import as_if
from twins import walk

from sim.mechanisms import image, vaccines
from sim.mechanisms.bodies import rule as bodies
from sim.mechanisms.bodies import seating
from sim.mechanisms.bodies.rule import Bodies
from sim.mechanisms.image import Image
from sim.mechanisms.occasions import Occasions
from sim.mechanisms.vaccines import Vaccines

Patch = pytest.MonkeyPatch
FAULTS: dict[str, dict[str, Callable[[Patch], None]]] = {
    "bodies": {
        "a quorum is a third": lambda p: as_if(p, Bodies, "step", quorum=0.3),
        "closed borders keep nobody away": lambda p: without(p, Bodies, "step", "closure", 0.0),
        "thin lines carry every meeting": lambda p: without(p, Bodies, "step", "bandwidth", 1.0),
        "rules are not heard": lambda p: without(p, Bodies, "step", "attendance_rule", 0.0),
        "screens bring no more meetings": lambda p: as_if(p, Bodies, "step", meeting_elasticity=0.0),
        "a meeting on a screen passes as much": lambda p: as_if(p, Bodies, "step", acts_exponent=0.0),
        "one act more": lambda p: after(p, Bodies, "_sittings", lambda found, *_: dataclasses.replace(found, acts=found.acts + 1)),
        "journeys are a tenth shorter": lambda p: after(
            p, seating, "_apart", lambda found, *_: (found[0], 0.9 * found[1], 0.9 * found[2], found[3])
        ),
        "delegates are let through nowhere": lambda p: as_if(p, Bodies, "step", let_through=0.0),
        "a round more is given": lambda p: as_if(p, Bodies, "_mediate", mediation=2),
        "good terms are asked of nobody": lambda p: as_if(p, Bodies, "_mediate", good_terms=-1.0),
        "blocs sit nowhere": lambda p: after(
            p,
            Bodies,
            "_sits",
            lambda sits, part, world, inside: np.hstack([inside, np.zeros((len(inside), sits.shape[1] - inside.shape[1]), dtype=np.bool_)]),
        ),
        "whom organisations meet is not a matter of size": lambda p: p.setattr(
            bodies, "receive", lambda *args, honest=bodies.receive: honest(*args[:-1], 0.0)
        ),
        "nobody needs a platform": lambda p: without(p, Bodies, "_sittings", "platform_between", 1),
        "a bridge has ports for all": lambda p: without(p, Bodies, "_sittings", "ports", 1000),
        "meetings of heads take nobody's time": lambda p: instead(p, Bodies, "_plan"),
    },
    "occasions": {
        "openings go unseen": lambda p: instead(p, Occasions, "_open"),
        "crises go unseen": lambda p: instead(p, Occasions, "_crisis"),
    },
    "vaccines": {
        "a tenth of what is given is lost": lambda p: after(p, vaccines, "_shared", lambda found, *_: 0.9 * found),
        "nobody has to ask": lambda p: instead(p, Vaccines, "_ask"),
        "who is rich is given doses": lambda p: as_if(p, Vaccines, "_deliver", can_pay=1e9),
        "nobody is closer than another": lambda p: as_if(p, Vaccines, "_close", closeness=0.0),
        "requests are never forgotten": lambda p: as_if(p, Vaccines, "_ask", request_memory=1.0),
        "members of a supplier buy": lambda p: p.setattr(
            Vaccines, "_wanted", lambda self, world, place, honest=Vaccines._wanted: honest(self, world, [])
        ),
    },
    "image": {
        "nothing fades": lambda p: as_if(p, Image, "step", half_life=1e9),
        "a summit is worth a tenth more": lambda p: as_if(p, Image, "_points", hosted=0.11),
        "everybody is believed but who gained": lambda p: instead(p, image, "_believed"),
        "who opens talks gains nothing": lambda p: as_if(p, Image, "_points", proposed=0.0),
        "what is paid is not seen": lambda p: without(p, Image, "_points", "paid", 0.0),
        "nobody wins at home": lambda p: as_if(p, Image, "_at_home", won_at_home=0.0),
        "who is new in office is known": lambda p: without(p, Image, "_at_home", "in_office", -1),
        "what is kept counts twice": lambda p: as_if(p, Image, "_points", kept=0.004),
    },
}


@pytest.mark.parametrize("mechanism", FAULTS)
def test_without_a_fault_they_agree(mechanism: str) -> None:
    assert found(mechanism) == []


def test_where_most_cannot_pay_vaccine_writes_all_that_it_may() -> None:
    make, seed = OWN["vaccines"]
    seen = walk(make(), seed, only="vaccines")
    part = make().config.mechanisms["vaccines"]
    assert seen.differences["vaccines"] == [] and seen.changed["vaccines"] == {*part.writes, *part.tables}
    assert {"VACCINES_SOLD", "VACCINES_GIVEN"} <= seen.seen


@pytest.mark.parametrize(("mechanism", "fault"), [(mechanism, fault) for mechanism, some in FAULTS.items() for fault in some])
def test_a_fault_planted_in_a_mechanism_is_found_by_its_twin(mechanism: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    worlds(mechanism)  # as they are without the fault
    FAULTS[mechanism][fault](monkeypatch)
    assert found(mechanism)
