"""What is said of a code that is not one: what it is, and another only where one is near."""

from __future__ import annotations

import csv

import pytest

from sim.data.codes import KINDS, meant
from sim.data.fields import FOLDER
from sim.data.roster import RosterSpec, load_roster
from sim.types import UserError, month_index

with (FOLDER / "un" / "states.csv").open(encoding="utf-8", newline="") as stream:
    STATES = [row["code"] for row in csv.DictReader(stream)]

SAID = {
    "NA": "'NA' is a code of two letters (ISO 3166-1 alpha-2), of Namibia: write 'NAM'",
    "za": "'za' is a code of two letters (ISO 3166-1 alpha-2), of South Africa: write 'ZAF'",
    "764": "'764' is the ISO 3166-1 number of Thailand: write 'THA'",
    "8": "'8' is the ISO 3166-1 number of Albania: write 'ALB'",
    "850": "'850' is the Correlates of War number of Indonesia: write 'IDN'",
    "SUI": "'SUI' is an Olympic code, of Switzerland: write 'CHE'",
    "ZAR": "'ZAR' is a code that is no longer in use, of Congo - Kinshasa: write 'COD'",
    "Viet Nam": "'Viet Nam' is the name of a state: write 'VNM'",
    "TWN": "'TWN' is Taiwan, which is not a member of the United Nations",
    "RKS": "'RKS' is Kosovo, which is not a member of the United Nations",
    "XKX": "'XKX' is Kosovo, which is not a member of the United Nations",
    "PSE": "'PSE' is Palestine, which is not a member of the United Nations",
    "VAT": "'VAT' is the Holy See, which is not a member of the United Nations",
    "HKG": "'HKG' is Hong Kong, which is not a member of the United Nations",
    "WLD": "'WLD' is an aggregate (the world), not a state",
    "EUU": "'EUU' is an aggregate (the European Union of the World Bank), not a state",
    "OECD": "'OECD' is an organisation (Organisation for Economic Co-operation and Development), not a state",
    "EU": "'EU' is an organisation (European Union), not a state",
    "YUG": "'YUG' is a former state (Yugoslavia)",
    "SUN": "'SUN' is a former state (the Soviet Union)",
    "idn": "did you mean 'IDN'?",
    " IDN ": "did you mean 'IDN'?",
    "IDM": "did you mean 'IDN'?",
    "NLDD": "did you mean 'NLD'?",
    "Indonessia": "did you mean 'IDN'?",
    "QQQ": "193 are valid, such as AFG, AGO, ALB, AND, ARE",
    "": "193 are valid, such as AFG, AGO, ALB, AND, ARE",
}


@pytest.mark.parametrize("code", SAID)
def test_an_unknown_code_is_told_what_it_is(code: str) -> None:
    assert meant(code, STATES) == SAID[code]


def test_a_state_that_the_run_leaves_out_is_told_so() -> None:
    assert meant("FRA", ["IDN", "SGP"]) == "'FRA' is France, which is not among the 2 here"
    assert meant("NA", ["IDN", "SGP"]).endswith("of Namibia (NAM), which is not among the 2 here")


def test_no_code_of_ours_is_taken_for_anything_else() -> None:
    with (FOLDER / "codes.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["said"] for row in rows if row["kind"] == "member"} == set(STATES)
    assert {row["code"] for row in rows} <= {*STATES, ""} and {row["kind"] for row in rows} | {"organisation"} == set(KINDS)
    assert not {row["said"] for row in rows if row["kind"] not in ("member", "numeric", "cow")} & set(STATES)


@pytest.mark.parametrize("code", ["NA", "TWN", "EU", "764"])
def test_a_roster_says_what_a_code_is(code: str) -> None:
    with pytest.raises(UserError) as fault:
        load_roster(RosterSpec(states=("SGP", code)), month_index("2019-01"), month_index("2019-01"))
    assert str(fault.value) == f"roster: there is no state {code!r}; {SAID[code]}"
