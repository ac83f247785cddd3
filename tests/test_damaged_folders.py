"""A damaged or foreign file in a folder is answered with one sentence by every verb of both doors, and costs nothing else."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fake_run
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from studies import digest, finished

from analysis.__main__ import main as analysis
from sim.__main__ import main
from sim.folder import write_table
from sim.seal import COPY, signed
from sim.study.store import read_round
from sim.types import UserError

VERBS = (["status"], ["resume", "cluster.workers=1"], ["grow", "replicates=9"], ["check"], ["explain", "0"], ["collect"])
Way = Callable[[Path], None]


def text(words: str) -> Way:
    return lambda path: path.write_text(words, encoding="utf-8") and None


def raw(content: bytes) -> Way:
    return lambda path: path.write_bytes(content) and None


def cut(share: float) -> Way:
    def way(path: Path) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])

    return way


def with_its_copy(way: Way, path: Path) -> None:
    """Damage a manifest and, where there is one, its copy: with one of them whole nothing would be amiss."""
    for each in (path, path.with_name(COPY)):
        if each.exists():
            way(each)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def said(**values: Any) -> Way:
    """Change what a JSON file says, and sign it anew; ``...`` leaves a name out."""

    def way(path: Path) -> None:
        tree = {key: value for key, value in (json.loads(path.read_text(encoding="utf-8")) | values).items() if value is not ...}
        with contextlib.suppress(ValueError):  # what cannot be signed is refused for that
            tree = signed(tree)
        path.write_text(json.dumps(tree), encoding="utf-8")

    return way


def planned(**values: Any) -> Way:
    """Change what a manifest says of the plan."""

    def way(path: Path) -> None:
        plan = json.loads(path.read_text(encoding="utf-8"))["plan"] | values
        said(plan={key: value for key, value in plan.items() if value is not ...})(path)

    return way


ANY_JSON: dict[str, Way] = {
    "empty": text(""),
    "cut short": cut(0.5),
    "binary": raw(bytes(range(256))),
    "zeros": raw(bytes(400)),
    "null": text("null"),
    "a list": text("[]"),
    "a list of trees": text('[{"kind": "study"}]'),
    "a number": text("7"),
    "a text": text('"study"'),
    "nothing in it": text("{}"),
    "two documents": text("{}{}"),
    "nested too deeply": text("[" * 200_000),
    "latin letters": raw(b'{"name": "\xe9"}'),
    "a folder": folder,
    "a link to itself": loop,
}
STUDY_MANIFESTS: dict[str, Way] = ANY_JSON | {
    "another tool's": text('{"name": "app", "start_url": "/", "icons": []}'),
    "a run's": text('{"schema": 1, "status": "complete", "config": {}, "digests": {}}'),
    "no schema": said(schema=...),
    "a schema in words": said(schema="1"),
    "a schema that is no number": said(schema=True),
    "a newer schema": said(schema=99),
    "another kind": said(kind="run"),
    "no plan": said(plan=...),
    "a plan that is a list": said(plan=[]),
    "a plan of other names": said(plan={"colour": "red"}),
    "a plan without a sampler": planned(sampler=...),
    "a plan with a sampler that is a list": planned(sampler=[1]),
    "a plan with factors that are words": planned(factors="protocol"),
    "a plan of no scenario": planned(scenarios=[]),
    "a plan with a record that is a list": planned(record=[]),
    "no name": said(name=...),
    "a name that is a number": said(name=7),
    "a status of its own": said(status="sleeping"),
    "runs in words": said(runs="many"),
    "runs that are no number": said(runs=float("nan")),
    "parts that are a list": said(parts=["x"]),
    "no digests of data": said(data_digests=...),
    "digests of data that are numbers": said(data_digests={"baseline": 7}),
    "a cluster that is a word": said(cluster="slurm"),
    "complete without a digest": said(status="complete", digest=...),
    "complete with a digest that is none": said(status="complete", digest="0x1"),
    "failures below 0": said(status="complete", failed=-1),
}
OTHER_PLANS: dict[str, Way] = {
    "a scenario that is not there": planned(scenarios=["atlantis"]),
    "a factor that is not there": planned(factors={"mechanisms.contacts.colour": {"low": 0, "high": 1}}),
    "a sampler that is not there": planned(sampler={"kind": "sorcery"}),
    "a size in words": planned(sampler={"kind": "random", "size": "many"}),
    "more replicates than can be": planned(replicates=10**12),
}
"""Plans of the right form that cannot be carried out: what only looks at results does not need them."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished(tmp_path_factory.mktemp("studies"), replicates=1, chunk=2)


