"""Whatever is sent to the page is answered, or refused in a sentence: no request is a fault of ours."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from analysis.app.asked import DASH, LARGEST, name_of
from analysis.app.command import OPTIONS, names_of
from analysis.app.server import LOOPBACK, build
from analysis.typed import options
from sim.types import UserError

DEEP = "[" * 30_000 + "]" * 30_000
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "bytes": b"\xff\xfe\x00",
    "list": b"[]",
    "list of words": b'[{"words": {}}]',
    "null": b"null",
    "number": b"7",
    "text": b'"words"',
    "true": b"true",
    "no number": b"NaN",
    "deep": DEEP.encode(),
    "words a list": b'{"words": [["seed", "7"]]}',
    "words a text": b'{"words": "seed=7"}',
    "words a number": b'{"words": 7}',
    "values no text": b'{"words": {"seed": 7}}',
    "values deep": ('{"words": {"seed": ' + DEEP + "}}").encode(),
}
GOOD = {
    "output": "answer.data",
    "outputs": {"id": "answer", "property": "data"},
    "inputs": [{"id": "wish", "property": "data", "value": {"number": 1, "words": {"seed": "-1"}}}],
    "changedPropIds": ["wish.data"],
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    # A fault of ours is answered as one here, as it is in use, and not raised through the client.
    app = build(tmp_path_factory.mktemp("outputs"))
    app.server.config["PROPAGATE_EXCEPTIONS"] = False
    return app.server.test_client()


@pytest.mark.parametrize("path", ["/data/progress", "/data/game/abcdefghij/value", DASH])
@pytest.mark.parametrize("name", list(BODIES))
def test_a_body_of_another_kind_is_refused_in_a_sentence(client: Any, path: str, name: str) -> None:
    answer = client.post(path, data=BODIES[name], content_type="application/json")
    assert answer.status_code == 400
    assert len(answer.get_json()["error"].split()) > 4


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_a_list_is_refused_whatever_it_is_called(client: Any, kind: str) -> None:
    assert client.post("/data/progress", data=b"[1]", content_type=kind).status_code == 400


@pytest.mark.parametrize("path", ["/data/progress", "/data/game/abcdefghij/value", DASH])
def test_a_body_that_is_too_large_is_refused(client: Any, path: str) -> None:
    answer = client.post(path, data=b" " * (LARGEST + 1), content_type="application/json")
    assert (answer.status_code, answer.get_json()["error"]) == (413, "a request holds at most 2 MB")


@pytest.mark.parametrize(
    "change",
    [
        {"output": "secret.data"},
        {"output": ["answer.data"]},
        {"output": None},
        {"outputs": []},
        {"outputs": {"id": "game", "property": "data"}},
        {"outputs": None},
        {"inputs": None},
        {"inputs": []},
        {"inputs": [5]},
        {"inputs": [{}]},
        {"inputs": [{"id": "wish", "property": "data"}] * 2},
    ],
)
def test_what_the_page_does_not_ask_is_not_answered(client: Any, change: dict[str, Any]) -> None:
    answer = client.post(DASH, json={**GOOD, **change})
    assert (answer.status_code, answer.get_json()) == (400, {"error": "this is no request of the page"})


@pytest.mark.parametrize(
    "value",
    [
        None, 5, "x", [], [[]], {}, {"words": 5}, {"words": {"a": {}}}, {"seat": "EU"}, {"seat": "EU", "words": {}, "live": [1]},
        {"seat": "EU", "words": {}, "live": 1e300}, {"seat": "EU", "words": {}, "live": -1}, {"seat": "EU", "words": {}, "live": "soon"},
        {"seat": "EU", "words": {}, "play": 5}, {"seat": "EU", "words": {}, "play": "x"}, {"seat": "EU", "words": {}, "play": [[]]},
        {"seat": "EU", "words": {}, "play": [{"kind": []}]}, {"seat": "EU", "words": {}, "play": [{"kind": "offer", "talk": 5}]},
        {"seat": "EU", "words": {}, "moves": [5]}, {"seat": "EU", "words": {}, "moves": {"a": 1}}, {"seat": "EU", "words": {}, "month": 3},
        {"seat": "EU", "words": {}, "month": "9999-12", "moves": [{"kind": "x"}]}, {"seat": ["EU"], "words": {}}, {"game": "../x"},
        {"game": 5}, {"open": []}, {"open": 5}, {"open": {"game": 1, "moves": [], "seat": "EU"}}, {"open": "x" * 100_000},
    ],
)  # fmt: skip
@pytest.mark.parametrize("store", ["wish", "turn"])
def test_a_wish_of_another_form_gets_a_sentence(client: Any, store: str, value: Any) -> None:
    output = {"wish": "answer", "turn": "game"}[store]
    body = {
        "output": f"{output}.data",
        "outputs": {"id": output, "property": "data"},
        "inputs": [{"id": store, "property": "data", "value": value}],
        "changedPropIds": [f"{store}.data"],
    }
    if store == "wish" and isinstance(value, dict) and value.get("words") == {}:
        value["words"] = {"seed": "x"}
    answer = client.post(DASH, json=body)
    assert answer.status_code == 200
    assert answer.get_json()["response"][output]["data"]["error"]


KEYS = [
    "0" * 32,
    "0" * 31,
    "a" * 5_000,
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "%ff%fe",
    "-",
    "%2e%2e",
    "null",
    "{key}",
    "abcdefghij",
    "\U0001f600",
]
GETS = ["film/{}.json", "tables/{}.json", "trust/{}/0.json", "trust/{}/99999999999999999999.json", "trust/{}/-1.json", "trust/{}/x.json"]
GETS += ["replay/{}.html", "game/{}/film.json", "game/{}/tables.json", "game/{}/secret.json", "game/{}/trust/0.json", "game/{}/replay.html"]


@pytest.mark.parametrize("path", GETS)
def test_a_key_that_is_none_finds_nothing(client: Any, path: str) -> None:
    for key in KEYS:
        answer = client.get("/data/" + path.format(key))
        # Dash gives the page itself for an address that it does not know.
        assert answer.status_code in (404, 308, 400) or b"_dash-config" in answer.data, key
        if answer.is_json:
            assert answer.get_json()["error"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options", "head", "get"])
def test_no_method_is_a_fault(client: Any, method: str) -> None:
    paths = ["/", "/data/theme.css", "/data/alive", "/data/start.json", "/data/progress", DASH, "/_dash-layout", "/assets/page.css"]
    paths += ["/data/film/x.json", "/data/game/x/film.json", "/data/replay/x.html", "/_dash-dependencies", "/_reload-hash", "/nowhere"]
    for path in paths:
        with getattr(client, method)(path) as answer:
            assert answer.status_code < 500, path


def test_query_and_headers_of_any_kind_are_no_fault(client: Any) -> None:
    queries = ["?" + "a=1&" * 2_000, "?%00=%ff", "?game=" + "x" * 5_000, "?moves=[[[", "?pick=</script>", "?at=" + "9" * 400]
    headers = [{"Accept-Encoding": "gzip;q=x"}, {"Content-Type": "\x00"}, {"Accept": "*" * 5_000}, {"Cookie": "a=" + "b" * 4_000}]
    for query, header in itertools.product(queries, headers):
        assert client.get("/" + query, headers=header).status_code < 500


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8050", "", ":8050", "[::1", "localhost.evil.example", "127.0.0.1.nip.io", "a:b:c"]
)
def test_a_name_that_the_operator_did_not_allow_is_not_answered(client: Any, host: str) -> None:
    for path in ("/", "/data/alive", "/data/game/abcdefghij/film.json"):
        assert client.get(path, headers={"Host": host}).status_code in (400, 421)


def test_the_operator_allows_names_and_no_other_is_answered(tmp_path: Path) -> None:
    hosts = names_of(options("app", ["--host", "0.0.0.0", "--name", "Lab.Example, 10.0.0.5,::2"], OPTIONS), "0.0.0.0", LOOPBACK)
    assert hosts == (*LOOPBACK, "lab.example", "10.0.0.5", "[::2]")
    client = build(tmp_path, hosts=hosts).server.test_client()
    for host in ("lab.example", "LAB.example:8050", "10.0.0.5:8050", "[::2]:8050", "localhost:1"):
        assert client.get("/data/alive", headers={"Host": host}).status_code == 204, host
    for host in ("0.0.0.0:8050", "lab.example.org", "10.0.0.6"):
        assert client.get("/data/alive", headers={"Host": host}).status_code == 421, host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "[::]"])
def test_every_address_needs_a_name(host: str) -> None:
    with pytest.raises(UserError, match="--name"):
        names_of({}, host, LOOPBACK)


def test_a_host_of_its_own_is_a_name_and_loopback_stays() -> None:
    assert names_of({}, "192.168.1.20", LOOPBACK) == (*LOOPBACK, "192.168.1.20")
    assert names_of({}, "127.0.0.1", LOOPBACK) == LOOPBACK
    assert names_of({"--name": "lab.example"}, "127.0.0.1", LOOPBACK) == (*LOOPBACK, "lab.example")


@pytest.mark.parametrize("name", ["http://lab.example", "lab.example:8050", "a b", "*", "-a", "a..b", "é.example", "a" * 64, "x/y"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="no name of a host"):
        name_of(name)


def test_help_and_guide_tell_of_names() -> None:
    from analysis.__main__ import USAGE

    root = Path(__file__).resolve().parent.parent
    assert "--host 0.0.0.0 --name" in USAGE
    assert "--host 0.0.0.0 --name" in (root / "docs" / "page.md").read_text(encoding="utf-8")
    assert "make app HOST=" in (root / "docs" / "page.md").read_text(encoding="utf-8")


def test_how_far_a_run_is_says_nothing_of_words_that_name_none(client: Any) -> None:
    for words in ({"seed": "x"}, {"parts": "/tmp"}, {}):
        answer = client.post("/data/progress", json={"words": words})
        assert (answer.status_code, json.loads(answer.data)["done"]) == (200, None)
