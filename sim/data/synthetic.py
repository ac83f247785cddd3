"""Synthetic rosters: a smoothed bootstrap of real states on a Gaussian copula.

A synthetic state draws a real donor, each with equal chance. Its continuous figures are the donor's moved in normal-score space,

    z' = sqrt(1 - h^2) z_donor + h L e,     e ~ N(0, I),  L L' = correlation of the real normal scores,  h = ``smoothing`` (assumed),

and brought back through the empirical quantiles, so that marginals and rank correlations are the real ones while no two states are
alike (Silverman 1986, section 6.4, for the smoothed bootstrap with the variance kept; Nelsen 2006 for the copula). Where real states tie,
a count (no cloud region, say) is ranked by what their other figures suggest, so that jitter gives a first region to the likeliest; a
level (one of the grades of a privacy authority) is drawn within the tie: each is the way of breaking ties that kept the rank correlations.

Categories, law, authority, rights of foreigners, courts, leaks, regime and freedom from surveillance (graded together, they part if each
breaks its own ties), bans of platforms, coast, region, memberships and closure to travel are the donor's; its place is scattered round the
donor's; its yearly series follow the donor's path at the level drawn.
Two synthetic states are tied if their donors are, thinned by (real states / N) so that the mean number of ties of a state is kept (below
that N every such tie is kept and the mean is smaller). So are alliances and hostility, each pair with its donors' whole history. Two
states of one donor are neither allied nor hostile. Instruments are made likewise (:mod:`sim.data.stock`). Trade agreements, sanctions,
wars and elections are left out: they are facts of named states. Bodies meet nowhere in particular.

Everything of a state is a function of (seed, its code): a larger N leaves the figures of the first states unchanged.
Departs from an independent draw of each figure, which would make rich states without networks.
"""

from __future__ import annotations

import dataclasses
import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sim import rng
from sim.data import stock
from sim.data.elections import Elections
from sim.data.fields import assumed
from sim.data.further.trade_agreements import TradeAgreements
from sim.data.services import Margins
from sim.data.source import APPLIED, Source
from sim.data.spells import TABLES as SPELLS
from sim.data.spells import Spells
from sim.data.ties import Tie

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KEPT = ("hostility", "alliances")
"""Tables of dated values of pairs that donors hand on. Sanctions and wars are deeds of named states, and are left out."""
_DONOR = rng.decision("synthetic.donor", __name__)
_WITHIN = rng.decision("synthetic.within_tie", __name__)
_JITTER = rng.decision("synthetic.jitter", __name__)
_PLACE = rng.decision("synthetic.place", __name__)
_TIE = {name: rng.decision(f"synthetic.tie.{name}", __name__) for name in ("border", "cables", "language", *KEPT)}

_LAW = ("privacy_law", "privacy_law_first_year", "privacy_law_general_year", APPLIED)
CATEGORIES = ("ldc", *_LAW, "localisation_law", "regime", "no_surveillance")
"""Taken from the donor as they are."""
COUNTS = ("cloud_regions", "ix_buildings", "cables_in_service")
LEVELS = ("privacy_authority",)
"""Figures with few values, brought back to a value that a real state has, never between two."""
TRADE = ("digital exports", "digital imports")
"""Shares of GDP, drawn after all other figures, which they leave as they would be without them."""
_NORMAL = NormalDist()