def copied(source: Path, place: Path) -> Path:
    return Path(shutil.copytree(source, place / source.name))


def contents(place: Path, *but: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file() and path not in but}


def refused(code: int, capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert code == 2 and err.startswith("error: ") and err.count("\n") == 1 and not out, (code, out, err)
    return err


@pytest.mark.parametrize("name", STUDY_MANIFESTS)
def test_every_verb_refuses_a_damaged_manifest_in_a_sentence(
    name: str, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = copied(study, tmp_path)
    with_its_copy(STUDY_MANIFESTS[name], place / "manifest.json")
    before = contents(place)
    for verb, *more in VERBS:
        if verb == "check" and name in ("a run's", "another kind"):
            assert main([verb, str(place)]) == 3 and str(place) in capsys.readouterr().err  # check knows run folders, too
        else:
            assert str(place) in refused(main([verb, str(place), *more]), capsys)
    assert contents(place) == before


@pytest.mark.parametrize("name", OTHER_PLANS)
def test_a_plan_that_cannot_be_is_refused_where_it_is_needed(
    name: str, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = copied(study, tmp_path)
    with_its_copy(OTHER_PLANS[name], place / "manifest.json")
    shards = contents(place / "shards")
    for verb, *more in VERBS:
        code = main([verb, str(place), *more])
        if verb in ("resume", "grow"):
            assert "study small: " in refused(code, capsys)
        else:
            assert code in (0, 2, 3) and "Traceback" not in capsys.readouterr().err
    assert contents(place / "shards") == shards


ROUNDS: dict[str, Way] = ANY_JSON | {
    "another number": said(number=7),
    "no ranges": said(ranges=...),
    "ranges that are numbers": said(ranges=[1, 2]),
    "a range of three": said(ranges=[[0, 1, 2]]),
    "a range that ends before it begins": said(ranges=[[4, 1]]),
    "a chunk of 0": said(chunk=0),
    "a chunk that is a fraction": said(chunk=1.5),
}


@pytest.mark.parametrize("name", ROUNDS)
def test_a_damaged_round_is_refused_by_its_reader_and_by_nobody_else(name: str, study: Path, tmp_path: Path) -> None:
    place = copied(study, tmp_path)
    ROUNDS[name](place / "rounds" / "1.json")
    with pytest.raises(UserError, match=r"rounds/1\.json"):
        read_round(place, 1)
    for verb in ("status", "check", "collect"):
        assert main([verb, str(place)]) == 0


def table(change: Callable[[Any], Any]) -> Way:
    def way(path: Path) -> None:
        write_table(path, change(pq.read_table(path)))  # sealed, so that its seal is not what it is refused for

    return way


def column(name: str, values: Callable[[int], Any]) -> Way:
    return table(lambda old: old.set_column(old.column_names.index(name), name, pa.array(values(old.num_rows))))


SHARDS: dict[str, Way] = {
    "empty": raw(b""),
    "cut short": cut(0.6),
    "cut to a few bytes": cut(0.01),
    "no table": text("not a table"),
    "a folder": folder,
    "a link to itself": loop,
    "no row": table(lambda old: old.slice(0, 0)),
    "no column run": table(lambda old: old.drop_columns(["run"])),
    "no column status": table(lambda old: old.drop_columns(["status"])),
    "runs as fractions": column("run", lambda n: np.full(n, np.nan)),
    "runs as words": column("run", lambda n: ["0"] * n),
    "runs below 0": column("run", lambda n: np.arange(-n, 0)),
    "gaps in the rounds": column("round", lambda n: pa.array([None] * n, pa.int64())),
    "a status of its own": column("status", lambda n: ["maybe"] * n),
    "a figure in words": table(lambda old: old.append_column("colour", pa.array(["red"] * old.num_rows))),
    "another tool's": table(lambda old: pa.table({"x": [1.0], "y": [2.0]})),
}


@pytest.mark.parametrize("name", SHARDS)
def test_a_damaged_shard_is_named_and_resuming_gives_the_same_table(
    name: str, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, whole = copied(study, tmp_path), digest(study)
    shard = sorted((place / "shards").iterdir())[0]
    SHARDS[name](shard)
    assert main(["status", str(place)]) == 0 and "1 damaged" in capsys.readouterr().out
    assert main(["check", str(place)]) == 3 and shard.name in capsys.readouterr().err
    assert main(["collect", str(place)]) == 2 and shard.name in capsys.readouterr().err
    assert main(["explain", str(place), "3"]) == 0
    others = contents(place / "shards", shard)
    assert main(["resume", str(place), "cluster.workers=1"]) == 0
    assert digest(place) == whole and contents(place / "shards").items() >= others.items()
    assert main(["check", str(place)]) == 0


_CUT = ("empty", "cut short", "no table", "a folder", "a link to itself", "no column run", "runs as words")
DESIGNS: dict[str, Way] = {name: SHARDS[name] for name in _CUT} | {
    "another tool's": SHARDS["another tool's"],
    "not saying how far it goes": table(lambda old: old.replace_schema_metadata({})),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_a_damaged_design_is_refused_in_a_sentence_or_made_anew(
    name: str, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = copied(study, tmp_path)
    DESIGNS[name](place / "design.parquet")
    for verb, *more in (["status"], ["check"], ["explain", "0"], ["collect"]):
        code = main([verb, str(place), *more])
        err = capsys.readouterr().err
        assert code in (2, 3) and "design.parquet" in err and "Traceback" not in err
    code = main(["resume", str(place), "cluster.workers=1"])
    if name == "a folder":
        # What somebody put in its place is not thrown away.
        assert code == 2 and f"{place / 'design.parquet'}: Is a directory" in capsys.readouterr().err
    else:
        assert code == 0 and digest(place) == digest(study)


RUNS: dict[str, Way] = ANY_JSON | {
    "a study's": text('{"kind": "study", "schema": 1}'),
    "another tool's": text('{"name": "app", "icons": []}'),
    "a newer schema": said(schema=99),
    "a schema in words": said(schema="1"),
    "not finished": said(status="running"),
    "no seeds": said(seeds=...),
    "seeds in words": said(seeds=["0", "1"]),
    "no seed at all": said(seeds=[]),
    "other seeds": said(seeds=[7, 8, 9, 10]),
    "no roster": said(roster=...),
    "a roster that is a list": said(roster=[]),
    "a roster without names": said(roster={"codes": ["A", "B"]}),
    "a roster of two lengths": said(
        roster={"codes": ["A", "B"], "names": ["a"], "regions": ["x", "x"], "lat": [0.0, 0.0], "lon": [0.0, 0.0]}
    ),
    "places in words": said(roster={"codes": ["A"], "names": ["a"], "regions": ["x"], "lat": ["north"], "lon": [0.0]}),
    "metrics that are a list": said(metrics=[1]),
    "instruments that are words": said(instruments_at_start=["x"]),
    "instruments without parties": said(instruments_at_start=[{"type": "x"}]),
}
SERIES: dict[str, Way] = {name: SHARDS[name] for name in (*_CUT, "no row")} | {
    "runs as fractions": column("run", lambda n: np.full(n, np.nan)),
    "gaps in the months": column("month", lambda n: pa.array([None] * n, pa.int64())),
    "months that are none": column("month", lambda n: np.zeros(n, dtype=np.int64)),
    "a row twice": table(lambda old: pa.concat_tables([old, old.slice(0, 1)])),
    "a row too few": table(lambda old: old.slice(1)),
    "a figure in words": table(lambda old: old.append_column("colour", pa.array(["red"] * old.num_rows))),
    "another tool's": SHARDS["another tool's"],
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fake_run.write(tmp_path_factory.mktemp("outputs") / "fake")


@pytest.mark.parametrize(("file", "name"), [("manifest.json", name) for name in RUNS] + [("series.parquet", name) for name in SERIES])
def test_the_readers_of_runs_refuse_a_damaged_folder_in_a_sentence(
    file: str, name: str, stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = copied(stored, tmp_path)
    with_its_copy((RUNS if file == "manifest.json" else SERIES)[name], place / file)
    before = contents(place)
    assert str(place) in refused(analysis(["report", str(place)]), capsys)
    assert str(place) in refused(analysis(["compare", str(stored), str(place)]), capsys)
    assert contents(place) == before
    if file == "manifest.json":
        for verb in ("rerun", "bundle", "status"):
            assert str(place) in refused(main([verb, str(place)]), capsys)


@pytest.mark.parametrize("name", ["events", "panels", "scalars"])
@pytest.mark.parametrize("way", ["cut short", "no table", "another tool's"])
def test_every_table_of_a_run_is_looked_at_before_it_is_drawn(
    name: str, way: str, stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = copied(stored, tmp_path)
    path = place / f"{name}.parquet"
    if not path.exists():
        pytest.skip(f"the made-up run has no {name}")
    SHARDS[way](path)
    assert f"{name}.parquet" in refused(analysis(["report", str(place)]), capsys)
