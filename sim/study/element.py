"""What one job of a cluster runs: ``python -m sim.study.element``, and one of the two below.

``element FOLDER ROUND ELEMENT ELEMENTS CPUS`` does the share of one element; ``compile FOLDER ROUND`` compiles the kernels.

Exit codes are those of ``python -m sim``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sim.study.pools import carry_out_parts
from sim.study.slurm import parts_of
from sim.study.store import read_manifest, read_round
from sim.study.work import compile_kernels
from sim.types import UserError


def main(words: list[str]) -> int:
    """Do the share of one element, or compile the kernels."""
    try:
        folder = Path(words[1])
        which = read_round(folder, int(words[2]))
        read_manifest(folder)
        if words[0] == "compile":
            compile_kernels(str(folder), which)
            return 0
        element, elements, cpus = (int(word) for word in words[3:6])
        failed = carry_out_parts(folder, which, parts_of(which, element, elements), workers=cpus)
    except UserError as fault:
        sys.stderr.write(f"error: {fault}\n")
        return 2
    return 3 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