def synthesise(source: Source, n: int, seed: int) -> Source:
    """Make a synthetic source of ``n`` states from a real one.

    Parameters
    ----------
    source : Source
        The donors.
    n : int
        Number of states; codes S0001 to S5000.
    seed : int
        Luck.

    Returns
    -------
    Source
        The same tables for the synthetic states; blanks are where the donor's are.
    """
    codes = tuple(f"S{i + 1:04d}" for i in range(n))
    ids = rng.identities(codes)
    donor = np.minimum((rng.uniforms(seed, _DONOR, 0, ids) * len(source.codes)).astype(np.int64), len(source.codes) - 1)
    real = _levels(source)
    names = [*sorted(set(real) - set(TRADE)), *TRADE]
    drawn = _draw([real[name] for name in names], names, donor, ids, seed)
    level = dict(zip(names, drawn, strict=True))
    static = {name: values[donor] if name in CATEGORIES else level[name] for name, values in source.static.items()}
    lat, lon = _places(source, donor, ids, seed)
    return dataclasses.replace(
        source,
        codes=codes,
        names=tuple(f"Synthetic {code[1:]}" for code in codes),
        regions=tuple(source.regions[d] for d in donor),
        subregions=tuple(source.subregions[d] for d in donor),
        lat=lat,
        lon=lon,
        static=static,
        series=_series(source, real, level, donor),
        cut={figure: first[donor] for figure, first in source.cut.items()},
        member_from=source.member_from[:, donor],
        member_until=source.member_until[:, donor],
        member_bound_until=source.member_bound_until[:, donor],
        member_flag=source.member_flag[:, donor],
        instruments=stock.made(source, codes, donor, ids, seed),
        institutions=(),
        ties={name: _ties(source, name, donor, ids, seed) for name in source.ties},
        affinity=None,
        closure=source.closure.among(donor),
        spells=_spells(source, donor, ids, seed),
        elections=Elections.none(n),
        authority_year=source.authority_year[donor],
        rights=source.rights.among(donor),
        deals=TradeAgreements.none(),
        courts=source.courts.handed_on(donor, len(source.codes)),
        leaks=source.leaks.among(donor),
        video=source.video.among(donor),
        ground=source.ground.handed_on(donor),
        clouds=source.clouds.handed_on(donor),
        bodies=source.bodies.among(np.full(len(source.codes), -1, dtype=np.int64)),
        data_centres=source.data_centres.of(donor),
        services=_services(source, real, level, donor),
    )


def _last(values: Floats) -> Floats:
    """Return the latest value of each state, shape (N,), NaN where there is none; ``values`` has shape (V, N)."""
    last = np.full(values.shape[1], np.nan)
    for row in values:
        last = np.where(np.isfinite(row), row, last)
    return last


def _levels(source: Source) -> dict[str, Floats]:
    people = _last(source.series["population"][1])
    levels = {name: values for name, values in source.static.items() if name not in CATEGORIES}
    # Wealth per head and people are drawn rather than GDP, so that a small state does not come out impossibly rich.
    levels["gdp per head"] = _last(source.series["gdp"][1]) / people
    levels["population"] = people
    levels["internet_use"] = _last(source.series["internet_use"][1])
    for name, flow in zip(TRADE, (source.services.exports, source.services.imports), strict=True):
        levels[name] = _last(flow / _gdp_of(source, source.services.years))
    return levels


def _draw(real: list[Floats], names: list[str], donor: Ints, ids: NDArray[np.uint64], seed: int) -> list[Floats]:
    middle = [_middle_scores(values) for values in real]
    correlation = [[float((a * b).mean()) for b in middle] for a in middle]
    lower = _cholesky(correlation)
    fresh = [_normal(rng.uniforms(seed, _JITTER, 0, ids, index=f)) for f in range(len(real))]
    h = assumed("smoothing")
    drawn = []
    for f, values in enumerate(real):
        known = np.sort(values[np.isfinite(values)])
        suggested, shift = np.zeros_like(middle[f]), np.zeros(donor.shape[0])
        for g in range(len(real)):
            if g != f and (names[g] not in TRADE or names[f] in TRADE):
                suggested = suggested + correlation[f][g] * middle[g]
            if g <= f:
                shift = shift + lower[f][g] * fresh[g]
        if names[f] in LEVELS:
            z = _normal(_within(values, known, donor, rng.uniforms(seed, _WITHIN, 0, ids, index=f)))
        else:
            z = _broken_scores(values, suggested)[donor]
        share = _share(math.sqrt(1.0 - h * h) * z + h * shift)
        if names[f] in COUNTS + LEVELS:
            made = known[np.minimum((share * known.shape[0]).astype(np.int64), known.shape[0] - 1)]
        else:
            made = np.interp(share, (np.arange(known.shape[0]) + 0.5) / known.shape[0], known)
        drawn.append(np.where(np.isfinite(values[donor]), made, np.nan))
    return drawn


