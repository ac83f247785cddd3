"""What a request may be before anything looks into it: small, JSON where JSON is expected, of the expected form; else a sentence.

Whatever else is sent is the sender's fault and is answered as such (400, 404, 413, 421), never by a fault of ours.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Any

import flask

from analysis.app.games import words_of
from sim.types import UserError

LARGEST = 2_000_000
"""Bytes of a request: a saved game of 400 moves has a tenth of it."""
DASH = "/_dash-update-component"
_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?")


class Refused(Exception):
    """A request that cannot be answered; its text is the sentence."""


def body_of(request: flask.Request) -> dict[str, Any]:
    """Return the JSON object that a request holds.

    Raises
    ------
    Refused
        If it holds none.
    """
    try:
        tree = request.get_json(force=True, silent=True)
    except RecursionError:
        tree = None
    if not isinstance(tree, dict):
        raise Refused('a request of this kind holds a JSON object, as in {"words": {"seed": "7"}}')
    return tree


def text_in(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the talk that a request names and the levels that it gives, by issue.

    Raises
    ------
    Refused
        If it names none, or gives no levels.
    """
    talk, text = body.get("talk"), body.get("text")
    if not isinstance(talk, str) or not isinstance(text, dict):
        raise Refused('a text to value names its talk and its levels, as in {"talk": "...", "text": {"redress": 0.5}}')
    return talk, text


def pair_in(body: dict[str, Any]) -> tuple[str, str, str | None]:
    """Return the two parties that a request names, and the month, None where it leaves it out.

    Raises
    ------
    Refused
        If it names no two, or no month.
    """
    one, other, month = body.get("one"), body.get("other"), body.get("month")
    if not isinstance(one, str) or not isinstance(other, str) or not isinstance(month, (str, type(None))):
        raise Refused('a question of why names two parties and a month, as in {"one": "IDN", "other": "EU", "month": "2020-06"}')
    return one, other, month


def words_in(body: dict[str, Any]) -> dict[str, str]:
    """Return the words of an address in a request, none where they are left out.

    Raises
    ------
    Refused
        If they are no settings with values.
    """
    try:
        return words_of(body.get("words") or {})
    except UserError as fault:
        raise Refused(str(fault)) from None


def check_callback(request: flask.Request, outputs: Sequence[str]) -> None:
    """Let through only what the page's own script sends to Dash.

    Raises
    ------
    Refused
        If the request names an output that the page does not have, or is not of the form of Dash.
    """
    body = body_of(request)
    output, told, asked = body.get("output"), body.get("outputs"), body.get("inputs")
    known = output in outputs and told == dict(zip(("id", "property"), str(output).split("."), strict=True))
    if (
        not known
        or not isinstance(asked, list)
        or len(asked) != 1
        or not isinstance(asked[0], dict)
        or not {"id", "property"} <= set(asked[0])
    ):
        raise Refused("this is no request of the page")


def name_of(text: str) -> str:
    """Return a host name or address as a browser writes it, without port: lower case, IPv6 in brackets.

    Raises
    ------
    UserError
        If it is neither.

    Examples
    --------
    >>> name_of("Lab.Example"), name_of("::1"), name_of("10.0.0.5")
    ('lab.example', '[::1]', '10.0.0.5')
    """
    plain = text.strip().lower()
    try:
        found = ipaddress.ip_address(plain.strip("[]"))
    except ValueError:
        if len(plain) <= 253 and _NAME.fullmatch(plain):
            return plain
        told = "give it without http:// and port, as in lab.example or 192.168.1.20"
        raise UserError(f"app: {text!r} is no name of a host; {told}") from None
    return f"[{found}]" if found.version == 6 else str(found)


def host_of(request: flask.Request) -> str:
    """Return the name under which a request reached us, without port, empty where it has none."""
    host = str(request.headers.get("Host", "")).lower()
    return host if host.endswith("]") else host.rsplit(":", 1)[0] if ":" in host else host
