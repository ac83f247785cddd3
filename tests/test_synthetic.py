"""Synthetic rosters keep the joint distribution of the real one, and a state never depends on how many others there are."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import ks_2samp, spearmanr
from worlds import another_process

from sim import rng
from sim.data.fields import FOLDER, load_fields
from sim.data.records import InstrumentRow
from sim.data.roster import Roster, RosterSpec, load_roster
from sim.data.synthetic import _DONOR as DONOR
from sim.types import Flag, UserError, month_index

START, END = month_index("2019-01"), month_index("2021-12")
FILLED_ANEW = ("localisation_law", "localisation")
"""Mostly blank, so that their medians are those of the synthetic states."""


@cache
def synthetic(n: int, seed: int = 1) -> Roster:
    return load_roster(RosterSpec("synthetic", n=n, seed=seed), START, END)


@cache
def real() -> Roster:
    return load_roster(RosterSpec(), START, END)


def ranks(roster: Roster, names: list[str]) -> NDArray[np.float64]:
    found = spearmanr(np.array([roster.figures[name][0] for name in names]).T)
    return np.asarray(found.statistic)


def test_rank_correlations_are_the_real_ones() -> None:
    names = [name for name in real().figures if name not in FILLED_ANEW]
    gap = np.abs(ranks(real(), names) - ranks(synthetic(2000), names))
    worst = np.unravel_index(int(np.argmax(gap)), gap.shape)
    assert gap.max() <= 0.1, [names[k] for k in worst]


def test_marginals_are_the_real_ones() -> None:
    for name in real().figures:
        if name not in FILLED_ANEW:
            assert ks_2samp(real().figures[name][0], synthetic(2000).figures[name][0]).statistic < 0.08, name


def test_figures_are_not_copies_of_the_donors() -> None:
    bandwidth = synthetic(2000).figures["bandwidth"][0]
    assert len(np.unique(bandwidth)) > 1900
    assert np.isin(bandwidth, real().figures["bandwidth"][0]).mean() < 0.01


def test_the_mean_number_of_ties_is_kept() -> None:
    def degree(roster: Roster, tie: str) -> float:
        i, j = np.triu_indices(roster.n, 1)
        return 2.0 * float((roster.tie(tie, i, j) > 0).sum()) / roster.n

    for tie in ("border", "cables"):
        assert degree(synthetic(2000), tie) == pytest.approx(degree(real(), tie), rel=0.15), tie


def test_alliances_and_hostility_are_handed_on_from_donors_with_their_whole_history() -> None:
    made, given = synthetic(2000), real()
    for name in ("alliances", "hostility", "without_rivalry"):
        many, few = (2.0 * len(one.spells[name].pairs()[0].first) / one.n for one in (made, given))
        assert many == pytest.approx(few, rel=0.15), name
        histories = [
            {
                tuple(sorted(zip(one.start[of == k].tolist(), one.until[of == k].tolist(), one.value[of == k].tolist(), strict=True)))
                for k in range(of.max() + 1)
            }
            for one, of in ((roster.spells[name], roster.spells[name].pairs()[1]) for roster in (made, given))
        ]
        assert histories[0] <= histories[1], name
    assert not len(made.spells["sanctions"].first) and not len(made.spells["wars"].first), "deeds of named states are not handed on"


def test_more_states_leave_the_first_ones_as_they_are() -> None:
    few, many = synthetic(60), synthetic(200)
    assert few.codes == many.codes[:60]
    known = few.flags["cybersecurity"][0] < Flag.FILLED
    assert np.array_equal(few.figures["cybersecurity"][0][known], many.figures["cybersecurity"][0][:60][known])
    for name in ("gdp", "population", "bandwidth", "rule_of_law", "cloud_regions", "ideal_point", "protection_state"):
        assert np.array_equal(few.figures[name], many.figures[name][:, :60]), name
    assert np.array_equal(few.member_from, many.member_from[:, :60])
    assert np.array_equal(few.lat, many.lat[:60])


def test_another_seed_is_another_world_and_the_same_seed_the_same() -> None:
    again = load_roster(RosterSpec("synthetic", n=60, seed=1), START, END)
    assert again.digest == synthetic(60).digest != synthetic(60, seed=2).digest


def test_a_synthetic_roster_is_the_same_in_a_new_process_with_kernels_off() -> None:
    code = (
        "from sim.data.roster import RosterSpec, load_roster;"
        f"print(load_roster(RosterSpec('synthetic', n=60, seed=1), {START}, {END}).digest)"
    )
    assert another_process(code, CLOUD_DIPLOMACY_JIT="off", PYTHONHASHSEED="77") == synthetic(60).digest


def test_a_series_follows_its_donors_path() -> None:
    growth = synthetic(200).figures["population"][2] / synthetic(200).figures["population"][0]
    real_growth = real().figures["population"][2] / real().figures["population"][0]
    nearest = np.abs(growth[:, None] - real_growth[None, :]).min(axis=1)
    assert nearest.max() < 1e-3


def test_every_figure_of_a_large_roster_is_finite_and_in_bounds() -> None:
    roster = synthetic(2000)
    fields = {name: field for (table, name), field in load_fields().items() if table in ("states", "yearly", "derived")}
    for name, values in roster.figures.items():
        assert np.isfinite(values).all() and values.min() >= fields[name].low and values.max() <= fields[name].high, name
    assert (np.abs(roster.lat) <= 85).all() and (np.abs(roster.lon) <= 180).all()


def test_blocs_have_their_share_of_members() -> None:
    roster = synthetic(2000)
    assert roster.blocs == ("ASEAN", "EU")
    assert roster.members("EU", START).mean() == pytest.approx(28 / 193, abs=0.03)


def pairs_of(roster: Roster) -> list[tuple[str, ...]]:
    """Return the instruments between two states: type, parties, months of signature and entry into force."""
    return [(row.type, *row.parties, row.signed, row.in_force) for row in roster.instruments if not set(row.parties) & set(roster.blocs)]


def test_the_mean_number_of_instruments_of_a_state_is_kept() -> None:
    given, made = real(), synthetic(2000)
    assert len(pairs_of(made)) / made.n == pytest.approx(len(pairs_of(given)) / given.n, rel=0.15)
    assert len(pairs_of(synthetic(60))) / 60 < 0.5 * len(pairs_of(given)) / given.n, "below the donors' number nothing is thinned"

    def with_a_bloc(roster: Roster) -> float:
        return (len(roster.instruments) - len(pairs_of(roster))) / roster.n

    assert with_a_bloc(made) == pytest.approx(with_a_bloc(given), rel=0.2)


def test_instruments_are_the_donors_with_their_dates_roles_and_texts() -> None:
    given = {_told(row) for row in real().instruments}
    made = {_told(row) for row in synthetic(2000).instruments}
    assert made <= given and len(made) > 0.8 * len(given)


def _told(row: InstrumentRow) -> tuple[Any, ...]:
    return row.type, row.name, row.roles, row.signed, row.in_force, row.ended, row.text.tobytes(), row.no_localisation, row.source


def test_a_larger_roster_leaves_instruments_of_the_first_states_as_they_were_drawn() -> None:
    """More states thin what is drawn, by the same luck: what stays is what was there. What a bloc has is never thinned."""
    sizes = [synthetic(n) for n in (60, 193, 400, 2000)]
    first = set(sizes[0].codes)
    inside = [{row for row in pairs_of(one) if set(row[1:3]) <= first} for one in sizes]
    assert inside[0] == inside[1] > inside[2] >= inside[3]
    of_blocs = [{_told(row) + row.parties for row in one.instruments if set(row.parties) & set(one.blocs)} for one in sizes]
    outside = [{told for told in one if set(told[-2:]) <= first | set(sizes[0].blocs)} for one in of_blocs]
    assert outside[0] and all(one == outside[0] for one in outside)


def test_two_states_of_one_donor_have_no_instrument_and_no_member_one_with_its_bloc() -> None:
    """Two of one donor have its name in their donors' history; of a bloc and a state, only those that were none of its members."""
    roster = synthetic(2000)
    donor = dict(zip(roster.codes, donors_of(2000), strict=True))
    between = [(donor[row.parties[0]], donor[row.parties[1]]) for row in roster.instruments if not set(row.parties) & set(roster.blocs)]
    assert len(between) > 1000 and all(one != other for one, other in between)
    with_a_bloc = 0
    for row in roster.instruments:
        for bloc, state in (row.parties, row.parties[::-1]):
            if bloc in roster.blocs:
                at = roster.codes.index(state)
                assert not roster.members(bloc, row.in_force)[at], (row.name, row.parties)
                with_a_bloc += 1
    assert with_a_bloc > 100


def donors_of(n: int) -> list[str]:
    """Draw the donor of each state anew, by its own name."""
    codes, many = real().codes, len(real().codes)
    luck = rng.uniforms(1, DONOR, 0, rng.identities(synthetic(n).codes))
    return [codes[min(int(one * many), many - 1)] for one in luck]


def test_donors_may_be_a_users_own_states(tmp_path: Path) -> None:
    text = (FOLDER / "un" / "states.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "states.csv").write_text("\n".join([text[0], *text[1:11]]), encoding="utf-8")
    shutil.copy(FOLDER / "un" / "borders.csv", tmp_path)
    with pytest.raises(UserError, match="is not a state of the roster"):
        load_roster(RosterSpec("synthetic", n=20, folder=tmp_path), START, END)
    (tmp_path / "borders.csv").unlink()
    roster = load_roster(RosterSpec("synthetic", n=20, folder=tmp_path), START, END)
    assert roster.n == 20
    assert set(roster.regions) <= {line.split(",")[2] for line in text[1:11]}