def _broken_scores(values: Floats, suggested: Floats) -> Floats:
    """Return normal scores with ties ranked by ``suggested`` (then by code), shape (N,); 0 where blank."""
    order = np.lexsort((suggested, values))
    order = order[np.isfinite(values[order])]
    scores = np.zeros(values.shape[0])
    scores[order] = _normal((np.arange(order.shape[0]) + 0.5) / order.shape[0])
    return scores


def _within(values: Floats, known: Floats, donor: Ints, luck: Floats) -> Floats:
    """Return each synthetic state's rank share, drawn within its donor's tie, shape (n,); ``known`` are the sorted values of all donors."""
    given = np.where(np.isfinite(values), values, np.median(known))
    below, upto = (np.searchsorted(known, given, side=side) / known.shape[0] for side in ("left", "right"))
    upto = np.maximum(upto, below + 1.0 / known.shape[0])
    return np.asarray(below[donor] + (upto - below)[donor] * luck, dtype=np.float64)


def _middle_scores(values: Floats) -> Floats:
    """Return the standardised normal scores of the middle ranks, shape (N,); 0 where blank."""
    finite = np.isfinite(values)
    known = np.sort(values[finite])
    below, upto = (np.searchsorted(known, values[finite], side=side) for side in ("left", "right"))
    scores = np.zeros(values.shape[0])
    scores[finite] = _normal((below + upto) / (2.0 * known.shape[0]))
    centred = scores - scores.mean()
    return np.asarray(centred / math.sqrt(max(float((centred * centred).mean()), 1e-12)), dtype=np.float64)


def _cholesky(correlation: list[list[float]]) -> list[list[float]]:
    # By hand and in index order: a library's factor may differ in the last bit between machines.
    size = len(correlation)
    lower = [[0.0] * size for _ in range(size)]
    for f in range(size):
        for g in range(f + 1):
            rest = (1.0 if f == g else correlation[f][g]) - sum(lower[f][k] * lower[g][k] for k in range(g))
            lower[f][g] = math.sqrt(max(rest, 1e-9)) if f == g else rest / lower[g][g]
    return lower


def _normal(share: Floats) -> Floats:
    inverse = _NORMAL.inv_cdf
    return np.array([inverse(min(max(p, 1e-12), 1.0 - 1e-12)) for p in share.tolist()])


def _share(z: Floats) -> Floats:
    root = math.sqrt(2.0)
    return np.array([0.5 * math.erfc(-x / root) for x in z.tolist()])


def _places(source: Source, donor: Ints, ids: NDArray[np.uint64], seed: int) -> tuple[Floats, Floats]:
    scatter = assumed("scatter")
    north, east = (scatter * _normal(rng.uniforms(seed, _PLACE, 0, ids, word=w)) for w in (0, 1))
    lat = np.clip(source.lat[donor] + north, -85.0, 85.0)
    lon = (source.lon[donor] + east + 180.0) % 360.0 - 180.0
    return lat, lon


def _gdp_of(source: Source, years: Ints) -> Floats:
    """Return GDP of some years, (Y, N), NaN where the table has none."""
    vintages, values = source.series["gdp"]
    found = np.full((len(years), values.shape[1]), np.nan)
    for y, year in enumerate(years):
        at = np.flatnonzero(vintages == year)
        if len(at):
            found[y] = values[at[0]]
    return found


