"""The one place that compiles: ``jit`` turns a plain loop into machine code, or leaves it as Python when told to.

Set ``CLOUD_DIPLOMACY_JIT=off`` (or Numba's own ``NUMBA_DISABLE_JIT=1``) to run every kernel as plain Python. Both forms give the same
bits: no fastmath, no parallel sums, no array reductions inside kernels, and ``math`` functions only (NumPy's vector forms may differ by a
bit).
The cache folder is named by the digest of the source that kernels can rest on, the versions and the CPU, because a cached kernel that calls
a function of another file silently keeps the old code after that file changes. Kernels of users' parts lie in a folder of their own in it,
named by the state of all their files. Trouble with that folder never stops a run: kernels are then kept in a temporary folder, which the
processes of one command share, and one line on stderr says so.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import os
import platform
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sim.types import OWN

F = TypeVar("F", bound=Callable[..., Any])

CACHE, SAID = "CLOUD_DIPLOMACY_CACHE", "CLOUD_DIPLOMACY_CACHE_SAID"
"""Names of the environment: where kernels are kept, and whether a process of this command has said that they are not."""


def _wanted() -> bool:
    """Say whether kernels are to be compiled; Numba that compiles nothing (by variable or by its own file) is taken at its word."""
    if os.environ.get("CLOUD_DIPLOMACY_JIT", "on").lower() in ("off", "0", "false"):
        return False
    import numba

    return not numba.config.DISABLE_JIT


COMPILED = _wanted()
ABOVE_KERNELS = (
    "__main__", "agents", "along", "batch", "command", "doors", "engine", "folder", "game", "model", "neutral", "parts", "recorder",
    "repeat", "rows", "run", "seat", "single", "study", "tested", "why",
)  # fmt: skip
"""Rooms that hold no kernel and feed none: editing them leaves compiled kernels as they are (``tests/test_house.py`` holds it)."""
_KEEP = 4
_IDLE = 2 * 86400.0
"""Seconds for which a cache folder must have lain unused before it is dropped."""
_PROBE = 1 << 20
"""Bytes that must find room in a cache folder before kernels are kept there."""


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


CPU = _cpu()


def _cache_folder(numba_version: str) -> str | None:
    """Return the folder in which kernels are kept; None where nothing on this machine can be written."""
    code = hashlib.blake2b(digest_size=16)
    root = Path(__file__).resolve().parent
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if "__pycache__" not in place.parts and place.parts[0].removesuffix(".py") not in ABOVE_KERNELS:
            code.update(place.as_posix().encode())
            code.update(path.read_bytes())
    code.update(f"{numba_version} {np.__version__} {sys.version} {CPU}".encode())
    base, why = _base(), "there is no home folder"
    if base is not None:
        folder = base / code.hexdigest()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as probe:
                probe.write(bytes(_PROBE))
                probe.flush()
        except OSError as fault:
            why = f"{folder} cannot be written: {fault.strerror or fault}"
        else:
            if not os.environ.get(CACHE):
                _prune(base, folder)
            return str(folder)
    return _temporary(why)


def _base() -> Path | None:
    """Return the folder of all cache folders, absolute, so that a change of the working folder does not move it; None without a home."""
    try:
        if wanted := os.environ.get(CACHE):
            return Path(wanted).expanduser().absolute()
        # As the XDG rules say: an empty or relative path counts as none.
        shared = Path(os.environ.get("XDG_CACHE_HOME") or ".")
        base = (shared if shared.is_absolute() else Path.home() / ".cache") / "cloud-diplomacy"
    except (RuntimeError, OSError):
        return None
    return base if base.is_absolute() else None


def _temporary(why: str) -> str | None:
    """Make a cache folder for this command and the processes it starts; it is removed when the command ends."""
    _trouble.append(why)
    try:
        made = tempfile.mkdtemp(prefix="cloud-diplomacy-kernels-")
    except OSError:
        return None
    atexit.register(_drop, made, os.getpid())
    os.environ[CACHE] = made
    return made


def _drop(folder: str, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


_trouble: list[str] = []
"""Why kernels are not kept, until it has been said."""


def _tell() -> None:
    """Say once a command, when something is about to be compiled, that kernels are not kept."""
    if _trouble and not os.environ.get(SAID):
        os.environ[SAID] = "1"
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(
                f"note: compiled kernels cannot be kept ({_trouble[0]}), so each command compiles them anew, about 35 s; "
                f"set {CACHE} to a folder that can be written\n"
            )
    _trouble.clear()


class _Patient:
    """Numba's cache of one kernel, made patient: a file that cannot be read or written costs a compilation, never the run."""

    def __init__(self, cache: Any) -> None:
        self.cache = cache

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["cache"], name)

    def load_overload(self, *given: Any) -> Any:
        """Return the compiled kernel that is kept, None where there is none that can be read."""
        try:
            found = self.cache.load_overload(*given)
        except Exception as fault:
            found = None
            if not isinstance(fault, OSError):
                with contextlib.suppress(Exception):
                    self.cache.flush()
        if found is None:
            _tell()
        return found

    def save_overload(self, *given: Any) -> None:
        """Keep a compiled kernel, where the disk takes it."""
        try:
            self.cache.save_overload(*given)
        except OSError as fault:
            _trouble.append(f"{numba.config.CACHE_DIR}: {fault.strerror or fault}")
            _tell()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let a signal wait until a kernel is compiled or loaded: raised in a callback of the compiler it would crash the process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    heard: list[tuple[int, Any]] = []
    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, lambda *given: heard.append(given))
    try:
        yield
    finally:
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, handler)
        for given in heard:
            handler = before[signal.Signals(given[0])]
            assert callable(handler)
            handler(*given)


