"""Replay negotiations that another program held, one by one, and count those that end the same.

``make dock FILE=profiles.jsonl.gz`` reads one JSON object a line: for sides ``a`` (who offers first) and ``b`` the issues' weights ``w``,
the options' values ``v``, the reserved value ``reserved`` and the tactic ``curve``; the number of rounds ``n_steps``; and the ``result``:
``agreement`` (the option of each issue, or null), ``step``, ``timedout``, ``broken``, ``last_proposer`` and ``trace`` (who offered what).
``make dock-live`` lets NegMAS hold fresh negotiations of many sizes first, in a virtual environment of its own.

The product's own protocol holds them again, with the ways of NegMAS added (``docking``). The last line is ``identical: k of n``.
"""

from __future__ import annotations

import gzip
import itertools
import json
import math
import random
import subprocess
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim.bargains.tables import MOST_NUMBERS, Tables, additive, ranked
from sim.protocols.alternating_offers import OVER_TIME, AlternatingOffers
from sim.types import Status, UserError

SIDES = ("a", "b")
CHUNK = 2_000_000
"""Most texts put to the protocol at once."""
PEER = Path(__file__).with_name("negmas_peer.py")
PEER_HOME = Path(__file__).resolve().parents[1] / ".venv-dock"
PEER_VERSION = "negmas==0.16.*"


