"""Why one of two parties does, or does not, join an open agreement of the other: what it would bring, what staff it asks, and who refuses.

Every number is one that the rule uses (:mod:`sim.mechanisms.accessions`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.contracts import may_be_open, staff_months
from sim.decide.staff import staff_prices
from sim.stakes.accession import lacking, name_of, offered, open_agreements, parties_inside
from sim.stakes.payoffs import BP
from sim.state.world import Ints, World


@dataclass(frozen=True)
class Joining:
    """An open agreement that one of the two could join.

    Attributes
    ----------
    agreement : str
        Its name.
    newcomer : str
    usd : float
        What joining would bring the newcomer in all, USD a year; NaN where it may not ask now.
    pairs : dict of str to (float, float)
        By party inside, what its pair would bring the newcomer and itself, bp of own GDP a year.
    refusing : tuple of str
        Parties inside that would lose by it.
    rule : str
        What stands in the way: ``barred``, ``worth``, ``price``, ``consent``; empty where it may apply.
    sentence, sentence_id : str
        The same in English and Indonesian.
    """

    agreement: str
    newcomer: str
    usd: float
    pairs: dict[str, tuple[float, float]]
    refusing: tuple[str, ...]
    rule: str
    sentence: str
    sentence_id: str


def joining(world: World, t: int, a: int, b: int) -> tuple[Joining, ...]:
    """Return the open agreements of a type of which one of two parties is party and that the other could join, in their order."""
    if not may_be_open(world.setting.types[t]) or not world.setting.negotiated[t]:
        return ()
    found = []
    for agreement in open_agreements(world, t):
        inside = parties_inside(world, agreement)
        among = [bool((inside == party).any()) for party in (a, b)]
        if among[0] != among[1]:
            found.append(_of(world, t, agreement, inside, b if among[0] else a))
    return tuple(one for one in found if one is not None)


def _of(world: World, t: int, agreement: int, inside: Ints, newcomer: int) -> Joining | None:
    codes, kind, name, who = world.setting.codes, world.setting.types[t], name_of(world, agreement), world.setting.codes[newcomer]
    if world.principal[t, newcomer] != newcomer:
        return None
    groups = lacking(world, t, newcomer, inside)
    if groups is None:
        said = f"{who} cannot ask to join {name} now: a party to it is barred, too hostile, at talks or at rest with it"
        said_id = (
            f"{who} belum dapat meminta bergabung dengan {name}: ada pihak yang dilarang, bermusuhan, sedang berunding, atau beristirahat"
        )
        return Joining(name, who, float("nan"), {}, (), "barred", said, said_id)
    if groups.n == 0:
        return None
    offer = offered(world, t, agreement, groups)
    usd, asked = offer.usd(world), float(staff_prices(world)[newcomer]) * staff_months(kind)[0]
    refusing = tuple(codes[party] for party in offer.refusing.tolist())
    pairs = {codes[party]: (float(one[0]), float(one[1])) for party, one in zip(groups.second.tolist(), offer.gain, strict=True)}
    brings = f"{who} would gain {usd / 1e6:.3g} million USD a year ({usd * BP / float(world.gdp[newcomer]):+.3g} bp) by joining {name}"
    brings_id = f"{who} akan memperoleh {usd / 1e6:.3g} juta USD setahun dengan bergabung dengan {name}"
    if usd <= 0.0:
        return Joining(name, who, usd, pairs, refusing, "worth", f"{brings}, and so does not ask", f"{brings_id}, maka tidak meminta")
    if usd < asked:
        said, said_id = f"{brings}; its staff asks {asked / 1e6:.3g}", f"{brings_id}; stafnya meminta {asked / 1e6:.3g}"
        return Joining(name, who, usd, pairs, refusing, "price", said, said_id)
    if refusing:
        said, said_id = f"{brings}; {', '.join(refusing)} would refuse", f"{brings_id}; {', '.join(refusing)} akan menolak"
        return Joining(name, who, usd, pairs, refusing, "consent", said, said_id)
    return Joining(name, who, usd, pairs, (), "", f"{brings}, and may apply", f"{brings_id}, dan dapat meminta")
