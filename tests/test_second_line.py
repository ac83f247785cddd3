"""What ``make test`` leaves to ``make test-slow`` is named, and what must not run at the same time is kept apart."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import examples
import pytest
import second_line
import side_by_side
from hypothesis import settings

HERE = Path(__file__).resolve().parent
MAKEFILE = (HERE.parent / "Makefile").read_text(encoding="utf-8")


class Item(SimpleNamespace):
    """A test as collected."""

    def __init__(self, file: str, name: str) -> None:
        super().__init__(path=HERE / file, name=name, marks=[])

    def add_marker(self, mark: Any) -> None:
        self.marks.append((mark.name, *mark.args))


def config(*args: str, loadgroup: bool = False, **more: Any) -> Any:
    return SimpleNamespace(args=args, stash={}, option=SimpleNamespace(loadgroup=loadgroup), **more)


def test_every_case_named_in_the_table_is_a_case_of_a_test(request: pytest.FixtureRequest) -> None:
    assert request.config.stash[second_line.IN_VAIN] == []


def test_cases_that_stay_are_fast_and_the_others_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_line, "SLOW", {"test_x.py": {"test_a": ("one", "two-"), "test_b": ()}})
    items = [
        Item("test_x.py", name) for name in ("test_a[one more]", "test_a[two-3]", "test_a[twofold]", "test_b", "test_b[one]", "test_c")
    ]
    second_line.divide(given := config("tests"), items)
    assert [one.name for one in items if one.marks == [("slow",)]] == ["test_a[twofold]", "test_b", "test_b[one]"]
    assert given.stash[second_line.IN_VAIN] == []


@pytest.mark.parametrize("name", ["test_a[other]", "test_b"])
def test_a_case_that_is_no_longer_there_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_line, "SLOW", {"test_x.py": {"test_a": ("one",)}})
    second_line.divide(given := config("tests"), [Item("test_x.py", name)])
    assert given.stash[second_line.IN_VAIN] == ["test_x.py::test_a[one]"]


def test_one_test_asked_for_alone_names_nothing_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_line, "SLOW", {"test_x.py": {"test_a": ("one",), "test_b": ()}})
    second_line.divide(given := config("tests/test_x.py::test_b"), [Item("test_x.py", "test_b")])
    assert given.stash[second_line.IN_VAIN] == []


NAMES = ("test_rng.py", "test_house.py", "test_doors.py", "test_page_slow.py", "test_study_slow.py", "test_app_back_slow.py")


@pytest.mark.parametrize(
    ("given", "order"),
    [
        (config(), [0, 1, 2, 3, 4, 5]),
        (config(workerinput={}), [2, 1, 0, 3, 4, 5]),
        (config(workerinput={}, loadgroup=True), [4, 5, 3, 0, 1, 2]),
    ],
    ids=["alone", "by file", "by group"],
)
def test_several_processes_are_handed_what_compiles_or_takes_long_first(given: Any, order: list[int]) -> None:
    side_by_side.arrange(given, items := [Item(name, "test_a") for name in NAMES])
    assert [NAMES.index(one.path.name) for one in items] == order
    assert all((HERE / name).exists() for name in side_by_side.FIRST)


def test_a_group_is_handed_out_as_one_and_every_other_file_by_itself(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xdist")
    monkeypatch.setattr(request.config.option, "dist", "loadgroup")
    monkeypatch.setattr(request.config.option, "tx", ["popen", "popen"])
    found = side_by_side.scheduler(request.config, None)
    ids = [f"tests/{name}::test_a[x::y@z]" for name in NAMES]
    assert [found._split_scope(one) for one in ids] == ["test_rng.py", "test_house.py", "test_doors.py", "browser", "killed", "browser"]
    monkeypatch.setattr(request.config.option, "dist", "loadfile")
    assert side_by_side.scheduler(request.config, None) is None


@pytest.mark.parametrize(
    ("group", "words"), [("browser", r"browser: Any|bench_page"), ("killed", r"from slurm_node|from deadly import|SIGKILL\)")]
)
def test_whatever_opens_a_browser_or_kills_a_study_has_its_group(group: str, words: str) -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py") if path.name != Path(__file__).name}
    found = {name for name, source in sources.items() if re.search(words, source) and "mark.slow" in source}
    assert found <= set(side_by_side.GROUPS[group]) and all(name in sources for name in side_by_side.GROUPS[group])


def test_a_property_has_a_quarter_of_its_examples_and_all_of_them_when_asked_for() -> None:
    kept = settings.get_current_profile_name()
    counts = {}
    try:
        for name in (examples.FEW, examples.ALL):
            settings.load_profile(name)
            counts[name] = (settings.default.max_examples, *(examples.examples(most).max_examples for most in (300, 15, 4)))
    finally:
        settings.load_profile(kept)
    assert counts == {examples.FEW: (25, 75, 3, 2), examples.ALL: (100, 300, 15, 4)}


def test_the_slow_tests_ask_for_all_examples_and_for_groups_in_order() -> None:
    assert f'-m "slow or hypothesis" --hypothesis-profile={examples.ALL} ' in MAKEFILE
    assert "--dist loadgroup --no-loadscope-reorder\n" in MAKEFILE and "--dist loadfile --no-loadscope-reorder\n" in MAKEFILE