def read(path: Path) -> list[dict[str, Any]]:
    """Read and check profiles; a UserError names the file, the line and what is wrong."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as fault:
        raise UserError(f"{path} could not be read: {getattr(fault, 'strerror', None) or fault}") from None
    profiles = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                profiles.append(profile(json.loads(line)))
            except json.JSONDecodeError as fault:
                raise UserError(f"{path}, line {number}: not JSON ({fault.msg} at column {fault.colno})") from None
            except (ValueError, OverflowError) as fault:
                raise UserError(f"{path}, line {number}: {fault}") from None
    if not profiles:
        raise UserError(f"{path} holds no profile; one JSON object a line was expected")
    return profiles


def profile(told: Any) -> dict[str, Any]:
    """Return a profile that is sound; a ValueError says what is not."""
    if not isinstance(told, dict):
        raise ValueError(f"a JSON object was expected, not {type(told).__name__}")
    for key in (*SIDES, "n_steps", "result"):
        if key not in told:
            raise ValueError(f"{key!r} is missing")
    steps = told["n_steps"]
    if not isinstance(steps, int) or isinstance(steps, bool) or not 1 <= steps <= 1_000_000:
        raise ValueError(f"n_steps is {steps!r}; a whole number from 1 to 1000000 was expected")
    sizes = [side(told, name) for name in SIDES]
    if sizes[0] != sizes[1]:
        raise ValueError(f"a.v has options {sizes[0]} but b.v has {sizes[1]}; the same were expected")
    if 2 * math.prod(sizes[0]) > MOST_NUMBERS:
        raise ValueError(f"{math.prod(sizes[0])} texts; at most {MOST_NUMBERS // 2} were expected")
    result = told["result"]
    if not isinstance(result, dict) or not {"agreement", "step", "timedout"} <= result.keys():
        raise ValueError("result must hold agreement, step and timedout")
    return told


def side(told: dict[str, Any], name: str) -> list[int]:
    """Return the numbers of options of each issue, after checking one side."""
    one = told[name]
    if not isinstance(one, dict):
        raise ValueError(f"{name} must hold w, v, reserved and curve")
    for key in ("w", "v", "reserved", "curve"):
        if key not in one:
            raise ValueError(f"{name}.{key} is missing")
    if one["curve"] not in OVER_TIME:
        raise ValueError(f"{name}.curve is {one['curve']!r}; one of {', '.join(OVER_TIME)} was expected")
    if not numbers([one["reserved"]]):
        raise ValueError(f"{name}.reserved is {one['reserved']!r}; a finite number was expected")
    if not numbers(one["w"]) or not one["w"]:
        raise ValueError(f"{name}.w must be a list of finite numbers, one an issue")
    values = one["v"]
    if not isinstance(values, list) or len(values) != len(one["w"]) or not all(numbers(row) and row for row in values):
        raise ValueError(f"{name}.v must be a list of {len(one['w'])} lists of finite numbers, one an option")
    return [len(row) for row in values]


def numbers(row: Any) -> bool:
    return isinstance(row, list) and all(isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x) for x in row)


def alike(profiles: list[dict[str, Any]]) -> Iterator[list[int]]:
    """Group the profiles that one call can hold: same options, tactics and number of rounds."""
    groups: dict[Any, list[int]] = {}
    for row, told in enumerate(profiles):
        key = (tuple(len(v) for v in told["a"]["v"]), told["a"]["curve"], told["b"]["curve"], told["n_steps"])
        groups.setdefault(key, []).append(row)
    for (sizes, *_), rows in groups.items():
        most = max(1, CHUNK // math.prod(sizes))
        for begin in range(0, len(rows), most):
            yield rows[begin : begin + most]


def replay(profiles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hold every negotiation under the product's protocol and tell its result in the words of the format."""
    results: list[dict[str, Any]] = [{} for _ in profiles]
    for rows in alike(profiles):
        some = [profiles[row] for row in rows]
        sizes = [len(values) for values in some[0]["a"]["v"]]
        weights = [[told[name]["w"] for name in SIDES] for told in some]
        values = [[[x for row in told[name]["v"] for x in row] for name in SIDES] for told in some]
        tables = additive(weights, values, sizes, r=[[told[name]["reserved"] for name in SIDES] for told in some])
        tables = ties_as_the_peer(tables)
        tactics = {"tactic": some[0]["a"]["curve"], "tactic_second": some[0]["b"]["curve"]}
        protocol = AlternatingOffers(deadline_rounds=some[0]["n_steps"], **tactics)
        found, log = protocol.replay_table(tables, record=True, docking=True)
        assert log is not None
        ends = np.searchsorted(log.talk, np.arange(len(rows) + 1))
        for at, row in enumerate(rows):
            trace = [
                [SIDES[log.proposer[k]], [int(x) for x in np.unravel_index(log.text[k], sizes)]] for k in range(ends[at], ends[at + 1])
            ]
            agreed = found.status[at] == Status.AGREED
            results[row] = {
                "agreement": [int(x) for x in np.unravel_index(found.text[at], sizes)] if agreed else None,
                "step": int(found.step[at]),
                "timedout": not agreed,
                "broken": False,
                "last_proposer": trace[-1][0],
                "trace": trace,
            }
    return results


def ties_as_the_peer(tables: Tables) -> Tables:
    """Sort the texts; where some are worth the same to the bit, leave their order to NumPy's sort, which decides there in NegMAS."""
    t = ranked(tables)
    assert t.ranks is not None
    for a, z in itertools.pairwise(t.start):
        for i in range(t.n_parties):
            if (np.diff(t.ranks.value[i, a:z]) == 0.0).any():
                t.ranks.order[i, a:z] = np.argsort(t.utility[i, a:z])
    return t


def differences(told: dict[str, Any], mine: dict[str, Any]) -> list[str]:
    """Name the fields of a stored result that differ; fields that were not stored are not compared."""
    return [
        f"{key}: stored {told['result'][key]}, ours {mine[key]}"
        for key in mine
        if key in told["result"] and told["result"][key] != mine[key]
    ]


def compare(profiles: list[dict[str, Any]]) -> int:
    """Print what differs and, last, how many are identical; return that number."""
    same, shown = 0, 0
    for told, mine in zip(profiles, replay(profiles), strict=True):
        unlike = differences(told, mine)
        same += not unlike
        if unlike and shown < 10:
            shown += 1
            print(f"  profile {told.get('id', '?')}: {'; '.join(unlike)}"[:300])
    failed = sum(told["result"]["agreement"] is None for told in profiles)
    print(f"  {len(profiles)} negotiations, {failed} of them without an agreement")
    print(f"identical: {same} of {len(profiles)}")
    return same


