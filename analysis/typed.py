"""What is typed after a command: ``--name value`` or ``--name=value`` pairs, and whole numbers among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.types import UserError, nearest


def options(verb: str, words: Sequence[str], examples: Mapping[str, str]) -> dict[str, str]:
    """Read the options of a command.

    Parameters
    ----------
    verb : str
        The command, for messages.
    words : sequence of str
        What was typed after it.
    examples : mapping of str to str
        Every option there is, such as ``--seeds``, with a value that it may have.

    Raises
    ------
    UserError
        If a word is no option, or an option is given twice or has no value.

    Examples
    --------
    >>> options("validate", ["--seeds", "30", "--only=D1"], {"--seeds": "30", "--only": "D1,D4"})
    {'--seeds': '30', '--only': 'D1'}
    """
    found: dict[str, str] = {}
    queue = [part for word in words for part in (word.split("=", 1) if word.startswith("--") else [word])]
    while queue:
        name = queue.pop(0)
        if name not in examples:
            raise UserError(f"{verb}: there is no option {name!r}; {nearest(name, list(examples))}")
        if name in found or not queue or not queue[0] or queue[0].startswith("--"):
            raise UserError(f"{verb}: give {name} once, with a value, as in {name} {examples[name]}")
        found[name] = queue.pop(0)
    return found


def whole(verb: str, name: str, text: str, least: int, most: int) -> int:
    """Return a whole number within bounds.

    Raises
    ------
    UserError
        If it is none.
    """
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise UserError(f"{verb}: {name} must be a whole number from {least} to {most}, not {text!r}")
    return int(text)
