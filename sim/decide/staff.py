"""The staff of a party: how many talks it carries, how many more it could, and what a month of one more costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.contracts import staff_months
from sim.decide.partners import room_for_talks
from sim.kernels import jit
from sim.ports import BargainingTerms
from sim.state.world import Floats, Ints, Setting, World
from sim.types import TalkStage


def free_desks(world: World) -> Ints:
    """Return how many more talks each party can carry, shape (P,): ``max(1, floor(desks (GDP / reference)^eta))`` less those open.

    The two halves of a package are held by the same people: they count once, as all talks of one accession do.
    """
    part, talks = world.setting.terms(BargainingTerms), world.talks
    out = np.empty(world.setting.n_parties, dtype=np.int32)
    room_for_talks(
        world.gdp, part.desks, part.desk_reference, part.desk_elasticity, talks["stage"], int(TalkStage.OPEN), talks["first"],
        talks["second"], np.where(talks["accession"] >= 0, talks["accession"], talks["package"]), out,
    )  # fmt: skip
    return out


def staff(world: World) -> Floats:
    """Return how many talks the staff of each party could carry at the full price, shape (P,): ``desks (GDP / reference)^eta``."""
    part = world.setting.terms(BargainingTerms)
    return np.asarray(part.desks * np.exp(part.desk_elasticity * np.log(np.maximum(world.gdp, 1.0) / part.desk_reference)))


def staff_prices(world: World) -> Floats:
    """Return what a month of one more talk costs each party, shape (P,), USD of gain a year."""
    part = world.setting.terms(BargainingTerms)
    at_work = world.meetings + (talks_open(world) + 1.0) / staff(world)
    return np.asarray(part.talk_hours * part.staff_price * at_work**part.staff_elasticity)


def staff_in_bp(world: World, rows: Ints, role: int) -> Floats:
    """Return what talks on the types of some instruments would cost their party in a role, (n,), bp of its GDP a year."""
    instruments = world.instruments
    party = instruments["first" if role == 0 else "second"][rows]
    months = months_of_types(world.setting)[instruments["type"][rows], role]
    return np.asarray(1e4 * staff_prices(world)[party] * months / np.maximum(world.gdp[party], 1.0))


def months_of_types(setting: Setting) -> Floats:
    """Return how many months of staff an agreement of each type is reckoned to take of either role, (T, 2)."""
    found: Floats | None = setting.kept.get("staff_months")
    if found is None:
        found = setting.kept["staff_months"] = np.array([staff_months(kind) for kind in setting.types], dtype=np.float64)
    return found


def talks_open(world: World) -> Ints:
    """Return how many talks each party carries, shape (P,).

    The two halves of a package are held by the same people and count once; so are all talks of one accession.
    """
    talks, out = world.talks, np.zeros(world.setting.n_parties, dtype=np.int32)
    _talks_open(talks["stage"], int(TalkStage.OPEN), talks["accession"], talks["package"], talks["first"], talks["second"], out)
    return out


@jit
def _talks_open(stage: NDArray[np.int8], is_open: int, accession: Ints, package: Ints, first: Ints, second: Ints, out: Ints) -> None:
    """Count the open talks of each party, (P,): of those of one accession, or of one package, the leading ones alone."""
    for row in range(stage.shape[0]):
        lead = accession[row] if accession[row] >= 0 else package[row]
        if stage[row] == is_open and (lead < 0 or lead == row):
            out[first[row]] += 1
            out[second[row]] += 1