def _wealth(real: dict[str, Floats], level: dict[str, Floats], donor: Ints) -> tuple[Floats, Floats]:
    """Return people and GDP of each synthetic state over its donor's, (n,) each."""
    people = level["population"] / real["population"][donor]
    return people, people * level["gdp per head"] / real["gdp per head"][donor]


def _services(source: Source, real: dict[str, Floats], level: dict[str, Floats], donor: Ints) -> Margins:
    """Return digital trade: the donor's path at the share of GDP drawn, blank where the donor's is."""
    made, (_, wealth) = source.services, _wealth(real, level, donor)
    flows, larger = [], 0.0
    for name, flow in zip(TRADE, (made.exports, made.imports), strict=True):
        there = real[name][donor]
        flows.append(flow[:, donor] * wealth * np.divide(level[name], there, out=np.ones_like(there), where=there > 0.0))
        # Some donors are drawn often and others never; what counts is what the states have in all, of the flow that grew more.
        larger = max(larger, float(np.nansum(_last(flows[-1])) / np.nansum(_last(flow))))
    return Margins(made.years, flows[0], flows[1], made.world_exports * larger, made.world_imports * larger)


def _series(source: Source, real: dict[str, Floats], level: dict[str, Floats], donor: Ints) -> dict[str, tuple[Ints, Floats]]:
    people, wealth = _wealth(real, level, donor)
    series = {}
    for name, ratio in (("gdp", wealth), ("population", people)):
        vintages, values = source.series[name]
        path = values[:, donor] * ratio
        series[name] = (vintages, np.maximum(np.round(path), 1.0) if name == "population" else path)
    vintages, values = source.series["internet_use"]
    # A share moves by the ratio of odds, which keeps it inside 0 to 1.
    odds = _odds(level["internet_use"]) / _odds(real["internet_use"][donor])
    path = _odds(values[:, donor]) * odds
    series["internet_use"] = (vintages, path / (1.0 + path))
    return series


def _odds(share: Floats) -> Floats:
    inside = np.clip(share, 1e-4, 1.0 - 1e-4)
    return np.asarray(inside / (1.0 - inside), dtype=np.float64)


def _ties(source: Source, name: str, donor: Ints, ids: NDArray[np.uint64], seed: int) -> Tie:
    return _handed_on(source.ties[name], name, len(source.codes), donor, ids, seed)


def _spells(source: Source, donor: Ints, ids: NDArray[np.uint64], seed: int) -> dict[str, Spells]:
    """Hand on alliances and hostility from donors: which pairs, thinned, and then each pair's rows."""
    found = {name: Spells.none() for name in source.spells}
    for table in KEPT:
        names = [name for name in source.spells if SPELLS[name][0] == table]
        pairs, of = source.spells[names[0]].pairs()
        made = _handed_on(pairs, table, len(source.codes), donor, ids, seed)
        for name in names:
            found[name] = source.spells[name].handed_on(of, made)
    return found


def _handed_on(tie: Tie, name: str, n_real: int, donor: Ints, ids: NDArray[np.uint64], seed: int) -> Tie:
    if tie.first.shape[0] == 0:
        return Tie.none()
    n = donor.shape[0]
    by_donor = np.argsort(donor, kind="stable")
    count = np.bincount(donor, minlength=n_real)
    start = np.cumsum(count) - count
    # All pairs of states whose donors are tied, donor tie by donor tie.
    pairs = count[tie.first] * count[tie.second]
    of = np.repeat(np.arange(tie.first.shape[0]), pairs)
    within = np.arange(of.shape[0]) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    width = count[tie.second][of]
    first = by_donor[start[tie.first][of] + within // width]
    second = by_donor[start[tie.second][of] + within % width]
    low, high = np.minimum(first, second), np.maximum(first, second)
    keep = rng.uniforms(seed, _TIE[name], 0, ids[low], ids[high]) < n_real / n
    return Tie.of(low[keep], high[keep], tie.value[of][keep])
