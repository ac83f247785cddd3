"""Films kept on disk by content, made when they are missing: the server holds no session, an address alone carries a run.

A film's key is the digest of its configuration, seed, source and data, so what lies under it can only be one thing, and a film that has
been removed is made again. One run is lived at a time; who asks for a film that is being made waits for it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import threading
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from analysis.app import film as films
from analysis.app.address import asked
from analysis.app.watching import TRUST_STEPS, UNSEEN
from sim import engine
from sim.files import tried
from sim.params import Config, Settings
from sim.sameness import source_digest
from sim.state.world import Setting
from sim.types import UserError

KEY = re.compile(r"[0-9a-f]{32}")
MOST_FILMS = 200
"""Films kept; the one not asked for the longest goes first."""
MOST_MONTHS = 360
"""Longest run a page asks for: 0.3 s a year of it on a small machine."""


_HEAD = f'{{"format":{films.FORMAT},'.encode()
"""How a film of this form begins."""


class Cancelled(Exception):
    """Whoever asked for a run has asked for it to stop."""


class Films:
    """The films of one outputs folder.

    Parameters
    ----------
    outputs : Path
        Films lie in ``.films`` under it.
    parts : Path or None
        A folder of the operator's own parts.
    """

    def __init__(self, outputs: Path, parts: Path | None = None) -> None:
        self.folder, self.parts = outputs / ".films", parts
        self._one_at_a_time, self._guard = threading.Lock(), threading.Lock()
        self._progress: dict[str, tuple[int, int]] = {}
        self._stopped: set[str] = set()
        self._setting: Setting | None = None
        self.waited_for = 0
        """How many ask for a film that is not there yet."""

    def ask(self, words: Any, moves: Any = None) -> tuple[str, Config, Settings]:
        """Validate an address, and the moves of a seat where one is played, and return the key of its film.

        Raises
        ------
        UserError
            One sentence.
        """
        with self._guard:
            config, chosen = asked(words, self.parts, moves)
        if config.end - config.start + 1 > MOST_MONTHS:
            raise UserError(f"a page shows at most {MOST_MONTHS} months; make start and end closer, or use the command line")
        text = "\n".join([str(films.FORMAT), config.digest, str(chosen.seed), _source(), config.shelves.digest, _moves(chosen)])
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), config, chosen

    def get(self, words: Any, moves: Any = None) -> str:
        """Return the key of an address's film, which then lies on disk.

        Raises
        ------
        UserError
            If the address is not valid: one sentence.
        Cancelled
            If somebody asked to stop.
        """
        key, config, chosen = self.ask(words, moves)
        # It may go in the moment after somebody looked; one that cannot be marked as used can still be read.
        if self.has(key):
            with suppress(OSError):
                os.utime(self._path(key, "film.json.gz"))
            if self.has(key):
                return key
        self._count(1)
        try:
            with self._one_at_a_time:
                if not self.has(key):
                    self._make(key, config, chosen)
        finally:
            self._count(-1)
        return key

    def _count(self, more: int) -> None:
        with self._guard:
            self.waited_for += more

    def _make(self, key: str, config: Config, chosen: Settings) -> None:
        whole = config.end - config.start + 1
        self._progress[key] = (0, whole)

        def heard(month: int) -> None:
            self._progress[key] = (month - config.start + 1, whole)
            if key in self._stopped:
                raise Cancelled(key)

        try:
            self._setting = engine.assemble(config, self._setting)
            film, tables, trust = films.make(self._setting, chosen, heard)
            film["key"] = key
            self._write(key, "tables.json.gz", _zipped(tables))
            self._write(key, "trust.gz", gzip.compress(trust.tobytes(), 1))
            self._write(key, "film.json.gz", _zipped(film))
            self._prune()
        finally:
            self._progress.pop(key, None)
            self._stopped.discard(key)

    def progress(self, key: str) -> tuple[int, int] | None:
        """Return months done and months in all of a film being made, None where none is."""
        return self._progress.get(key)

    def stop(self, key: str) -> None:
        """Ask a run in the making to stop."""
        if key in self._progress:
            self._stopped.add(key)

    def has(self, key: str) -> bool:
        """Tell whether a film lies on disk, whole and of the form that the page reads; an older one is made again."""
        if KEY.fullmatch(key) is None:
            return False
        path = self._path(key, "film.json.gz")
        try:
            with gzip.open(path) as file:
                return file.read(len(_HEAD)) == _HEAD
        except (gzip.BadGzipFile, EOFError, zlib.error):
            return True  # damaged: said, and forgotten, by whoever reads all of it
        except OSError:
            return False

    def zipped(self, key: str, name: str) -> bytes:
        """Return a part of a film, ``film`` or ``tables``, as gzipped JSON.

        Raises
        ------
        UserError
            If it is not kept (any more).
        """
        if name not in ("film", "tables") or not self.has(key):
            raise UserError("this run is not kept any more; ask for it again")
        return self._whole(key, f"{name}.json.gz")[0]

    def _whole(self, key: str, name: str) -> tuple[bytes, bytes]:
        """Return a kept file as it lies there and unpacked; a film whose file is damaged (a power cut) is forgotten, to be made again."""
        path = self._path(key, name)
        try:
            packed = tried(path.read_bytes, path)
            return packed, gzip.decompress(packed)
        except (OSError, EOFError, zlib.error) as fault:
            if not isinstance(fault, OSError) or isinstance(fault, gzip.BadGzipFile):
                for part in self.folder.glob(f"{key}.*"):
                    part.unlink(missing_ok=True)
            raise UserError("this run is not kept any more; ask for it again") from None

    def read(self, key: str, name: str) -> dict[str, Any]:
        """Return a part of a film as a tree."""
        tree: dict[str, Any] = json.loads(self._whole(key, f"{name}.json.gz")[1])
        return tree

    def trust(self, key: str, party: int) -> dict[str, list[list[float | None]]]:
        """Return trust month by month, (T, P): ``in`` one party by each other, and ``of`` it in each; None where no eye is kept.

        Raises
        ------
        UserError
            If the film is not kept, or there is no such party.
        """
        film = self.read(key, "film")
        months, n = int(film["months"]), len(film["parties"])
        if not 0 <= party < n:
            raise UserError(f"there is no party {party} in this run; valid are 0 to {n - 1}")
        whole = np.frombuffer(self._whole(key, "trust.gz")[1], dtype=np.uint8).reshape(months, n, n)
        ways = {"in": whole[:, :, party], "of": whole[:, party]}
        return {way: [[None if v == UNSEEN else v / TRUST_STEPS for v in row] for row in rows.tolist()] for way, rows in ways.items()}

    def _path(self, key: str, name: str) -> Path:
        if not KEY.fullmatch(key):
            raise UserError("a run's key is 32 letters and digits")
        return self.folder / f"{key}.{name}"

    def _write(self, key: str, name: str, content: bytes) -> None:
        """Write a file by rename, so that none ever looks whole before it is."""
        path = self._path(key, name)
        waiting = path.with_suffix(f".{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            tried(lambda: waiting.write_bytes(content), path)
            waiting.replace(path)
        except OSError as fault:
            raise UserError(f"{self.folder} cannot be written: {fault.strerror or fault}") from None
        finally:
            with suppress(OSError):
                waiting.unlink(missing_ok=True)

    def _prune(self) -> None:
        kept = sorted(self.folder.glob("*.film.json.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in kept[MOST_FILMS:]:
            for each in self.folder.glob(f"{path.name.split('.', 1)[0]}.*"):
                each.unlink(missing_ok=True)


def _moves(chosen: Settings) -> str:
    return "" if not chosen.moves else json.dumps([move.tree() for move in chosen.moves], sort_keys=True)


@cache
def _source() -> str:
    """Identify the model's source and data, and what tells a film from them."""
    digest = hashlib.blake2b(source_digest().encode(), digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _zipped(tree: Any) -> bytes:
    # A fixed time stamp, so that the same run gives the same bytes.
    return gzip.compress(json.dumps(tree, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode(), 6, mtime=0)
