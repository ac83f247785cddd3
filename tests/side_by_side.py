"""What several processes run at the same time, and what one of them runs by itself.

``make test-slow`` runs on two processes. Two browsers at once draw too slowly for their clocks, and studies that are killed, or wait for
a real SLURM, want ports and a core for themselves. So each of these kinds keeps to one process, and every other file is a group alone.
"""

from __future__ import annotations

from typing import Any

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
        "test_app_life_slow.py",
        "test_app_lying_slow.py",
        "test_app_pointing_slow.py",
        "test_app_says_slow.py",
        "test_app_why_slow.py",
        "test_app_year_slow.py",
        "test_benchmarks.py",
        "test_mesa_page_slow.py",
        "test_page_slow.py",
    ),
}
"""Files by group. These groups are the longest, so they come first: a process that began one last would end long after the other."""


def group_of(name: str) -> str:
    """Return the group of a file of tests: its kind, or its own name."""
    return next((group for group, files in GROUPS.items() if name in files), name)


FIRST = (
    "test_doors.py",
    *("test_house.py", "test_parts.py", "test_app_requests.py", "test_doors_typed.py", "test_reader.py", "test_study_plan.py"),
    *("test_study_typed.py", "test_table_forms.py", "test_hydra_words.py"),
    *("test_tables.py", "test_frontier.py", "test_protocols.py", "test_many.py"),
)
"""Where tests are handed out by file: one process compiles the kernels of a month in the first of these files, while another goes through
files that need none, then through files that need others. Both would compile the same ones otherwise."""


def scheduler(config: pytest.Config, log: Any) -> Any:
    """Return what hands out tests by group where ``--dist loadgroup`` asks for it.

    With pytest 9.2, xdist 3.8 itself no longer groups: it writes the group into a name of a test that pytest no longer reads.
    """
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid.split("::")[0].rsplit("/", 1)[-1])

    return ByGroup(config, log)


def arrange(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put tests into the order in which they are handed out to several processes."""
    if not hasattr(config, "workerinput"):
        return
    order = [name for files in GROUPS.values() for name in files] if getattr(config.option, "loadgroup", False) else FIRST
    rank = {name: place for place, name in enumerate(order)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))
