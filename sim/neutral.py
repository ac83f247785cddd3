"""All neutral forms: of the mechanisms on the shelf and of the layers of the alliance graph, as ablation reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.data.layers import GRAPH, LAYERS, REWIRED, ZERO
from sim.declare.neutral import Neutral
from sim.engine import MONTH
from sim.registry import shelf


@dataclass(frozen=True)
class Form:
    """A neutral form and whose it is: ``kind`` is ``mechanism`` or ``layer``."""

    kind: str
    owner: str
    neutral: Neutral

    @property
    def name(self) -> str:
        """Its name in tables, unique: kind, owner and form."""
        return f"{self.kind}.{self.owner}.{self.neutral.name}"

    def off(self) -> dict[str, Any]:
        """Return the settings of the world without it, by their dotted names."""
        return dict((*self.neutral.given, *self.neutral.overrides))

    def on(self) -> dict[str, Any]:
        """Return the settings of the world with it."""
        return dict(self.neutral.given)


TRUST = (
    Neutral(
        "unread",
        "Whom to meet does not depend on trust.",
        "Siapa yang ditemui tidak bergantung pada kepercayaan.",
        (("mechanisms.contacts.trust_weight", 0.0),),
        "contacts_visit",
    ),
)
"""Trust is a layer, too, which the month moves: as a layer of the graph it is read by who meets whom."""


_WHOLE = {ZERO: ("joins nobody", "tidak menghubungkan siapa pun"), REWIRED: ("joins others", "menghubungkan pihak lain")}
WHOLE = tuple(
    Neutral(
        form,
        f"The whole alliance graph {said}: alliance, hostility, affinity and organisations together.",
        f"Seluruh graf aliansi {said_id}: aliansi, permusuhan, kedekatan, dan organisasi bersama-sama.",
        (
            *((f"roster.layers.{name}", form) for name in GRAPH),
            *((f"mechanisms.alliances.{share}", 0.0) for share in ("treaties_share", "trust_share") if form == ZERO),
        ),
        "contacts_visit",
    )
    for form, (said, said_id) in _WHOLE.items()
)
"""The layers of the alliance graph's weight together; with nothing, what is made in the run has no part in it either."""


def forms() -> tuple[Form, ...]:
    """Return every neutral form: mechanisms in the order of the month, then layers."""
    found = [Form("mechanism", name, one) for _, name in MONTH for one in shelf("mechanism").get(name).neutral]
    found += [Form("layer", layer.name, one) for layer in LAYERS for one in layer.neutral()]
    return (*found, *(Form("layer", "trust", one) for one in TRUST), *(Form("layer", "graph", one) for one in WHOLE))


def rows() -> list[dict[str, str]]:
    """List the forms as rows of the documentation's table."""
    return [
        {
            "form": form.name,
            "settings": "; ".join(f"{path}={_word(value)}" for path, value in form.neutral.overrides),
            "observable": form.neutral.observable,
            "scenario": form.neutral.scenario if form.neutral.possible else "",
            "given": "; ".join(f"{path}={_word(value)}" for path, value in form.neutral.given),
            "meaning": form.neutral.sentence,
        }
        for form in forms()
    ]


def _word(value: Any) -> str:
    if isinstance(value, list):
        return f"[{','.join(value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
