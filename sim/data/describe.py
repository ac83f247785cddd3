"""The generated part of ``docs/data.md``: every declared column with unit, bounds, rule, source and terms."""

from __future__ import annotations

import math
from pathlib import Path

from sim.data.fields import NOT_TABLES, Field, columns_of, further_names, table_names
from sim.types import UserError

BEGIN = "<!-- fields: begin (generated from sim/data/fields.csv) -->"
END = "<!-- fields: end -->"


def field_tables() -> str:
    """Return one Markdown table for each table of figures, in the order of the declaration."""
    parts = []
    for name in (*table_names(), *NOT_TABLES, *further_names()):
        title = {"assumed": "Declared constants", "derived": "Figures computed by the loader"}.get(name, f"`{name}.csv`")
        title += " (read when asked for)" if name in further_names() else ""
        rows = [
            f"| `{f.field}` | {f.unit.replace('|', 'or')} | {_bounds(f)} | {_rule(f)} | {f.meaning} | {f.source} | {f.terms} | {f.status} |"
            for f in columns_of(name)
        ]
        head = "| field | unit | valid | blank | meaning | source | terms | status |\n|---|---|---|---|---|---|---|---|"
        parts.append(f"### {title}\n\n{head}\n" + "\n".join(rows))
    return "\n\n".join(parts)


def rewrite(page: Path) -> str:
    """Return a page with its generated part made anew.

    Raises
    ------
    UserError
        If the page lacks the two marks.
    """
    text = page.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise UserError(f"{page} lacks the marks {BEGIN!r} and {END!r}")
    before, rest = text.split(BEGIN, 1)
    return f"{before}{BEGIN}\n\n{field_tables()}\n\n{END}{rest.split(END, 1)[1]}"


def _bounds(field: Field) -> str:
    return "" if math.isnan(field.low) else f"{field.low:g} to {field.high:g}"


def _rule(field: Field) -> str:
    if field.table in NOT_TABLES:
        return "" if math.isnan(field.default) else f"value {field.default:g}"
    words = {"required": "refused", "blank": "means none", "default": f"{field.default:g}"}.get(field.fill_rule, field.fill_rule)
    carry = f"; carried back {field.carry_back_years} y" if field.carry_back_years else ""
    dense = "; every dyad" if field.dense else ""
    return words + carry + dense
