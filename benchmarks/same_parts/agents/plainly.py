"""States and blocs that take every decision in plain Python, as the model's own agents tell it; states mistrust a little more."""

from __future__ import annotations

from typing import Any

from same_doors import BlocAgent, StateAgent, part


class PlainBloc(BlocAgent):
    """Blocs that weigh partners as ours do: overriding what decisions rest on lets them take all of them."""

    def matter(self, partner: str, channel: int, channels: Any) -> Any:
        return super().matter(partner, channel, channels)


@part("agents", name="plainly", title="Plain agents", title_id="Agen polos", sentence_id="Agen yang memutuskan semuanya sendiri.")
class Plainly(StateAgent):
    """States that decide all by themselves and like neighbours of the same letter."""

    bloc_class = PlainBloc

    def matter(self, partner: str, channel: int, channels: Any) -> Any:
        return super().matter(partner, channel, channels) * (1.5 if partner[0] == self.code[0] else 1.0)
