"""What every test shares: repeatable examples, no luck but the model's own, a folder to work in, and a page in a browser."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import examples
import pytest
import second_line
import side_by_side
from app_page import chromium, served
from seconds import pytest_runtest_logreport, pytest_terminal_summary

__all__ = ["pytest_runtest_logreport", "pytest_terminal_summary"]

examples.register()

# The key that marks studies as one's own is made anew: a test leaves nothing in a person's home folder.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="cloud-diplomacy-tests-")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say which tests are slow because others hold the same rule, and in which order tests are handed out."""
    second_line.divide(config, items)
    side_by_side.arrange(config, items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let browsers, and studies that are killed, keep to one process each."""
    return side_by_side.scheduler(config, log)


class UnnamedLuck(AssertionError):
    """The model drew from Mesa's generators, whose order of use decides the numbers."""


def _called_by_mesa(depth: int) -> bool:
    return str(sys._getframe(depth).f_globals.get("__name__", "")).split(".")[0] == "mesa"


def _guarded(name: str) -> property:
    """Make an attribute that Mesa itself may set and read, and nobody else may read."""
    slot = f"_guarded_{name}"

    def read(self: Any) -> Any:
        if not _called_by_mesa(2):
            raise UnnamedLuck(f"{type(self).__name__}.{name} was read: draw from sim.rng, by name and identity")
        return self.__dict__[slot] if slot in self.__dict__ else getattr(self.model, name)

    def write(self: Any, value: Any) -> None:
        self.__dict__[slot] = value

    return property(read, write)


def _refusing(name: str) -> Callable[..., Any]:
    def refuse(*_args: Any, **_kwargs: Any) -> Any:
        raise UnnamedLuck(f"AgentSet.{name} was called: order parties by code, or draw from sim.rng")

    return refuse


@functools.cache
def _agent_sets(_modules: int) -> list[type]:
    """List every kind of agent set of the loaded Mesa: 3.5 has several, each with its own shuffle; anew when there are more modules."""
    loaded = [module for name, module in sorted(sys.modules.items()) if name.split(".")[0] == "mesa"]
    return [kind for module in loaded for name, kind in vars(module).items() if isinstance(kind, type) and name.endswith("AgentSet")]


@pytest.fixture(autouse=True)
def no_luck_but_our_own(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make Mesa's generators and shuffles raise; tests that never load Mesa do not pay for it.

    The mark ``mesa_luck`` lets a test play a user of Mesa, whose own agents may draw from them.
    """
    if "mesa" in sys.modules and request.node.get_closest_marker("mesa_luck") is None:
        import mesa

        for name in ("random", "rng"):
            monkeypatch.setattr(mesa.Model, name, _guarded(name), raising=False)
            monkeypatch.setattr(mesa.Agent, name, _guarded(name), raising=False)
        for kind in _agent_sets(len(sys.modules)):
            for name in ("shuffle", "shuffle_do"):
                if name in vars(kind):
                    monkeypatch.setattr(kind, name, _refusing(name))
    yield


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Live several seeds in this process: for tests that are not about workers, whose start takes seconds."""
    monkeypatch.setattr("sim.batch.cores", lambda: 1)


@pytest.fixture
def own_parts(here: Path) -> Iterator[Path]:
    """Work in an empty folder; parts loaded from it leave the shelves afterwards."""
    from sim.single import load_parts

    yield here
    load_parts(None)


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], str]:
    """Give a function that returns the one sentence with which the command line refuses some words."""
    from sim.__main__ import main

    def refused(words: list[str]) -> str:
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert err.startswith("error: ") and err.count("\n") == 1 and not out
        return err

    return refused


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page for the tests of a file; gives its address."""
    with served(tmp_path_factory.mktemp("outputs")) as at:
        yield at


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Open a browser for the tests of a file; they are skipped where there is none."""
    with chromium() as one:
        yield one
