"""What a study keeps is what was written: every bit of it, every value, every copy; a check finds whatever is not."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from studies import RANDOM, SMALL, digest, finished, here, replaced, rows, small, times_100, written_anew

from sim.__main__ import main
from sim.folder import column_of, write_table
from sim.study import manage
from sim.study.check import check, checked_study
from sim.study.collect import collect
from sim.study.design import n_rows
from sim.study.explain import explain
from sim.study.shards import index_of, read_shard, shard_names
from sim.study.status import facts
from sim.study.store import plan_in, read_manifest, write_manifest
from sim.study.work import Worker
from sim.types import UserError

FLIPS = 200


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with series and a kept run; not to be changed."""
    return finished(tmp_path_factory.mktemp("sound"), record="series", keep={"runs": [3], "record": "panels"}, replicates=1, chunk=2)


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "copy"))


def flipped(name: str, size: int) -> list[tuple[int, int]]:
    """Choose bytes and bits of a file by name: the same every time."""
    found = []
    for k in range(FLIPS):
        word = int.from_bytes(hashlib.blake2b(f"{name} {k}".encode(), digest_size=8).digest(), "big")
        found.append((word % size, (word >> 40) % 8))
    return found


def test_a_sound_study_is_called_sound(sound: Path) -> None:
    assert checked_study(sound).verdict == "sound: 4 done, 0 failed, 0 missing in 2 shards"


@pytest.mark.parametrize("where", ["shards/*", "series/*", "scalars.parquet", "series.parquet", "design.parquet"])
def test_no_flipped_bit_of_a_table_goes_unseen(where: str, sound: Path, tmp_path: Path) -> None:
    from sim.seal import fault_of

    path = sorted(sound.glob(where))[0]
    whole, spoilt = path.read_bytes(), tmp_path / "spoilt.parquet"
    spoilt.write_bytes(whole)
    assert fault_of(spoilt) is None
    for at, bit in flipped(where, len(whole)):
        spoilt.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        assert fault_of(spoilt) is not None, f"bit {bit} of byte {at} of {path.name}"