SHAPES = ((2,), (7,), (2, 2), (5, 3), (4, 4, 4), (3, 1, 6), (5, 5, 5, 5), (2, 9, 3, 4), (3, 3, 3, 3, 3), (6, 2, 2, 2, 2, 3), (40, 30))


def fresh(count: int, seed: int) -> Iterable[dict[str, Any]]:
    """Draw profiles of many sizes, deadlines and reserved values; about a third cannot end in an agreement."""
    draw = random.Random(seed)
    for number in range(count):
        sizes = SHAPES[number % len(SHAPES)]
        told: dict[str, Any] = {"id": number, "n_issues": len(sizes), "n_values": max(sizes)}
        for name in SIDES:
            weights = [draw.random() + 0.01 for _ in sizes]
            told[name] = {
                "w": [w / sum(weights) for w in weights],
                "v": [[draw.random() for _ in range(size)] for size in sizes],
                "reserved": draw.choice((0.0, 0.0, draw.uniform(0.3, 0.9), draw.uniform(0.6, 1.1))),
                "curve": draw.choice(OVER_TIME),
            }
        told["n_steps"] = draw.choice((1, 2, 5, 20, 20, 50, 50, 100))
        yield told


def peer(words: list[str], profiles: Iterable[dict[str, Any]]) -> str:
    """Run the peer's script on profiles in the peer's own environment and return what it printed."""
    lines = "\n".join(json.dumps(told) for told in profiles)
    done = subprocess.run([str(PEER_HOME / "bin/python"), str(PEER), *words], input=lines, capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"NegMAS stopped: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'without a word'}")
    return done.stdout


def peer_is_missing(install: bool) -> str:
    """Return why NegMAS cannot be run, after trying to install it if asked; nothing where it can."""
    python = PEER_HOME / "bin/python"
    look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('negmas') is None)"
    if python.exists() and subprocess.run([str(python), "-c", look]).returncode == 0:
        return ""
    if not install:
        return "NegMAS is not installed (make dock-live installs it in an environment of its own)"
    steps = ([sys.executable, "-m", "venv", str(PEER_HOME)], [str(python), "-m", "pip", "install", "--quiet", PEER_VERSION])
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True)
        if done.returncode:
            faults = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            return f"{PEER_VERSION} could not be installed: {faults[-1] if faults else 'no reason was given'}"
    return ""


def live(count: int, seed: int) -> None:
    """Let NegMAS hold fresh negotiations and compare."""
    missing = peer_is_missing(install=True)
    if missing:
        print(f"skipped: {missing}")
        return
    compare([json.loads(line) for line in peer(["results"], fresh(count, seed)).splitlines()])


def store(path: Path, count: int, seed: int) -> None:
    """Let NegMAS hold fresh negotiations and store them; tests/data/dock_own.jsonl.gz is one such file."""
    missing = peer_is_missing(install=True)
    if missing:
        raise UserError(missing)
    path.write_bytes(gzip.compress(peer(["results"], fresh(count, seed)).encode(), mtime=0))


def main(words: list[str]) -> int:
    """Run the command line: a file, ``--live COUNT SEED``, or ``--store FILE COUNT SEED``."""
    try:
        if len(words) == 3 and words[0] == "--live":
            live(int(words[1]), int(words[2]))
        elif len(words) == 4 and words[0] == "--store":
            store(Path(words[1]), int(words[2]), int(words[3]))
        elif len(words) == 1 and words[0]:
            compare(read(Path(words[0])))
        else:
            raise UserError("say which file: make dock FILE=profiles.jsonl.gz")
    except UserError as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
