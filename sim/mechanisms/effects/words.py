"""The state that effects declare: flows, what is paid, and what is built."""

from __future__ import annotations

from sim.declare.arrays import Array, array

STATE: tuple[Array, ...] = (
    array("capacity_gained", ("party",), unit="MW", meaning="cloud capacity added by pacts since the start"),
    array("imports", ("party",), start=1, unit="USD a year", meaning="digital imports from everybody, at least 1"),
    array("imports_known", ("party",), start=1, unit="USD a year", meaning="digital imports as parties know them: of last December"),
    array("paid", ("party",), unit="USD", meaning="paid for partners' infrastructure since the start"),
    array("received", ("party",), unit="USD", meaning="received for infrastructure since the start"),
    array("overhead", ("party",), unit="USD", meaning="overhead on payments made since the start"),
    array("committed", ("party",), unit="MW", meaning="capacity promised by pacts and not yet built"),
    array("disbursed", ("instruments",), unit="USD", meaning="paid out under it of what it commits"),
    array("trade", ("edge",), unit="USD a year", meaning="digital trade from the owner to the partner"),
    array("trade_known", ("edge",), unit="USD a year", meaning="digital trade as parties know it: of last December"),
    array("effect", ("edge",), unit="share of trade", meaning="digital trade added by what is in force between the two"),
    array("effect_frame", ("edge",), unit="share of trade", meaning="the same as the run began, which published trade already holds"),
    array("sells", ("state",), unit="root of USD a year", meaning="factor of exports: what it would sell to everybody at equal ease"),
    array("buys", ("state",), unit="root of USD a year", meaning="factor of imports: what it would buy from everybody at equal ease"),
    array(
        "price_index", ("state",), start=1, unit="ratio",
        meaning="what digital purchases would cost on the terms of the start, over what they cost",
    ),
    array("trade_halted", ("edge",), unit="USD a year", meaning="what trade would be if links joined the two; 0 where they do"),
    array("imports_halted", ("state",), unit="USD a year", meaning="what imports would be without cuts; 0 where none are cut"),
    array("opened", ("state",), unit="bp of GDP a year", meaning="gain by trade that instruments free with own partners"),
    array("diverted", ("state",), unit="bp of GDP a year", meaning="gain by trade that they free elsewhere; mostly a loss"),
)  # fmt: skip
