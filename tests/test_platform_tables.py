"""The tables of platforms and bans: what ours hold, what a user's may, and what a faulty one is told in one sentence."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.data.fields import FURTHER
from sim.data.roster import RosterSpec, load_roster
from sim.types import NEVER, UserError, month_index

PLATFORMS, BANS = "video_platforms", "platform_bans"
SPAN = month_index("2019-01"), month_index("2022-12")
Rows = list[dict[str, str]]


def ours(table: str) -> Rows:
    with (FURTHER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(folder: Path, table: str, rows: Rows) -> Path:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, list(ours(table)[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    return folder


def loaded(folder: Path, **spec: Any) -> Any:
    return load_roster(RosterSpec(folder=folder, **spec), *SPAN)


def changed(table: str, name: str, **cells: str) -> Rows:
    """Return our rows, with other cells in the first row of a platform."""
    rows = ours(table)
    at = next(n for n, row in enumerate(rows) if row["platform"] == name)
    rows[at] = {**rows[at], **cells}
    return rows


def test_ours_name_every_platform_once_with_home_delay_price_and_grade() -> None:
    roster = load_roster(RosterSpec(), *SPAN)
    assert roster.platforms[0] == "bridge" and {"teams", "tencent_meeting", "webex", "zoom"} < set(roster.platforms)
    assert list(roster.platforms[1:]) == sorted(roster.platforms[1:])
    clouds, bridges = roster.video.clouds, roster.video.bridges
    assert roster.codes[clouds.home[roster.platforms.index("zoom") - 1]] == "USA"
    assert bridges.ports.max() == 700.0 and (clouds.delay < bridges.delay.min()).all() and (clouds.price < bridges.price.min()).all()
    assert all(row["grade"] and row["source"] for table in (PLATFORMS, BANS) for row in ours(table))


def test_bans_hold_from_their_first_month_to_their_last() -> None:
    video, zoom = load_roster(RosterSpec(), *SPAN).video, "zoom"
    codes = load_roster(RosterSpec(), *SPAN).codes

    def barred(month: str) -> set[str]:
        at = video.bans_at(month_index(month))
        return {codes[video.ban_state[i]] for i in at if video.names[video.ban_platform[i]] == zoom}

    assert barred("2019-08") == set() and barred("2019-11") == {"CHN"} and "DEU" in barred("2020-12") and "DEU" not in barred("2021-01")
    assert barred("2020-04") == {"AUS", "CHE", "CHN", "DEU", "IND", "SGP", "USA"}


def test_what_is_known_until_a_month_forgets_later_platforms_and_bans_and_lets_open_ones_go_on() -> None:
    roster = load_roster(RosterSpec(known_until=month_index("2020-05")), *SPAN)
    clouds, names = roster.video.clouds, roster.platforms
    assert clouds.since[names.index("visio") - 1] == clouds.since[names.index("bharat_vc") - 1] == NEVER
    assert clouds.since[names.index("zoom") - 1] < SPAN[0]
    assert (roster.video.ban_since <= month_index("2020-05")).all()
    germany = roster.video.ban_state == roster.codes.index("DEU")
    assert (roster.video.ban_until[germany] == NEVER).all()


def test_some_states_keep_their_bans_and_a_host_elsewhere_is_nobody_in_the_run() -> None:
    roster = load_roster(RosterSpec(states=("CHN", "DEU", "FRA")), *SPAN)
    assert roster.video.clouds.home[roster.platforms.index("zoom") - 1] == -1
    assert {roster.codes[i] for i in roster.video.ban_state} == {"CHN", "DEU"}
    made = load_roster(RosterSpec(kind="synthetic", n=60), *SPAN)
    assert made.video.names == roster.video.names and made.video.clouds.home.max() < 60 and made.video.ban_state.max(initial=0) < 60


def test_a_users_own_tables_stand_in_for_ours(tmp_path: Path) -> None:
    rows = [row for row in ours(PLATFORMS) if row["platform"] in ("cms_1000", "webex")]
    mine = {**rows[1], "platform": "sealand_meet", "home": "KEN", "sites": "KEN;UGA"}
    roster = loaded(write(tmp_path, PLATFORMS, [*rows, mine]))
    assert roster.platforms == ("bridge", "sealand_meet", "webex") and {name for name, _, _ in roster.replaced} == {PLATFORMS}
    # Of our bans those on a platform that is no longer there are left out.
    assert set(roster.video.ban_platform.tolist()) <= {2}
    write(tmp_path, BANS, [{**ours(BANS)[0], "state": "IDN", "platform": "sealand_meet", "since": "2020-02", "until": ""}])
    roster = loaded(tmp_path)
    assert roster.video.ban_state.tolist() == [roster.codes.index("IDN")] and roster.video.ban_until.tolist() == [NEVER]
    assert np.allclose(
        roster.video.clouds.site_lat[roster.video.clouds.site_of == 0], [roster.lat[roster.codes.index(c)] for c in ("KEN", "UGA")]
    )
    assert roster.digest != load_roster(RosterSpec(), *SPAN).digest


FAULTS: dict[str, tuple[str, Rows, str]] = {
    "kind": (PLATFORMS, changed(PLATFORMS, "zoom", kind="clowd"), "column kind: cannot be 'clowd'; did you mean 'cloud'"),
    "home": (PLATFORMS, changed(PLATFORMS, "zoom", home="USB"), "column home: 'USB' is not a state of the roster"),
    "site": (PLATFORMS, changed(PLATFORMS, "zoom", sites="USA;XYZ"), "column sites: 'XYZ' is not a state of the roster"),
    "ports": (PLATFORMS, changed(PLATFORMS, "rmx_2000", ports="1"), "column ports: '1' is not a whole number from 2 to 100000"),
    "half a port": (PLATFORMS, changed(PLATFORMS, "rmx_2000", ports="20.5"), "column ports: '20.5' is not a whole number"),
    "price": (PLATFORMS, changed(PLATFORMS, "zoom", price="-1"), "column price: '-1' is not a number from 0"),
    "delay": (PLATFORMS, changed(PLATFORMS, "zoom", delay="fast"), "column delay: 'fast' is not a number (ms)"),
    "month": (PLATFORMS, changed(PLATFORMS, "zoom", since="2013"), "column since: '2013' is not a month of the form YYYY-MM"),
    "ends first": (PLATFORMS, changed(PLATFORMS, "zoom", until="2012-12"), "column until: 2012-12 lies before 2013-01 in column since"),
    "name": (PLATFORMS, changed(PLATFORMS, "zoom", platform="Zoom Video"), "column platform: 'Zoom Video' is not a name"),
    "bridge": (PLATFORMS, changed(PLATFORMS, "zoom", platform="bridge"), "column platform: 'bridge' stands for all bridges together"),
    "reach of a bridge": (PLATFORMS, changed(PLATFORMS, "rmx_2000", reach="all"), "column reach: 'all' is said of a bridge"),
    "sites of a bridge": (PLATFORMS, changed(PLATFORMS, "rmx_2000", sites="USA"), "column sites: 'USA' is said of a bridge"),
    "no reach": (PLATFORMS, changed(PLATFORMS, "zoom", reach=""), "column reach: a cloud needs all"),
    "twice": (PLATFORMS, [*ours(PLATFORMS), ours(PLATFORMS)[-1]], "zoom is already given in row"),
    "ban on nothing": (
        BANS,
        changed(BANS, "zoom", platform="zom"),
        "column platform: 'zom' is not a cloud of video_platforms.csv; did you mean 'zoom'",
    ),
    "ban on all bridges": (BANS, changed(BANS, "zoom", platform="bridge"), "column platform: 'bridge' is not a cloud"),
    "ban by nobody": (BANS, changed(BANS, "zoom", state="AUT1"), "column state: 'AUT1' is not a state of the roster"),
    "level": (BANS, changed(BANS, "zoom", level="2"), "column level: '2' is not a number from 0 to 1 (share)"),
    "ban ends first": (BANS, changed(BANS, "zoom", until="2020-03"), "column until: 2020-03 lies before 2020-04 in column since"),
    "two at once": (
        BANS,
        [*ours(BANS), {**next(row for row in ours(BANS) if row["state"] == "IND"), "since": "2021-01"}],
        "IND bars zoom anew in 2021-01, but row",
    ),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_faulty_table_is_refused_in_one_sentence(fault: str, tmp_path: Path) -> None:
    table, rows, said = FAULTS[fault]
    with pytest.raises(UserError) as told:
        loaded(write(tmp_path, table, rows))
    sentence = str(told.value)
    assert said in sentence and f"{table}.csv" in sentence and " row " in sentence
    assert "\n" not in sentence
