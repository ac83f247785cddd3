"""The page in a real browser on this machine: first useful picture, a step, a rewind, 20 people at once, memory over 1,000 steps.

And 20 seats of 193 states, each in a game of its own on luck of its own, who all move at once (``--seats`` measures these alone).

The server is a process of its own, as a user starts it. Each time is taken in the browser, to the second frame after the change, when what
changed is on the screen. Targets: first picture under 5 s, step under 0.4 s median, rewind under 0.5 s.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from app_page import READY, chromium

TOUCH = "--touch" in sys.argv[1:]
QUICK = TOUCH or "--quick" in sys.argv[1:]
DRAWN = """async (month) => {
  const begun = performance.now();
  CD.go(month);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - begun;
}"""


def started(outputs: str) -> tuple[Any, str]:
    """Start the server and return it with its address."""
    door = [sys.executable, "-m", "analysis", "app", "--port", "0", "--outputs", outputs]
    server = subprocess.Popen(door, stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        if line.startswith("page: "):
            return server, line.removeprefix("page: ").strip()
    raise SystemExit("the server did not start")


def first_picture(browser: Any, address: str) -> tuple[float, float]:
    """Return the seconds from asking for an address to outline and story, and to the world that can be played."""
    page = browser.new_context(bypass_csp=True).new_page()
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(".stage svg path.ground, .stage svg path.state", timeout=120_000)
    outline = time.perf_counter() - begun
    page.wait_for_function(READY, timeout=120_000)
    took = time.perf_counter() - begun
    page.context.close()
    return outline, took


def moved(page: Any, stride: int, times: int) -> list[float]:
    """Return the milliseconds of as many moves; a stride of 1 is a step, a long one goes to and fro over the whole run."""
    months = page.evaluate("CD.film.months")
    return [page.evaluate(DRAWN, (stride * k) % months) for k in range(1, times + 1)]


def told(name: str, milliseconds: list[float]) -> None:
    ranked = sorted(milliseconds)
    print(f"{name:42} median {statistics.median(ranked):6.0f} ms   95th {ranked[int(0.95 * (len(ranked) - 1))]:6.0f} ms")


def crowd(address: str, people: int) -> float:
    """Let people ask for films of their own at once; return seconds until the last has his, and refuse a wrong one."""

    def wish(k: int) -> None:
        inputs = [{"id": "wish", "property": "data", "value": {"number": k, "words": {"seed": str(k), "end": "2019-06"}}}]
        one = {"id": "answer", "property": "data"}
        body = {"output": "answer.data", "outputs": one, "inputs": inputs, "changedPropIds": ["wish.data"]}
        request = Request(f"{address}_dash-update-component", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urlopen(request, timeout=120) as answer:
            key = json.load(answer)["response"]["answer"]["data"]["key"]
        with urlopen(f"{address}data/film/{key}.json", timeout=60) as film:
            assert json.load(film)["seed"] == k, "somebody got another's world"

    begun = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        list(pool.map(wish, range(100, 100 + people)))
    return time.perf_counter() - begun


def turned(address: str, wish: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """Do a turn as the page does, film and own tables included; return the game after it and the seconds it took."""
    inputs = [{"id": "turn", "property": "data", "value": {"number": 1, **wish}}]
    body = {"output": "game.data", "outputs": {"id": "game", "property": "data"}, "inputs": inputs, "changedPropIds": ["turn.data"]}
    begun = time.perf_counter()
    request = Request(f"{address}_dash-update-component", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=600) as answer:
        told = json.load(answer)["response"]["game"]["data"]
    if "error" in told:
        # A move that is not possible is refused; the player lives on without it.
        return turned(address, {name: value for name, value in wish.items() if name != "play"})
    game: dict[str, Any] = told["game"]
    for part in ("film", "tables"):
        with urlopen(Request(f"{address}data/game/{game['key']}/{part}.json", headers={"Accept-Encoding": "gzip"}), timeout=600) as sent:
            sent.read()
    return game, time.perf_counter() - begun


def seated(address: str, server: Any, people: int, months: int) -> None:
    """Let people sit down and move at once, each in a game of its own; print how long a move took and what the server holds."""
    seats = (
        "EU",
        "IDN",
        "JPN",
        "USA",
        "BRA",
        "IND",
        "GBR",
        "KOR",
        "SGP",
        "CHE",
        "CAN",
        "AUS",
        "CHN",
        "MEX",
        "TUR",
        "ZAF",
        "VNM",
        "CHL",
        "KEN",
        "NZL",
    )
    with ThreadPoolExecutor(people) as pool:

        def all_at_once(wishes: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
            before = worked(server)
            games, times = zip(*pool.map(lambda wish: turned(address, wish), wishes), strict=True)
            waits = f"median {statistics.median(times):6.2f} s   longest {max(times):6.2f} s"
            print(f"{name:42} {waits}   processor {worked(server) - before:6.2f} s   server {memory(server):.0f} MB")
            return list(games)

        words = [{"protocol": "alternating_offers", "seed": str(100 + k)} for k in range(people)]
        sit = [{"words": words[k], "seat": seats[k % len(seats)]} for k in range(people)]
        games = all_at_once(sit, f"{people} sit down at once, own luck each")
        games = all_at_once([{"game": game["key"], "live": 1} for game in games], "the first month, all at once")
        games = all_at_once([{"game": game["key"], "live": months} for game in games], f"{months} months on, all at once")
        for turn in range(3):
            wishes = []
            for game in games:
                asks = [{"kind": "propose", "type": one["type"], "other": one["other"]} for one in game["openings"][:1]]
                texts = [{"kind": "refuse", "talk": one["talk"]} for one in game["inbox"][:1]]
                wishes.append({"game": game["key"], "play": asks or texts, "live": 1})
            games = all_at_once(wishes, f"a move and a month, all at once ({turn + 1})")


def worked(process: Any) -> float:
    """Return the seconds of processor time the server has used: what a move costs on a machine that does nothing else."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process: Any) -> float:
    """Return the server's resident memory in MB."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS"))


def only_seats() -> None:
    """Measure the seats alone, which needs no browser."""
    with tempfile.TemporaryDirectory() as outputs:
        server, address = started(outputs)
        try:
            time.sleep(5.0 if QUICK else 30.0)
            seated(address, server, 20, 6 if QUICK else 70)
        finally:
            server.terminate()
            server.wait()


def main() -> None:
    with tempfile.TemporaryDirectory() as outputs, chromium() as browser:
        begun = time.perf_counter()
        server, address = started(outputs)
        try:
            print(f"{'server up':42} {time.perf_counter() - begun:6.1f} s")
            outline, ready = first_picture(browser, f"{address}?scenarios=baseline")
            print(f"{'nothing kept: outline and story, world':42} {outline:6.1f} s {ready:6.1f} s")
            times = [first_picture(browser, f"{address}?scenarios=baseline") for _ in range(1 if TOUCH else 2 if QUICK else 5)]
            outline, ready = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"{'run kept: outline and story, world':42} {outline:6.1f} s {ready:6.1f} s")
            page = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True).new_page()
            moves = 2 if TOUCH else 20 if QUICK else 60
            people = 2 if TOUCH else 20
            for view in ("map", "graph", "capacity"):
                page.goto(f"{address}?scenarios=baseline&view={view}&pick=state:IDN")
                page.wait_for_function(READY, timeout=60_000)
                told(f"step, {view}, series, inspect", moved(page, 1, moves))
                told(f"rewind, {view}", moved(page, 37, moves))
            before = memory(server)
            page.evaluate("(n) => { for (let k = 0; k < n; k++) CD.go(k % CD.film.months); }", 10 if TOUCH else 1000)
            print(f"{'server memory before, after 1,000 steps':42} {before:6.0f}, {memory(server):.0f} MB")
            seated(address, server, people, 1 if TOUCH else 6 if QUICK else 70)
            who = f"{people} people, {people} new runs of half a year"
            print(f"{who:42} {crowd(address, people):6.1f} s, none wrong; server {memory(server):.0f} MB")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    only_seats() if "--seats" in sys.argv else main()
