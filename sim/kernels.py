"""The one place that compiles: ``jit`` turns a plain loop into machine code, or leaves it as Python when told to.

Set ``CLOUD_DIPLOMACY_JIT=off`` to run every kernel as plain Python. Both forms give the same bits: no fastmath, no
parallel sums, no array reductions inside kernels, and ``math`` functions only (NumPy's vector forms may differ by a bit).
The cache folder is named by the digest of the source that kernels can rest on, the versions and the CPU, because a cached kernel that
calls a function of another file silently keeps the old code after that file changes.
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

COMPILED = os.environ.get("CLOUD_DIPLOMACY_JIT", "on").lower() not in ("off", "0", "false")
ABOVE_KERNELS = (
    "__main__", "agents", "batch", "doors", "engine", "folder", "game", "model", "recorder", "run", "seat", "single", "study",
)  # fmt: skip
"""Rooms that hold no kernel and feed none: editing them leaves compiled kernels as they are (``tests/test_house.py`` holds it)."""
_KEEP = 4
_IDLE = 2 * 86400.0
"""Seconds for which a cache folder must have lain unused before it is dropped."""


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


CPU = _cpu()


def _cache_folder(numba_version: str) -> str:
    code = hashlib.blake2b(digest_size=16)
    root = Path(__file__).resolve().parent
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if "__pycache__" not in place.parts and place.parts[0].removesuffix(".py") not in ABOVE_KERNELS:
            code.update(place.as_posix().encode())
            code.update(path.read_bytes())
    code.update(f"{numba_version} {np.__version__} {sys.version} {CPU}".encode())
    wanted = os.environ.get("CLOUD_DIPLOMACY_CACHE")
    base = Path(wanted) if wanted else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "cloud-diplomacy"
    folder = base / code.hexdigest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        if not wanted:
            _prune(base, folder)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="cloud-diplomacy-kernels-"))
    return str(folder)


def _prune(base: Path, keep: Path) -> None:
    """Drop old cache folders: each edit of the source makes a new one, and another process may be using any but the old."""
    import shutil

    os.utime(keep)
    folders = sorted((p for p in base.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
    now = keep.stat().st_mtime
    for old in folders[_KEEP:]:
        if now - old.stat().st_mtime > _IDLE:
            shutil.rmtree(old, ignore_errors=True)


def are_cached() -> bool:
    """Say whether any kernel of this source lies compiled on the disk; plain kernels need no compiling."""
    return not COMPILED or any(Path(str(numba.config.CACHE_DIR)).rglob("*.nbi"))


if COMPILED:
    import numba
    from numba.extending import intrinsic

    numba.config.CACHE_DIR = _cache_folder(numba.__version__)

    def jit(function: F) -> F:
        """Compile a kernel (cached on disk); the same bits come out as from the plain function."""
        return numba.njit(cache=True, fastmath=False, parallel=False, error_model="numpy")(function)  # type: ignore[no-any-return]

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
