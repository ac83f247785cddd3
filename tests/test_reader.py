"""The strict reader: a file means what its reader sees, or it is refused at once with a line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.reader import DEEPEST, MOST_BYTES, Document, decoded, file_text, read_json, read_yaml
from sim.types import UserError

REFUSED = {
    "": "it is empty",
    "# only words\n": "it is empty",
    "- one\n": "line 1: it must hold named values, not a list",
    "word\n": "line 1: it must hold named values, not a word",
    "7\n": "line 1: it must hold named values, not a number",
    "a: 1\nb: 2\na: 3\n": "line 3: a is given 2 times (lines 1 and 3)",
    "a: 1\n'a': 2\n": "line 2: a is given 2 times",
    'x: {y: {b: 1, "b": 2}}\n': "line 1: b is given 2 times",
    "x:\n  - {c: 1,\n     c: 2}\n": "line 3: c is given 2 times",
    "base: &b {size: 1}\nown: {<<: *b, size: 2}\n": "line 2: size is given 2 times (here, and by the merge <<)",
    "base: &b {size: 1}\nown: {<<: [*b, *b]}\n": "size is given 2 times",
    "own: {<<: 3}\n": "a merge (<<) takes named values",
    "a: 2020-03-14\n": "line 1: 2020-03-14 would be read as a date; a month is written 2020-03",
    "a: 2020-03-14 10:00:00\n": "would be read as a date",
    "a: 007\n": "line 1: 007 has more than one reading",
    "a: 0o17\n": "more than one reading",
    "a: 0x1F\n": "more than one reading",
    "a: 0b11\n": "more than one reading",
    "a: Yes\n": "line 1: Yes can be read as true or false or as a word",
    "a: [NO, SE]\n": "NO can be read as true or false",
    "on: 1\n": "on can be read as true or false",
    "a: .inf\n": ".inf is not a number",
    "a: -.INF\n": "-.INF is not a number",
    "a: .NaN\n": ".NaN is not a number",
    "a: 1e999\n": "1e999 is too large",
    f"a: {'9' * 5000}\n": "a number of 5,000 digits is too long",
    "~: 1\n": "line 1: a name was expected before the colon, not null",
    "a:\n  null: 1\n": "line 2: a name was expected before the colon, not null",
    "3: 1\n": "a name was expected before the colon, not 3",
    "true: 1\n": "a name was expected before the colon, not true",
    "? [1, 2]\n: 3\n": "a name was expected before the colon, not a list",
    "? {a: 1}\n: 3\n": "a name was expected before the colon, not a list or named values",
    f"{'n' * 300}: 1\n": "has 300 characters",
    f"? {'n' * 5000}\n: 1\n": "has 5,000 characters",
    "a: !!binary aGk=\n": "line 1: tags such as !!binary are not read",
    "a: !!set {x, y}\n": "tags such as !!set",
    "a: !!python/object/apply:os.getcwd []\n": "tags such as !!python/object/apply:os.getcwd",
    "a: !own 3\n": "tags such as !own",
    "a: ! 12\n": "tags such as ! are not read",
    "!!map {a: 1}\n": "tags such as !!map",
    "a: &x [1, *x]\n": "*x names nothing that was complete above",
    "a: *nobody\n": "*nobody names nothing",
    "a: 1\n---\nb: 2\n": "line 2: a second document begins here",
    "a:\n\t- 1\n": "line 2: it is not valid YAML: a tab stands where YAML takes spaces only",
    "a: [1\n": "it is not valid YAML",
    "a: 'x\n": "it is not valid YAML",
    "a: b: c\n": "line 1: it is not valid YAML: mapping values are not allowed here",
    "%YAML 7.0\n---\na: 1\n": "it is not valid YAML",
    "a: 1\nb: x\x00y\n": "line 2: a character that cannot be printed (U+0000)",
    "a: costs ${HOME}\n": "line 1: a value cannot refer to another one",
    f"a: {'[' * 60}{']' * 60}\n": f"more than {DEEPEST} deep",
}


@pytest.mark.parametrize("text", REFUSED, ids=list(REFUSED.values()))
def test_what_two_readers_could_take_differently_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(UserError) as told:
        read_yaml(text)
    assert REFUSED[text] in str(told.value) and "\n" not in str(told.value)


READ = {
    "1e-3": 0.001,
    "1E3": 1000.0,
    "-2.5e+2": -250.0,
    ".5": 0.5,
    "3.": 3.0,
    "0": 0,
    "-12": -12,
    "1_000": 1000,
    "true": True,
    "False": False,
    "~": None,
    "": None,
    "2020-03": "2020-03",
    "12:30:00": "12:30:00",
    "'010'": "010",
    '"no"': "no",
    "'2020-03-14'": "2020-03-14",
    "nan": "nan",
    "=": "=",
    "north": "north",
}


@pytest.mark.parametrize("word", READ)
def test_a_plain_word_is_what_its_reader_sees(word: str) -> None:
    found = read_yaml(f"a: {word}\n").tree["a"]
    assert found == READ[word] and type(found) is type(READ[word])


def test_an_alias_and_a_merge_that_say_nothing_twice_are_read() -> None:
    text = "one: &x {a: [1, 2]}\ntwo: *x\nthree: {<<: *x, b: 3}\n"
    tree = read_yaml(text).tree
    assert tree == {"one": {"a": [1, 2]}, "two": {"a": [1, 2]}, "three": {"b": 3, "a": [1, 2]}}
    assert tree["one"]["a"] is not tree["two"]["a"]


@pytest.mark.parametrize("as_key", [False, True])
def test_a_bomb_of_aliases_is_refused_at_once(as_key: bool) -> None:
    lines = ["b0: &b0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]" for n in range(1, 12)]
    text = "\n".join(lines) if as_key else "all:\n" + "\n".join(f"  - {line.partition(': ')[2]}" for line in lines)
    begun = time.monotonic()
    with pytest.raises(UserError, match="counting what aliases repeat"):
        read_yaml(text)
    assert time.monotonic() - begun < 2.0


def test_a_byte_order_mark_is_no_part_of_the_text_and_other_encodings_are_refused(tmp_path: Path) -> None:
    assert read_yaml(decoded(b"\xef\xbb\xbfa: 1\n")).tree == {"a": 1}
    with pytest.raises(UserError, match="line 2: byte 0xe9 is not UTF-8"):
        decoded("a: 1\nb: café\n".encode("latin-1"))
    with pytest.raises(UserError, match="is not UTF-8"):
        decoded("a: 1\n".encode("utf-16"))
    with pytest.raises(UserError, match="at most 500,000 are read"):
        decoded(b" " * (MOST_BYTES + 1))
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(UserError, match="it is a folder"):
        file_text(tmp_path / "x.yaml")


def test_a_fault_is_told_with_the_line_of_the_name_it_tells_of() -> None:
    document = read_yaml("sampler:\n  kind: grid\n  size: 0\nset:\n  end: 2019-02\n")
    assert isinstance(document, Document)
    assert document.located(UserError("sampler.size = 0 lies outside 1 to 9")) == "line 3: sampler.size = 0 lies outside 1 to 9"
    assert document.line_of("kind cannot be 'x'; did you mean 'size'?") == 2
    assert document.line_of("nothing of that is told") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1, "a": 2}', "a is given 2 times"),
        ('{"moves": [{"x": 1, "x": 1}]}', "x is given 2 times"),
        ("[NaN]", "NaN is not a number"),
        ("[-Infinity]", "-Infinity is not a number"),
        (f"[{'9' * 5000}]", "a number of 5,000 digits is too long"),
        ("[" * 100_000, "it is not JSON"),
        ("{", "it is not JSON"),
        ("", "it is not JSON"),
    ],
)
def test_json_is_read_as_strictly(text: str, sentence: str) -> None:
    with pytest.raises(UserError) as told:
        read_json(text)
    assert sentence in str(told.value)


SIGNS = st.sampled_from(
    [
        *list("ab:,-[]{}&*!?|>'\"%@`#\t\n \\~=<$0123.eE_\x00\ufeffé"), "<<", "- ", ": ", "\n  ", "${", "!!", "&a", "*a",
    ]
)  # fmt: skip


@given(st.lists(SIGNS, max_size=40).map("".join))
def test_no_text_makes_the_reader_fail_in_other_words_than_its_own(text: str) -> None:
    try:
        assert isinstance(read_yaml(text).tree, dict)
    except UserError as told:
        assert "\n" not in str(told)
