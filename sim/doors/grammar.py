"""Hydra's grammar, read strictly: one ``key=value`` becomes a value, or a sentence that says why it cannot.

Hydra takes the last of two equal names in ``{a:1,a:2}``, and some texts make its reader fail in words of its own; here neither happens.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sim.types import UserError

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

LONGEST = 100_000
DEEPEST = 20
_STRAY = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[\ud800-\udfff]")


def check_signs(text: str) -> None:
    """Refuse a word that no reader could take in: too long, nested too deeply, or with signs that cannot be printed.

    Raises
    ------
    UserError
        Saying which.
    """
    key = text.partition("=")[0][:40]
    if len(text) > LONGEST:
        raise UserError(f"{key} has {len(text):,} characters; at most {LONGEST:,} are read")
    stray = _STRAY.search(text)
    if stray is not None:
        kind = (
            "a byte that is not UTF-8" if stray.group() >= "\ud800" else f"a character that cannot be printed (U+{ord(stray.group()):04X})"
        )
        shown = _STRAY.sub("?", text)
        raise UserError(f"{shown[:200]!r} holds {kind}; take it out")
    depth = 0
    for sign in text:
        depth += (sign in "[{(") - (sign in "]})")
        if depth > DEEPEST:
            raise UserError(f"{key} holds values more than {DEEPEST} deep in one another")


def parsed(key: str, text: str) -> Override:
    """Read one word.

    Raises
    ------
    UserError
        If the grammar does not take it, or it gives a name twice.
    """
    from antlr4 import CommonTokenStream, InputStream
    from hydra.core.override_parser.overrides_parser import create_functions
    from hydra.core.override_parser.overrides_visitor import HydraErrorListener, HydraOverrideVisitor
    from hydra.grammar.gen.OverrideLexer import OverrideLexer
    from hydra.grammar.gen.OverrideParser import OverrideParser

    class Once(HydraOverrideVisitor):
        """Reads as Hydra does, but no name twice."""

        def visitDictContainer(self, ctx: Any) -> dict[str, Any]:  # noqa: N802 - the name is Hydra's
            pairs = [self.visitDictKeyValuePair(ctx.getChild(n)) for n in range(1, ctx.getChildCount() - 1, 2)]
            names = [name for name, _ in pairs]
            for name in names:
                if not isinstance(name, str):
                    raise UserError(f"{key}: a name was expected before the colon, not {'null' if name is None else name}")
                if names.count(name) > 1:
                    raise UserError(f"{key}: {name} is given {names.count(name)} times in one pair of braces; give it once")
            return dict(pairs)

    grammar: Any = OverrideParser
    try:
        listener = HydraErrorListener()
        lexer = OverrideLexer(InputStream(text))
        lexer.removeErrorListeners()
        lexer.addErrorListener(listener)
        parser = grammar(CommonTokenStream(lexer))
        parser.removeErrorListeners()
        parser.addErrorListener(listener)
        found: Override = Once(create_functions()).visit(parser.override())
        found.input_line = text
        found.validate()
    except UserError:
        raise
    except Exception:  # Hydra's own faults, and those of Python on texts that Hydra did not think of
        raise UserError(
            f"cannot read the value of {text[:200]!r}; put it in quotes if it holds signs such as ( ) [ ] {{ }} , : ="
        ) from None
    return found