@pytest.mark.parametrize("where", ["shards/*", "series/*", "scalars.parquet", "series.parquet", "design.parquet", "kept/*/panels.parquet"])
def test_a_check_names_the_file_with_a_flipped_bit(where: str, copy: Path) -> None:
    path = sorted(copy.glob(where))[0]
    whole = path.read_bytes()
    for at, bit in (flipped(where, len(whole))[0], (len(whole) - 20, 3)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        assert any(str(path) in fault for fault in check(copy)), (at, bit)


def test_no_flipped_bit_of_a_manifest_changes_what_is_read(copy: Path) -> None:
    path, told = copy / "manifest.json", read_manifest(copy)
    whole = path.read_bytes()
    for at, bit in flipped("manifest", len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        assert read_manifest(copy) == told, f"bit {bit} of byte {at}"


def test_a_damaged_manifest_is_told_and_mended_from_its_copy(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (copy / "manifest.json").read_bytes()
    (copy / "manifest.json").write_bytes(whole.replace(b'"runs": 4', b'"runs": 5'))
    assert any("its copy manifest.copy.json is used" in fault for fault in check(copy))
    assert main(["status", str(copy)]) == 0
    assert "its copy manifest.copy.json is used" in capsys.readouterr().err
    collect(copy)
    assert check(copy) == [] and json.loads((copy / "manifest.json").read_text())["runs"] == 4
    (copy / "manifest.copy.json").unlink()
    assert check(copy) == [f"{copy / 'manifest.copy.json'} is missing"]


def of_table(change: Callable[[Any], Any]) -> Callable[[Path], None]:
    return lambda folder: write_table(folder / "scalars.parquet", change(read_shard(folder / "scalars.parquet")))


def of_shard(change: Callable[[Any], Any], *, careful: bool) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        path = folder / "shards" / shard_names(folder)[0]
        (written_anew if careful else write_table)(path, change(read_shard(path)))

    return do


def zeroed(table: Any, name: str) -> Any:
    return replaced(table, name, column_of(table, name) * 0)


FORGED: dict[str, Callable[[Path], None]] = {
    "a scalar of the table times 100": of_table(lambda table: times_100(table, "contacts_held")),
    "a factor of the table zeroed": of_table(lambda table: zeroed(table, "mechanisms.contacts.hours_head")),
    "the seeds of the table zeroed": of_table(lambda table: replaced(table, "seed", column_of(table, "seed") + 1)),
    "two runs of the table exchanged": of_table(lambda table: replaced(table, "run", column_of(table, "run")[[1, 0, 2, 3]].copy())),
    "a row of the table left out": of_table(lambda table: table.slice(1)),
    "a scalar of a shard times 100": of_shard(lambda table: times_100(table, "contacts_held"), careful=False),
    "a scalar of a shard times 100, digests made anew": of_shard(lambda table: times_100(table, "contacts_held"), careful=True),
    "an identity of a shard made up": of_shard(lambda table: replaced(table, "identity", ["0" * 32] * table.num_rows), careful=True),
    "the draws of a shard exchanged": of_shard(lambda table: replaced(table, "draw", column_of(table, "draw")[::-1].copy()), careful=True),
    "a design without its factor": lambda folder: write_table(
        folder / "design.parquet", zeroed(read_shard(folder / "design.parquet"), "mechanisms.contacts.hours_head")
    ),
    "factors told in another order": lambda folder: (folder / "problem.json").write_text(
        (folder / "problem.json").read_text().replace("contacts.hours_head", "contacts.feet")
    ),
    "months of a shard times 100": lambda folder: write_table(
        folder / "series" / shard_names(folder)[0], times_100(read_shard(folder / "series" / shard_names(folder)[0]), "contacts_held")
    ),
    "months of the table times 100": lambda folder: write_table(
        folder / "series.parquet", times_100(read_shard(folder / "series.parquet"), "contacts_held")
    ),
    "a table of a kept run replaced": lambda folder: write_table(
        next(folder.glob("kept/*")) / "scalars.parquet", read_shard(folder / "scalars.parquet")
    ),
    "a digest of a kept run's manifest": lambda folder: (next(folder.glob("kept/*")) / "manifest.json").write_text("{}"),
}


@pytest.mark.parametrize("forged", FORGED)
def test_values_that_were_changed_with_care_are_found(forged: str, copy: Path) -> None:
    assert check(copy) == []
    FORGED[forged](copy)
    assert check(copy) != []


def test_a_failed_runs_row_is_protected_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("sim.study.work.one_run", lambda *_: 1 / 0)
        folder = finished(tmp_path, replicates=1)
    assert check(folder) == []
    table = read_shard(folder / "failed.parquet")
    write_table(folder / "failed.parquet", replaced(table, "error", ["nothing happened"] * table.num_rows))
    assert any("failed.parquet" in fault for fault in check(folder))


def test_a_damaged_design_is_made_anew_from_the_plan(tmp_path: Path) -> None:
    folder = finished(tmp_path, **{**RANDOM, "replicates": 1})
    manage.grow(folder, replicates=2)
    manage.grow(folder, size=5)
    before = (folder / "design.parquet").read_bytes()
    (folder / "design.parquet").write_bytes(before[:-30])
    (folder / "problem.json").unlink()
    assert "design.parquet" in "".join(check(folder))
    manage.resume(folder, here)
    assert (folder / "design.parquet").read_bytes() == before and check(folder) == []


def test_a_shard_of_another_study_is_found_set_aside_and_done_again(sound: Path, tmp_path: Path) -> None:
    mine = finished(tmp_path, replicates=1, chunk=2)
    other = finished(tmp_path, replicates=1, chunk=2, set={**SMALL["set"], "end": "2020-01"})
    name = shard_names(mine)[0]
    before = digest(mine)
    shutil.copy(other / "shards" / name, mine / "shards" / name)
    assert any(f"{name}: it belongs to another study" in fault for fault in check(mine))
    assert index_of(mine).bad == {name: "it belongs to another study"}
    manage.resume(mine, here)
    assert digest(mine) == before and check(mine) == []
    # Under a false name, its identities give it away.
    table = read_shard(other / "shards" / name)
    written_anew(mine / "shards" / name, table.replace_schema_metadata({"study": read_manifest(mine)["id"]}))
    assert any("is not the plan's" in fault for fault in check(mine))


def test_the_digest_of_a_table_covers_values_and_factors(sound: Path) -> None:
    from sim.study.sums import row_digests

    table = read_shard(sound / "scalars.parquet")
    before = row_digests(table)
    assert len(set(before)) == table.num_rows
    for name in table.column_names:
        column = table.column(name).to_pylist()
        texts = isinstance(column[0], str)
        values = [f"{one}x" for one in column] if texts else np.nan_to_num(np.array(column, dtype=np.float64)) + 1.0
        if not isinstance(column[0], bool):
            assert not set(row_digests(replaced(table, name, values))) & set(before), name
    assert row_digests(table.select(sorted(table.column_names, reverse=True))) == before


def test_a_check_reads_shards_one_at_a_time(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import weakref

    import sim.study.check as module

    alive: list[Any] = []
    real = module.read_shard

    def one_at_a_time(path: Path, columns: Any = None) -> Any:
        table = real(path, columns)
        if path.parent.name == "shards":
            assert not [there for there in alive if there() is not None], "the shard before is still in memory"
            alive.append(weakref.ref(table))
        return table

    monkeypatch.setattr(module, "read_shard", one_at_a_time)
    assert check(sound) == [] and len(alive) == 2


def test_a_run_folder_is_checked_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["scenarios=baseline", "roster.states=[DEU,GBR,USA]", "start=2019-11", "end=2019-12"]
    assert main(words) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1].removeprefix("run: "))
    assert main(["check", str(folder)]) == 0
    assert capsys.readouterr().out == f"sound: {folder} is as it was written\n"
    panels = (folder / "panels.parquet").read_bytes()
    (folder / "panels.parquet").write_bytes(panels[:400] + bytes([panels[400] ^ 1]) + panels[401:])
    assert main(["check", str(folder)]) == 3
    assert "panels.parquet is not the table that the manifest tells of" in capsys.readouterr().err
    from analysis.store import open_run

    with pytest.raises(UserError, match=r"panels\.parquet is not the table that the manifest tells of"):
        open_run(folder).panel("capability")


def test_a_study_of_an_older_form_says_so(copy: Path) -> None:
    from sim.seal import signed

    new = read_manifest(copy)
    old = {**new, "schema": 1, "versions": {**new["versions"], "cloud-diplomacy": "0.1.0"}}
    (copy / "manifest.json").write_text(json.dumps(signed(old)))
    with pytest.raises(UserError, match=r"written by version 0\.1"):
        check(copy)


def test_a_study_explained_is_the_study_that_was(copy: Path) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    explain(copy, "3")
    check(copy)
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before
    write_manifest(copy, {**read_manifest(copy), "name": "other"})
    assert plan_in(read_manifest(copy)).name == "other" and len(rows(copy)) == 4 and small().n_runs == 12


def readers(folder: Path) -> list[Callable[[], Any]]:
    return [lambda: collect(folder), lambda: facts(folder), lambda: explain(folder, "0"), lambda: Worker(folder)]


def test_a_design_of_another_study_is_refused_and_made_anew(copy: Path, tmp_path: Path) -> None:
    other = {"mechanisms.contacts.hours_head": {"low": 3.0, "high": 4.0}, "protocol": SMALL["factors"]["protocol"]}
    theirs = manage.begin(small(factors=other, replicates=1), tmp_path)
    mine, before = (copy / "design.parquet").read_bytes(), digest(copy)
    shutil.copy(theirs / "design.parquet", copy)
    for read in readers(copy):
        with pytest.raises(UserError, match=r"is of another study than manifest\.json; python -m sim resume .* makes it anew"):
            read()
    assert "is of another study" in "".join(check(copy))
    manage.resume(copy, here)
    assert (copy / "design.parquet").read_bytes() == mine and digest(copy) == before and check(copy) == []


def test_a_design_of_before_a_growth_is_refused_and_made_anew(tmp_path: Path) -> None:
    folder = finished(tmp_path, **{**RANDOM, "replicates": 1})
    young = (folder / "design.parquet").read_bytes()
    manage.grow(folder, replicates=2)
    manage.resume(folder, here)
    before, old = digest(folder), (folder / "design.parquet").read_bytes()
    (folder / "design.parquet").write_bytes(young)
    for read in readers(folder):
        with pytest.raises(UserError, match=r"goes to 3 draws of 1 replicates, but manifest\.json to 3 draws of 2 replicates"):
            read()
    manage.grow(folder, size=4)
    assert read_manifest(folder)["reached"] == [[3, 1], [3, 2], [4, 2]] and n_rows(folder) == 8
    manage.resume(folder, here)
    assert check(folder) == []
    (folder / "design.parquet").write_bytes(old)
    manage.resume(folder, here)
    assert check(folder) == [] and digest(folder) != before


def test_a_manifest_of_before_two_growths_catches_up_step_by_step(tmp_path: Path) -> None:
    folder = finished(tmp_path, **{**RANDOM, "replicates": 1})
    young = read_manifest(folder)
    manage.grow(folder, replicates=2)
    manage.grow(folder, size=4)
    write_manifest(folder, young)
    manage.resume(folder, here)
    assert read_manifest(folder)["reached"] == [[3, 1], [3, 2], [4, 2]] and check(folder) == []


def test_a_manifest_of_another_study_redoes_nothing(copy: Path, tmp_path: Path) -> None:
    theirs = manage.begin(small(replicates=1), tmp_path)
    write_manifest(copy, read_manifest(theirs))
    before = {path: path.read_bytes() for path in copy.rglob("*.parquet")}
    for act in (lambda: manage.resume(copy, here), lambda: manage.grow(copy, replicates=2), lambda: collect(copy)):
        with pytest.raises(UserError, match="of another study than"):
            act()
    assert {path: path.read_bytes() for path in copy.rglob("*.parquet")} == before


def test_a_design_that_names_no_study_is_held_against_the_plan(copy: Path) -> None:
    path, mine = copy / "design.parquet", (copy / "design.parquet").read_bytes()
    plain = read_shard(path).replace_schema_metadata({"draws": "4", "replicates": "1"})
    write_table(path, plain)
    assert facts(copy)["status"] == "complete" and collect(copy)["failed"] == 0 and check(copy) == []
    write_table(path, zeroed(plain, "mechanisms.contacts.hours_head").replace_schema_metadata(plain.schema.metadata))
    for read in readers(copy):
        with pytest.raises(UserError, match="holds a run 0 that is not what the plan makes"):
            read()
    manage.resume(copy, here)
    assert path.read_bytes() == mine


def test_a_kept_run_of_another_study_is_found(copy: Path, tmp_path: Path) -> None:
    theirs = finished(
        tmp_path, record="series", keep={"runs": [0, 3], "record": "panels"}, replicates=1, set={**SMALL["set"], "end": "2020-01"}
    )
    kept = copy / "kept" / "run-00000003"
    mine = json.loads((kept / "manifest.json").read_text())
    assert mine["identity"] == next(row["identity"] for row in rows(copy) if row["run"] == 3)
    for name, sentence in (("run-00000003", "it is another study's run 3"), ("run-00000000", "it is not of the run that its name says")):
        shutil.rmtree(kept)
        shutil.copytree(theirs / "kept" / name, kept)
        assert [fault for fault in check(copy) if sentence in fault and str(kept) in fault]


def test_a_table_with_too_few_rows_is_told_by_its_rows_not_by_its_digest(copy: Path) -> None:
    write_manifest(copy, {**read_manifest(copy), "status": "partial", "missing": 1})
    faults = [fault for fault in check(copy) if "scalars.parquet" in fault]
    assert len(faults) == 1 and faults[0].endswith("it holds 4 rows, where 3 are due")