def _undisturbed(compile_for: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(compile_for)
    def compiled(*given: Any) -> Any:
        with _uninterrupted():
            return compile_for(*given)

    return compiled


def _prune(base: Path, keep: Path) -> None:
    """Drop old cache folders: each edit of the source makes a new one, and another process may be using any but the old."""
    with contextlib.suppress(OSError):
        os.utime(keep)
        folders = sorted((p for p in base.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
        now = keep.stat().st_mtime
        for old in folders[_KEEP:]:
            if now - old.stat().st_mtime > _IDLE:
                shutil.rmtree(old, ignore_errors=True)


def are_cached() -> bool:
    """Say whether any kernel of this source lies compiled on the disk; plain kernels need no compiling."""
    return not COMPILED or (_FOLDER is not None and any(Path(_FOLDER).rglob("*.nbi")))


if COMPILED:
    import numba
    from numba.extending import intrinsic

    _FOLDER = _cache_folder(numba.__version__)
    numba.config.CACHE_DIR = _FOLDER or ""
    _PLACING = threading.Lock()
    """Held while a kernel is given the folder it is kept in."""

    def jit(function: F) -> F:
        """Compile a kernel (cached on disk); the same bits come out as from the plain function."""
        package = str(function.__module__).partition(".")[0]
        with _PLACING:
            if _FOLDER is not None and package.startswith(OWN):
                # The package of a user's parts is named by all that lies in their folder: a helper that changes moves it.
                numba.config.CACHE_DIR = os.path.join(_FOLDER, package)
            made = numba.njit(cache=_FOLDER is not None, fastmath=False, parallel=False, error_model="numpy")(function)
            numba.config.CACHE_DIR = _FOLDER or ""
        if _FOLDER is not None:
            made._cache = _Patient(made._cache)
        made.compile = _undisturbed(made.compile)
        return made  # type: ignore[no-any-return]

    @intrinsic
    def product(typing: Any, a: Any, b: Any) -> Any:
        """Return the high and the low word of the 128-bit product of two 64-bit words: one instruction for both."""
        from llvmlite import ir

        wide, word = ir.IntType(128), ir.IntType(64)

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            whole = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
            high = builder.trunc(builder.lshr(whole, ir.Constant(wide, 64)), word)
            return context.make_tuple(builder, signature.return_type, (high, builder.trunc(whole, word)))

        return numba.types.UniTuple(numba.types.uint64, 2)(numba.types.uint64, numba.types.uint64), generate

else:

    def product(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
        """Return the high and the low word of the 128-bit product of two 64-bit words."""
        whole = int(a) * int(b)
        return np.uint64(whole >> 64), np.uint64(whole & 0xFFFFFFFFFFFFFFFF)

    def jit(function: F) -> F:
        """Leave the kernel plain; unsigned words may wrap and zero may divide, as they do compiled."""

        @functools.wraps(function)
        def plain(*args: Any) -> Any:
            with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
                return function(*args)

        return plain  # type: ignore[return-value]
