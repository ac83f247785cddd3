"""What came of talks, and of packages of two, told half by half: a package is worked on as one problem and signed as two instruments.

Sides are those of the leading talks; what is written down of the riding ones is turned to their own order of roles.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.arrays import where_true
from sim.bargains.feasible import at_home
from sim.bargains.problems import KEPT, OfferLog, Outcomes, Problems, Talks
from sim.bargains.quality import quality
from sim.bargains.worth import worth as worth_of
from sim.stakes.beliefs import errors
from sim.stakes.leverage import bargaining_weights, outside_options
from sim.stakes.linkage import at_stake, joint, sides
from sim.stakes.payoffs import midway_gains
from sim.stakes.ratifiers import with_ratifiers
from sim.stakes.renewal import kept_gain, renewing
from sim.stakes.stakes import Coefficients, take
from sim.state.world import Bools, Floats, Ints, World

Package = tuple[Ints, Bools] | None
"""Talks that ride with M others, (M,), and where their roles run the other way, (M,); None where talks are held alone."""


def tabled(world: World, rows: Ints, package: Package = None) -> tuple[tuple[Coefficients, ...], Problems, Problems]:
    """Return what some negotiations are about now: coefficients, problems as each side believes, and as the table knows them.

    Parameters
    ----------
    world : World
    rows : int (M,)
        Rows of negotiations.
    package : Package
        The talks that ride with them; then there are coefficients of both halves, and the problems are of both together.
    """
    talks, protocol = world.talks, world.setting.config.protocol
    c, outside = at_stake(world, rows), _without(world, rows)
    halves: tuple[Coefficients, ...] = (c,)
    if package is not None:
        riders, turned = package
        halves = c, at_stake(world, riders)
        c, outside = joint(halves[0], halves[1], turned), outside + sides(_without(world, riders), turned)
    # Each side signs on what it believes of its own ratifiers; the table knows of them what the other side guesses.
    problems, guessed = with_ratifiers(world, rows, c, bargaining_weights(world, rows), outside, package)
    # Who opened the talks makes the first offer.
    first = (talks["initiator"][rows] != talks["first"][rows]).astype(np.int8)
    problems, guessed = replace(problems, first=first), replace(guessed, first=first)
    if protocol.information == "common":
        # What either side needs is known with an error: it moves both what it could do without and what it has elsewhere.
        error = errors(world, rows, c)
        guessed = replace(guessed, d=guessed.d + error, r=guessed.r + error)
    return halves, problems, guessed if protocol.information == "common" else problems


def _without(world: World, rows: Ints) -> Floats:
    """Return what each side of some talks has if they fail, over no agreement, (M, 2), bp: a rival's bid, or what is in force."""
    outside = outside_options(world, rows)
    for at in renewing(world, rows):
        # What is in force stays where the talks on its successor fail.
        outside[at] = np.maximum(outside[at], kept_gain(world, int(rows[at])))
    return outside


def halves_of_texts(rows: Ints, texts: Floats, package: Package) -> Iterator[tuple[Ints, Floats]]:
    """Yield the talks of each half with its part of some texts by side, (M, 2, K) or (M, 2, 2 K)."""
    if package is None:
        yield rows, texts
        return
    half = texts.shape[2] // 2
    yield rows, texts[:, :, :half]
    yield package[0], sides(texts[:, :, half:], package[1])


def stored(world: World, rows: Ints, package: Package) -> dict[str, Any]:
    """Return what talks keep between rounds, column by column (M, ...); of packages by the sides of the leading talks."""
    talks = world.talks
    found = {name: talks[name][rows].copy() for name in KEPT}
    if package is not None:
        for name in KEPT:
            if found[name].ndim == 3:
                found[name] = np.concatenate([found[name], sides(talks[name][package[0]], package[1])], axis=2)
    return found


def store(world: World, rows: Ints, package: Package, state: Talks) -> None:
    """Write down what talks keep between rounds; both halves of a package keep what is kept of the whole."""
    talks = world.talks
    for name in KEPT:
        kept = getattr(state, name)
        if kept.ndim == 3:
            for some, text in halves_of_texts(rows, kept, package):
                talks[name][some] = text
            continue
        talks[name][rows] = kept
        if package is not None:
            talks[name][package[0]] = sides(kept, package[1]) if kept.ndim == 2 else kept


