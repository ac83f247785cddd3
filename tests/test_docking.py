"""Docking: negotiations that another program held come out the same, and a bad file is named with line and fault."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks import dock

OWN = Path(__file__).parent / "data" / "dock_own.jsonl.gz"


def test_stored_negotiations_of_many_sizes_come_out_identical(capsys):
    assert dock.main([str(OWN)]) == 0
    stored = dock.read(OWN)
    assert capsys.readouterr().out.splitlines()[-1] == f"identical: {len(stored)} of {len(stored)}"
    results = [one["result"] for one in stored]
    assert 0.2 < sum(one["agreement"] is None for one in results) / len(results) < 0.5
    assert {len(one["a"]["w"]) for one in stored} >= {1, 2, 3, 4, 5} and {one["n_steps"] for one in stored} >= {1, 20, 50}


@pytest.mark.parametrize("key", ["agreement", "step", "timedout", "trace"])
def test_a_result_that_differs_in_one_field_is_not_counted(key, capsys):
    told = dock.read(OWN)[:20]
    changed = {"agreement": [-1], "step": -1, "timedout": None, "trace": []}
    told[3]["result"][key] = changed[key]
    assert dock.compare(told) == 19
    assert f"{key}: stored" in capsys.readouterr().out


def one():
    return json.loads(gzip.decompress(OWN.read_bytes()).decode().splitlines()[4])


def without(*path):
    told = one()
    at = told
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return told


def with_side(**change):
    told = one()
    told["a"].update(change)
    return told


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("{", "not JSON"),
        ("[]", "a JSON object was expected, not list"),
        (without("b"), "'b' is missing"),
        (without("a", "curve"), "a.curve is missing"),
        (without("result", "step"), "result must hold"),
        ({**one(), "n_steps": 0}, "n_steps is 0"),
        ({**one(), "n_steps": True}, "n_steps is True"),
        (with_side(curve="stubborn"), "a.curve is 'stubborn'"),
        (with_side(reserved=None), "a.reserved is None"),
        (with_side(w=["x"]), "a.w must be"),
        (with_side(v=[[0.5]]), "a.v must be"),
        (with_side(v=[[0.5]] * len(one()["a"]["w"])), "but b.v has"),
    ],
)
def test_a_bad_line_is_named_and_the_exit_code_is_two(second, words, tmp_path, capsys):
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(one()) + "\n" + (second if isinstance(second, str) else json.dumps(second)) + "\n", encoding="utf-8")
    assert dock.main([str(path)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"{path}, line 2: " in said and words in said


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "holds no profile"), (b"\x1f\x8bnot gzip at all", "could not be read"), (b"\xff\xfe", "could not be read")]
)
def test_a_file_that_holds_no_profiles_is_refused(content, words, tmp_path, capsys):
    path = tmp_path / "bad.jsonl.gz"
    path.write_bytes(content)
    assert dock.main([str(path)]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], [""], ["no/such/file.jsonl"]])
def test_no_file_and_a_missing_file_are_refused_in_one_sentence(words, capsys):
    assert dock.main(words) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_plain_file_is_read_as_a_packed_one(tmp_path):
    path = tmp_path / "own.jsonl"
    path.write_bytes(gzip.decompress(OWN.read_bytes()))
    assert dock.read(path) == dock.read(OWN)


def test_fresh_profiles_are_sound_and_the_same_for_the_same_seed():
    drawn = list(dock.fresh(22, 5))
    assert drawn == list(dock.fresh(22, 5)) != list(dock.fresh(22, 6))
    for told in drawn:
        dock.profile({**told, "result": {"agreement": None, "step": 1, "timedout": True}})


def test_without_the_peer_live_docking_skips_with_a_reason(monkeypatch, capsys):
    monkeypatch.setattr(dock, "peer_is_missing", lambda install: "there is no network")
    assert dock.main(["--live", "5", "1"]) == 0
    assert capsys.readouterr().out == "skipped: there is no network\n"
