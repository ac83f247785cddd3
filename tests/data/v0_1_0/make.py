"""Make the stored folders of version 0.1.0 anew: run in an empty neutral folder with the code of commit 0e99361."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

from analysis.app import film as films
from analysis.app.games import Games, Position
from analysis.app.keep import Films
from sim.game import Game
from sim.run import prepare
from sim.study import manage, pools
from sim.study.plan import plan_of
from sim.study.store import Round

WORLD = ["roster.states=[DEU,FRA,IDN,JPN,SGP,USA]", "end=2019-06"]
LOCKED = ["scenarios=pandemic_lockdown", "roster.states=[DEU,FRA,IDN,JPN,SGP,USA]", "start=2020-01", "end=2020-06"]
STUDY: dict[str, Any] = {
    "set": {"end": "2019-04", "roster.states": ["DEU", "FRA", "IDN", "JPN", "SGP", "USA"]},
    "factors": {"mechanisms.contacts.heads": {"low": 1.0, "high": 2.0}, "protocol": {"values": ["nash", "alternating_offers"]}},
    "sampler": {"kind": "grid", "levels": 2},
    "replicates": 2,
    "record": "series",
    "chunk": 4,
}
GAME = {"scenarios": "baseline", "roster": {"states": ["DEU", "FRA", "IDN", "JPN", "SGP", "USA"]}, "end": "2019-12",
        "protocol": {"name": "alternating_offers"}}  # fmt: skip


def door(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "sim", *words], check=True)


def moved(path: str, name: str) -> None:
    (Path("outputs") / path).rename(Path(name))


def runs() -> None:
    for tier, seeds in (("scalars", "2"), ("series", "2"), ("panels", "2"), ("full", "1")):
        door(*WORLD, "seed=7", f"seeds={seeds}", f"record={tier}")
        moved("baseline-nash-7-001", f"run-{tier}")
    for twin in ("", "counterfactual=true"):
        door(*LOCKED, "seed=7", "seeds=2", *filter(None, [twin]))
    moved("pandemic_lockdown-nash-7-001", "run-shocked")
    moved("pandemic_lockdown-twin-nash-7-001", "run-twin")
    door("bundle", "run-panels", "target=run-panels.zip")


def studies() -> None:
    def whole(place: Path, which: Round) -> int:
        return pools.carry_out(place, which, workers=1)

    def half(place: Path, which: Round) -> None:
        pools.carry_out(place, Round(which.number, ((0, 4),), which.chunk), workers=1)

    for name, carry in (("study-whole", whole), ("study-half", half)):
        folder = manage.begin(plan_of(STUDY, "older"), "outputs")
        manage.resume(folder, carry)
        folder.rename(name)


def games() -> None:
    game = Game(GAME, 7, "SGP")
    while not game.inbox():
        game.advance()
    game.play([{"kind": "walk_away", "talk": game.inbox()[0].talk}])
    game.advance()
    game.save("game.json")
    door("scenarios=baseline", "moves=game.json", "seed=7", "protocol=alternating_offers", "end=2019-12", *WORLD[:1])
    moved("baseline-alternating_offers-7-001", "run-played")
    Games(Path("page")).keep(Position({"seed": "7", "end": "2019-02"}, "SGP", [], "2019-02"))


def kept_film() -> None:
    """Keep a film as the page does, of six states and two months: one of every state would weigh half a megabyte."""
    config, chosen = prepare({"roster": GAME["roster"], "end": "2019-02", "seed": 7})
    kept = Films(Path("page"))
    kept._make("0" * 32, config, chosen)
    assert json.loads(gzip.decompress(kept._path("0" * 32, "film.json.gz").read_bytes()))["format"] == films.FORMAT


def main() -> None:
    for make in (runs, studies, games, kept_film):
        make()
    here = sorted(path for path in Path(".").iterdir() if path.name.startswith(("run-", "study-", "game", "page")))
    with tarfile.open("folders.tar.xz", "w:xz", preset=9) as archive:
        for path in here:
            archive.add(path, filter=_neutral)


def _neutral(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    main()
