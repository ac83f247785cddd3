"""A folder of wheels that installs Cloud Diplomacy where there is no network, each wheel named with its hash.

``python docs/recipes/wheelhouse.py [FOLDER] [EXTRA ...]`` fills FOLDER (``wheelhouse``) on a machine with a network and of the same kind
(system, processor, version of Python) as the one without. There it is installed with::

    python3 -m venv .venv
    .venv/bin/python -m pip install --no-index --find-links wheelhouse --require-hashes --requirement wheelhouse/requirements.txt

Versions are those of ``constraints.txt``. A wheel whose bytes differ from its hash is refused by pip.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def fill(folder: Path, extras: list[str]) -> None:
    """Build or download the wheel of this project and of everything it needs."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    what = str(ROOT) + (f"[{','.join(extras)}]" if extras else "")
    words = ["--quiet", "--disable-pip-version-check", "--constraint", str(ROOT / "constraints.txt"), "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *words, what], check=True)


def requirements(folder: Path) -> str:
    """Name every wheel of a folder with its version and its hash, as ``pip install --require-hashes`` takes them."""
    lines = []
    for wheel in sorted(folder.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{re.sub(r'[-_.]+', '-', name).lower()}=={version} --hash=sha256:{digest}")
    return "\n".join(lines) + "\n"


def main(words: list[str]) -> int:
    """Fill the folder and write its list."""
    folder = Path(words[0] if words else "wheelhouse")
    fill(folder, words[1:])
    text = requirements(folder)
    (folder / "requirements.txt").write_text(text, encoding="utf-8")
    sys.stdout.write(f"{text.count('==')} wheels with their hashes: {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
