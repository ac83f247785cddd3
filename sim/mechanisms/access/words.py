"""The state that access declares."""

from __future__ import annotations

from sim.declare.arrays import Array, array

STATE: tuple[Array, ...] = (
    array("access_price", ("state",), unit="USD a month", meaning="price of a plain mobile plan, before anybody's subsidy"),
    array("landed_price", ("state",), start=1, unit="ratio", meaning="what links that landed have made of the price since the start"),
    array(
        "price_felt", ("state",), start=1, unit="ratio", meaning="price over what the world's trend made of it, as users have answered it"
    ),
    array("subsidised", ("state",), unit="share of price", meaning="part of the price that programmes pay this month"),
    array("skills", ("state",), unit="index 0-1", meaning="how well its people can use what is on offer"),
    array("technology", ("state",), unit="index 0-1", meaning="cloud technology that its own providers hold"),
    array("use_ceiling", ("state",), unit="share of people", meaning="whom price, income and skills would let use the internet this month"),
    array("access_funds", ("party",), unit="USD", meaning="paid in by programmes and not yet spent on users' bills"),
    array("learning_funds", ("party",), unit="USD", meaning="paid in by programmes and not yet spent on teaching"),
    array("technology_offered", ("party",), unit="index 0-1", meaning="technology handed over and not yet taken up"),
)
