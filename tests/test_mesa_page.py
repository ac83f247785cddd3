"""The door to the page for Mesa users, and what it shows, without a browser."""

from __future__ import annotations

import importlib.util
import socket

import pytest

from analysis.__main__ import main

HERE = importlib.util.find_spec("solara") is not None and importlib.util.find_spec("solara_assets") is not None
WHY = "the extra solara is not installed: make solara-test, or pip install '.[solara]'"


@pytest.mark.parametrize("words", [["--host", "x"], ["--port"], ["8765"], ["--port", "1", "--port", "2"]])
def test_words_that_are_no_port_are_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mesa", *words]) == 2
    assert "the only option is --port" in capsys.readouterr().err


def test_a_port_that_is_none_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mesa", "--port", "x"]) == 2
    assert "mesa: --port must be a whole number from 0 to 65535, not 'x'" in capsys.readouterr().err


@pytest.mark.skipif(HERE, reason="the extra solara is installed")
def test_without_the_extra_the_page_says_what_installs_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mesa"]) == 2
    assert "needs solara: make solara installs it" in capsys.readouterr().err


@pytest.mark.skipif(not HERE, reason=WHY)
def test_a_port_that_is_taken_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert main(["mesa", "--port", str(other.getsockname()[1])]) == 2
    assert "is not to be had (Address already in use); give another" in capsys.readouterr().err


@pytest.mark.skipif(not HERE, reason=WHY)
def test_the_view_as_it_opens_is_the_run_of_the_command_line() -> None:
    from analysis.mesa_page import levers, world_of
    from sim import DiplomacyModel

    shown = {name: one["value"] for name, one in levers().items()}
    viewed, plain = world_of()(**shown), DiplomacyModel(shown["scenario"], seed=shown["seed"])
    assert viewed.world.setting.config == plain.world.setting.config
    moved = world_of()(**{**shown, "power": 1.0}).world.setting.config
    assert moved != plain.world.setting.config
