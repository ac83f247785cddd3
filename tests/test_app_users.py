"""Many people on one process each get their own world."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analysis.app.keep import Cancelled, Films


@pytest.mark.parametrize("users", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_users_at_once_get_their_own_worlds(users: int, tmp_path: Path) -> None:
    films = Films(tmp_path)
    wishes = [{"scenarios": ("baseline", "pandemic_lockdown")[k % 2], "seed": str(k % 5), "end": "2019-02"} for k in range(users)]
    with ThreadPoolExecutor(users) as crowd:
        keys = list(crowd.map(films.get, wishes))
    assert len(set(keys)) == min(users, 10)
    for words, key in zip(wishes, keys, strict=True):
        film = films.read(key, "film")
        assert (film["scenario"], str(film["seed"]), film["months"]) == (words["scenarios"], words["seed"], 2)
    alone = Films(tmp_path / "alone")
    for words in wishes[: users // 6 or 1]:
        key = alone.get(words)
        assert alone.zipped(key, "film") == films.zipped(key, "film")


def test_a_run_can_be_stopped_and_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    films = Films(tmp_path)
    words = {"end": "2019-03"}
    key = films.ask(words)[0]
    real = films._make

    def make(asked: str, config: object, chosen: object) -> None:
        # As if the wish to stop came as soon as the run had begun.
        films._stopped.add(asked)
        real(asked, config, chosen)  # type: ignore[arg-type]

    monkeypatch.setattr(films, "_make", make)
    with pytest.raises(Cancelled):
        films.get(words)
    assert not films.has(key)
    assert films.progress(key) is None
    monkeypatch.setattr(films, "_make", real)
    assert films.get(words) == key


def test_nobody_can_stop_what_does_not_run(tmp_path: Path) -> None:
    films = Films(tmp_path)
    films.stop("0" * 32)
    assert films.get({"end": "2019-01"})
