"""What each part is worth, parts that change nothing first; written by ``python -m analysis ablation`` as well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.ablation.page import GROUPS, amount, chance_of, effect_of, percent_of, thousandths
from analysis.ablation.result import NOISE, SAME, Effect, Result, ablated
from analysis.ablation.words import say
from analysis.findings import Lived, headed, table, written

TITLE = "What each part is worth"
LEAD = """
Each mechanism and each layer of the alliance graph is switched off by its neutral form, on common
seeds ([neutral.csv](../neutral.csv) says which settings). The *effect* is the mean of the part's
own column with the part, less the mean without it, with a 95 % interval. *Signatures that moved*
is the share that went to other types and dyads. Seeds alone move some, too. A *chance* is that
seeds alone part the worlds as far, held for all looks together (Holm). The *area* scores who signs
with whom in 2010 to 2018, with the part less without it ([backtest.md](backtest.md)). The years
from 2019 on are not scored here. How it is done: [ablation.md](../ablation.md).
"""


def body(lived: Lived) -> str:
    """Switch everything off in turn and return the tables."""
    return text(ablated(heard=lived.heard))


def write(result: Result, folder: Path) -> Path:
    """Write the page of a result that lies there already."""
    return written(folder / "ablation.md", headed("ablation", TITLE, LEAD, text(result)))


def text(result: Result) -> str:
    """Return the tables of a result as Markdown, parts that change nothing first."""
    idle = sum(one.verdict in (SAME, NOISE) for one in result.effects)
    parts = [
        f"Seeds 0 to {result.seeds - 1}, commit `{result.commit}`. Repeat it with `{result.command}`.",
        f"**{idle} of {len(result.effects)} forms change nothing beyond seeds.** The labels of 2010 to 2018 are {result.n_signed} dyads.",
        "\n".join(f"- {one}" for one, _ in result.limits),
    ]
    for key, verdicts in GROUPS:
        some = [one for one in result.idle_first() if one.verdict in verdicts]
        if some:
            parts += [f"## {say(key, 'en')}: {len(some)}", _table(some)]
    if result.fixed:
        told = "\n".join(f"- `{form.name}`: {form.neutral.sentence}" for form in result.fixed)
        parts += [f"## {say('fixed', 'en')}", told]
    return "\n\n".join(part for part in parts if part)


def _table(some: Sequence[Effect]) -> str:
    head = [
        "switched off",
        "verdict",
        "column",
        "mean without it",
        "effect",
        "chance",
        "moved",
        "by seeds alone",
        "chance of that",
        "area, thousandths",
    ]
    rows = [
        [
            f"`{one.form.name}`", one.verdict, f"`{one.form.neutral.observable}`", amount(one.own.base), effect_of(one.own),
            chance_of(one.own_held), percent_of(one.moved.share), percent_of(one.moved.noise), chance_of(one.moved_held),
            "–" if one.precision is None else effect_of(thousandths(one.precision)),
        ]
        for one in some
    ]  # fmt: skip
    return table(head, rows)