def offers_of(world: World, rows: Ints, log: OfferLog, package: Package) -> dict[str, Any]:
    """Return the columns of the table of offers for those just made; one of a package gives two rows, with the worth of the whole."""
    talks = world.talks
    who = np.where(log.proposer == 0, talks["first"][rows[log.talk]], talks["second"][rows[log.talk]])
    if package is None:
        return {"talk": rows[log.talk], "step": log.step, "proposer": who, "text": log.text, "utility": log.utility}
    riders, turned = package
    n, half = len(who), log.text.shape[1] // 2
    talk, worth = (
        np.stack([rows[log.talk], riders[log.talk]], axis=1),
        np.stack([log.utility, sides(log.utility, turned[log.talk])], axis=1),
    )
    text, step, proposer = log.text.reshape(2 * n, half), np.repeat(log.step, 2), np.repeat(who, 2)
    return {"talk": talk.reshape(2 * n), "step": step, "proposer": proposer, "text": text, "utility": worth.reshape(2 * n, 2)}


@dataclass(frozen=True)
class Deal:
    """One half of what was concluded, or the whole of it.

    Attributes
    ----------
    row : int
        Its talks.
    text : float64 (K,)
    utility, d : float64 (2,)
        Its own worth, money included, and the value of no agreement on it (bp of own GDP a year), in its own order of roles.
    whole : float
        What an infrastructure level of 1 would commit (USD).
    """

    row: int
    text: Floats
    utility: Floats
    d: Floats
    whole: float


@dataclass(frozen=True)
class Worked:
    """What a protocol and both sides made of M talks, or of M packages.

    Attributes
    ----------
    rows : int (M,)
        The talks, of packages the leading ones.
    halves : tuple of Coefficients
        What is at stake in each half, in its own order of roles.
    package : Package
    problems, outcomes
        As each side believes of its own ratifiers; as concluded.
    accepted : bool (M,)
        Where both sides sign.
    """

    rows: Ints
    halves: tuple[Coefficients, ...]
    package: Package
    problems: Problems
    outcomes: Outcomes
    accepted: Bools

    @functools.cached_property
    def midway(self) -> Floats:
        """What each side would gain by the text halfway between both sides' own best ones, (M, 2), bp; of packages, in the leading half."""
        return midway_gains(self.halves[0])

    def feared(self, at: int) -> bool:
        """Say whether ratifiers of either side would refuse text and money of one row, as their executive believes."""
        pivot, outcomes = self.problems.take([at]).pivot, self.outcomes.take([at])
        return bool((at_home(pivot, outcomes.text, outcomes.transfer) < 0.0).any())

    def measure(self, world: World, gdp: Floats) -> None:
        """Write down how good each deal is that will be signed; of a package both halves keep the quality of the whole."""
        signed = where_true(self.accepted)
        if len(signed) == 0:
            return
        found = quality(self.problems.take(signed), self.outcomes.take(signed), gdp[signed])
        world.talks["quality"][self.rows[signed]] = found
        if self.package is not None:
            # The last measure is the share of who comes first, and in the riding talks that may be the other side.
            turned = self.package[1][signed]
            found[turned, -1] = 1.0 - found[turned, -1]
            world.talks["quality"][self.package[0][signed]] = found

    def deals(self, at: int) -> tuple[Deal, ...]:
        """Return what was concluded in one row, half by half; money goes with the leading half."""
        row, text = int(self.rows[at]), self.outcomes.text[at]
        if self.package is None:
            return (Deal(row, text, self.outcomes.utility[at], self.problems.d[at], float(self.halves[0].commitment[at])),)
        half, money = len(text) // 2, 0.0 if self.outcomes.transfer is None else self.outcomes.transfer[at]
        found = []
        for one, some, part in zip(self.halves, (self.rows, self.package[0]), (text[:half], text[half:]), strict=True):
            worth = worth_of(take(one, np.array([at])), part[None, :])[0] + (money if some is self.rows else 0.0)
            found.append(Deal(int(some[at]), part, worth, one.d[at], float(one.commitment[at])))
        return tuple(found)
