"""The end of a run of the tests says where their seconds went, by folder and by file."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import seconds

FILES = [
    "test_app_film.py",
    "test_app_seat.py",
    "test_twins.py",
    "test_twin_faults.py",
    "test_flows.py",
    "test_zebra.py",
    "state/test_x.py",
]


def test_a_file_belongs_to_its_folder_its_word_or_the_room_of_its_name() -> None:
    assert list(seconds.folders(FILES).values()) == ["app", "app", "twin", "twin", "effects", "others", "state"]


def test_seconds_are_added_up_by_folder_and_long_files_are_named() -> None:
    lines = seconds.told({"test_app_film.py": 3.0, "test_app_seat.py": 0.5, "test_flows.py": 20.0, "test_zebra.py": 0.25}, FILES)
    assert lines[0].startswith("seconds by folder (24 s in 4 files")
    assert [line.split() for line in lines[1:4]] == [
        ["20.0", "effects", "(1", "file)"],
        ["3.5", "app", "(2", "files)"],
        ["0.2", "others", "(1", "file)"],
    ]
    assert [line.split() for line in lines[5:]] == [["20.0", "test_flows.py"], ["3.0", "test_app_film.py"]]


def test_the_phases_of_all_tests_of_a_file_count_and_the_end_of_the_run_tells_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seconds, "_spent", seconds.defaultdict(float))
    for part, duration in (("a", 1.0), ("a", 2.0), ("b[::]", 4.0)):
        seconds.pytest_runtest_logreport(SimpleNamespace(nodeid=f"tests/test_rng.py::test_{part}", duration=duration))
    said: list[str] = []
    seconds.pytest_terminal_summary(SimpleNamespace(write_line=said.append))
    assert said[1].split() == ["7.0", "sim", "(1", "file)"] and said[-1].split() == ["7.0", "test_rng.py"]


def test_the_tests_themselves_tell_it(request: pytest.FixtureRequest) -> None:
    hooks = request.config.pluginmanager.hook
    for hook in (hooks.pytest_runtest_logreport, hooks.pytest_terminal_summary):
        assert any(one.function.__module__ == "seconds" for one in hook.get_hookimpls())
