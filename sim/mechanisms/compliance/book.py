"""The book of breaches: what is kept of each broken word, and what instruments are worth to those who might break theirs."""

from __future__ import annotations

from sim.declare.arrays import Array, Rows, array, column, table

STATE: tuple[Array | Rows, ...] = (
    array("value_first", ("instruments",), unit="bp of GDP a year", meaning="what it was worth to its first party in January"),
    array("value_second", ("instruments",), unit="bp of GDP a year", meaning="what it was worth to its second party in January"),
    *(
        array(f"{name}_{side}", ("instruments",), unit="bp of GDP a year", meaning=f"{meaning} of its {side} party")
        for name, meaning in (
            ("saving", "what breaking its word would save in a year, in January,"),
            ("halfway", "what the text halfway between both sides would be worth, in January, in the eyes"),
            ("unseen", "gain that the model does not see"),
        )
        for side in ("first", "second")
    ),
    table(
        "breaches",
        (
            column("instrument", "int32", refers="instrument", meaning="what is broken"),
            column("party", "int32", refers="party", meaning="who breaks its word"),
            column("other", "int32", refers="party", meaning="to whom"),
            column("began", "int32", refers="month", meaning="month in which it began"),
            column("found", "int32", refers="month", meaning="month in which it came to light"),
            column("cure", "int32", refers="month", meaning="month in which it is made good"),
            column("answered", "int32", refers="month", meaning="month in which the other side suspended the instrument"),
            column(
                "standing", "int8", absent=0, unit="0 unseen, 1 found, 2 answered, 3 left, 4 cured, 5 over", meaning="where it stands"
            ),
        ),
        tier="panels",
        meaning="a word that was broken",
        row="breach",
    ),
)  # fmt: skip
