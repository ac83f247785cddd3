"""The pages of results are made by a command and tell what the code gives today."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from worlds import setting_of, tree

import sim
from analysis.__main__ import main
from analysis.findings import Lived, listed, names, page, table
from analysis.findings.across_hostility import hostility, signed_across
from analysis.findings.terms import TERMS
from analysis.findings.what_moves_the_numbers import CHANGES, counts
from analysis.worlds import Kept, World
from sim.run import prepare

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "findings"


def test_every_finding_has_its_page_and_every_page_its_finding() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(names())
    for name in names():
        assert f"Made by `python -m analysis findings {name}`" in (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def test_a_page_tells_what_the_code_gives_today() -> None:
    told = [float(number) for number in _row("what_moves_the_numbers", CHANGES[0][0])]
    now = counts(sim.run("baseline", seed=0, record="scalars").runs)
    assert [told[0], told[3], told[6]] == [round(one[0]) for one in now], "python -m analysis findings writes the pages anew"


def test_every_change_that_a_page_tells_changes_a_setting() -> None:
    plain = prepare({"scenarios": "baseline"})[0].digest
    digests = [prepare({"scenarios": "baseline", **tree})[0].digest for _, tree in CHANGES]
    assert digests[0] == plain and len(set(digests)) == len(digests)


def test_an_unknown_finding_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["findings", "linkag"]) == 2
    assert capsys.readouterr().err.strip() == "error: there is no finding 'linkag'; did you mean 'linkage'?"


def test_a_page_is_written_from_runs_that_were_lived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    lived = Lived(told.append)
    monkeypatch.setattr("analysis.findings.linkage.SEEDS", 1)
    few = {"roster": {"states": ["BRA", "CHN", "DEU", "FRA", "IDN", "USA"]}, "end": "2019-03"}
    monkeypatch.setattr(lived, "runs", lambda seeds, **tree: lived.result(seeds, **tree, **few).runs)
    assert page("linkage", lived) == page("linkage", lived) and len(told) == 2


def test_a_signature_across_hostility_is_seen_whoever_comes_first_and_in_its_year_alone() -> None:
    setting = setting_of(tree(start="2021-06", end="2022-05"))
    years = {2021: np.zeros(len(setting.edges.row)), 2022: np.zeros(len(setting.edges.row))}
    china, usa = setting.codes.index("CHN"), setting.codes.index("USA")
    for e in (setting.edges.find(china, usa), setting.edges.find(usa, china)):
        years[2022][e] = 0.5
    rows = [
        (0, 12 * 2021 + 11, "transfer_framework", "CHN", "USA"),
        (1, 12 * 2022, "transfer_framework", "USA", "CHN"),
        (4, 12 * 2022 + 4, "transfer_framework", "CHN", "USA"),
        (4, 12 * 2022 + 4, "infrastructure_pact", "CHN", "SGP"),
        (4, 12 * 2022 + 4, "security_treaty", "CHN", ""),
    ]
    signatures = pa.table({name: [row[k] for row in rows] for k, name in enumerate(("seed", "month", "type", "party_a", "party_b"))})
    kept = Kept(World.of("baseline"), Path(), pa.table({"seed": range(5)}), signatures)
    assert signed_across(kept, setting, years) == {("transfer_framework", "CHN", "USA"): {1, 4}}
    known = hostility(setting)
    assert set(known) == {2021, 2022} and known[2022].max() >= 0.5


def test_missing_numbers_are_dashes_and_rows_a_table() -> None:
    assert listed([1.2, float("nan"), 3.0]) == "1, –, 3"
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def _row(name: str, first: str) -> list[str]:
    lines = (FOLDER / f"{name}.md").read_text(encoding="utf-8").splitlines()
    cells = next(line for line in lines if line.startswith(f"| {first} |")).strip("| ").split("|")[1:]
    return [number for cell in cells for number in cell.strip().split(", ")]


def test_each_term_names_a_file_and_a_test_that_are_there_and_settings_that_change_a_run() -> None:
    plain = prepare({"scenarios": "baseline"})[0].digest
    for term in TERMS:
        file, test = term.test.split("::")
        assert (ROOT / term.file).is_file(), term.words
        assert f"def {test}(" in (ROOT / "tests" / f"{file}.py").read_text(encoding="utf-8"), term.words
        assert prepare({"scenarios": "baseline"}, dict(term.settings))[0].digest != plain, term.words
