"""Which files of slow tests are run one after another by the same process, while another process runs the rest.

``make test-slow`` runs on two processes. Two browsers at once draw too slowly for their clocks, and studies that are killed, or wait for
a real SLURM, want ports and a core for themselves. So each of these kinds keeps to one process, and every other file is a group alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest

GROUPS = {
    "killed": (
        "test_study_deaths.py",
        "test_study_doors.py",
        "test_study_executors_slow.py",
        "test_study_leaving.py",
        "test_study_others.py",
        "test_study_slow.py",
        "test_study_slurm_slow.py",
    ),
    "browser": (
        "test_app_axe_slow.py",
        "test_app_back_slow.py",
        "test_app_browser_slow.py",
        "test_app_pointing_slow.py",
        "test_app_says_slow.py",
        "test_benchmarks.py",  # one of them measures the page
        "test_mesa_page_slow.py",
        "test_page_slow.py",
    ),
}
"""Files by group. These groups are the longest, so they come first: a process that began one last would end long after the other."""


def group_of(name: str) -> str:
    """Return the group of a file of tests: its kind, or its own name."""
    return next((group for group, files in GROUPS.items() if name in files), name)


def arrange(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say of each test which group it belongs to, and bring the long groups to the front, where tests are handed out by group."""
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item.path.name)))
    first = {name: place for place, files in enumerate(GROUPS.values()) for name in files}
    items.sort(key=lambda item: first.get(Path(item.path).name, len(GROUPS)))
