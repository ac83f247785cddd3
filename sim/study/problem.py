"""The factors of a study as SALib's ``problem``: names in the order of the design's columns, ranges, and how each is drawn.

``problem.json`` can be given to ``SALib.analyze`` as it is: ``num_vars``, ``names``, ``bounds`` and ``dists`` are SALib's own words, and
all else stands under ``study``, which SALib does not read. SALib knows ranges of real numbers only. So a factor of whole numbers has its
bounds as a range that is cut into equal shares, one a number (0 to 3 stands as -0.5 to 3.5). A factor of named values stands as the place
of the value in its list, cut in the same way (three values as -0.5 to 2.5). Rounded to the next whole number, a point of the range is the
value.

Source: Herman & Usher 2017, SALib: an open-source Python library for sensitivity analysis, Journal of Open Source Software 2(9), 97.
"""

from __future__ import annotations

from typing import Any

from sim.scenario_file import digest_of
from sim.study.factors import Factor
from sim.study.plan import Plan

PROBLEM = "problem.json"


def problem_of(plan: Plan) -> dict[str, Any]:
    """Return the problem of a plan.

    Returns
    -------
    dict
        ``num_vars``; ``names``; ``bounds``, [low, high] a name; ``dists``, all ``unif``; ``study``, with the sampler and, for each name,
        its kind (``range``, ``whole``, ``choice``), and the values of a choice in order; of scenarios in files of one's own, the whole
        text and its digest.
    """
    sampler: dict[str, Any] = {"kind": plan.kind, "seed": plan.sampler_seed}
    if plan.kind in ("saltelli", "morris"):
        sampler["rows"] = f"SALib.analyze.{'sobol' if plan.kind == 'saltelli' else 'morris'}: a row a draw, in the order of draw"
    if plan.kind == "saltelli":
        sampler["calc_second_order"] = plan.second_order
    own = {"scenarios": [{**one, "digest": digest_of(one)} for _, one in sorted(plan.files.items())]} if plan.files else {}
    if plan.kind in ("morris", "grid"):
        sampler["num_levels"] = plan.levels
    return {
        "num_vars": len(plan.factors),
        "names": [factor.path for factor in plan.factors],
        "bounds": [_bounds(factor) for factor in plan.factors],
        "dists": ["unif"] * len(plan.factors),
        "study": {
            "name": plan.name,
            "order": "names stand in the order of the columns of design.parquet, which is that of their paths, not of the study's file",
            "sampler": sampler,
            "factors": [_told(factor) for factor in plan.factors],
            **own,
        },
    }


def _bounds(factor: Factor) -> list[float]:
    if factor.values:
        return [-0.5, len(factor.values) - 0.5]
    if factor.integer:
        return [int(factor.low) - 0.5, int(factor.high) + 0.5]
    return [float(factor.low), float(factor.high)]


def _told(factor: Factor) -> dict[str, Any]:
    if factor.values:
        return {"name": factor.path, "kind": "choice", "values": list(factor.values)}
    kind, (low, high) = ("whole" if factor.integer else "range"), factor.ends()
    return {"name": factor.path, "kind": kind, "low": low, "high": high}
