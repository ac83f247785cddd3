"""What one column of a metric holds, where a metric has several and its own sentence does not tell them apart."""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """Title and sentence of a column, in English and Indonesian.

    Attributes
    ----------
    title, title_id : str
        A few words, read after the title of the metric.
    sentence, sentence_id : str
        What the column holds.
    """

    title: str
    title_id: str
    sentence: str
    sentence_id: str
