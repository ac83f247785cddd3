"""What the table of rivals cannot bear, in English and Indonesian."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.backtest.evaluation import FEW as FEW_INSTRUMENTS
from analysis.backtest.evaluation import Line
from analysis.backtest.model_scores import ModelScores, silent
from analysis.rivals.columns import MODEL, SCORED, Column
from analysis.validation.result import FEW, Said
from sim.run import prepare

GROUPS: Mapping[str, Said] = {
    "adequacy": ("adequacy", "kecukupan"),
    "digital_trade": ("digital trade", "perdagangan digital"),
    "law_enforcement": ("law enforcement", "penegakan hukum"),
}
"""Words for the groups of labels."""
FAR_FEWER = 0.5
"""Share of the model's dyads below which a rival is said to sign with few."""


def limits(
    columns: Sequence[Column],
    seeds: int,
    model: ModelScores,
    lines: Mapping[str, Line],
    dyads: Mapping[str, float],
    over: Mapping[str, Any],
) -> tuple[Said, ...]:
    """Return the sentences.

    Parameters
    ----------
    columns : sequence of Column
        The model first.
    seeds : int
        Asked for.
    model : ModelScores
        Of the model.
    lines : mapping of str to Line
        How each theory ranks who signed.
    dyads : mapping of str to float
        Dyads that signed, a run, of each theory.
    over : mapping
        Settings laid over every world.
    """
    return (*_of_runs(columns, seeds), *_of_scores(model, lines, over), *_of_few(columns, dyads))


def _of_runs(columns: Sequence[Column], seeds: int) -> Iterator[Said]:
    for one in columns:
        yield from one.cannot
    if seeds == 1:
        yield (
            "one seed: medians have no interval, and a dyad signed or did not, so that luck cannot be told from rule",
            "satu benih: median tidak punya selang, dan suatu pasangan menandatangani atau tidak, sehingga untung-untungan tidak dapat "
            "dibedakan dari aturan",
        )
    elif seeds < FEW:
        yield (
            f"{seeds} seeds: fewer than the {FEW} that a result rests on, and areas of few seeds read low",
            f"{seeds} benih: kurang dari {FEW} yang menjadi dasar hasil, dan luas dari sedikit benih terbaca rendah",
        )
    for one in columns:
        if one.failed:
            yield (
                f"{one.title}: {one.failed} seeds failed, and are left out",
                f"{one.title_id}: {one.failed} benih gagal, dan tidak dihitung",
            )


def _of_scores(model: ModelScores, lines: Mapping[str, Line], over: Mapping[str, Any]) -> Iterator[Said]:
    if not lines:
        yield (
            "no dyad of these runs signed anything by our labels: who signs with whom is not scored",
            "menurut label kami tidak ada pasangan di simulasi ini yang menandatangani: siapa menandatangani dengan siapa tidak dinilai",
        )
    elif lines[MODEL].few:
        weight = f"{lines[MODEL].weight:.1f}"
        yield (
            f"who signed rests on {weight} instruments, fewer than {FEW_INSTRUMENTS}: the interval and the paired difference are the "
            "result, and no level is claimed",
            f"siapa yang menandatangani bersandar pada {weight} instrumen, kurang dari {FEW_INSTRUMENTS}: hasilnya adalah selang dan "
            "selisih berpasangan, bukan tingkat nilainya",
        )
    if quiet := silent(prepare({"scenarios": SCORED}, over)[0].negotiated):
        english, indonesian = (", ".join(GROUPS[group][k] for group in quiet) for k in (0, 1))
        yield (
            f"no theory negotiates a type of these groups, so that whoever signed one is found by luck alone: {english}",
            f"tidak ada teori yang merundingkan jenis dari kelompok ini, sehingga penandatangannya ditemukan kebetulan saja: {indonesian}",
        )
    if not model.inside.all():
        n, of = int((~model.inside).sum()), len(model.inside)
        yield (
            f"{n} of {of} parties are not in these runs, and their dyads are left out",
            f"{n} dari {of} pihak tidak ada di simulasi ini, dan pasangannya tidak dihitung",
        )


def _of_few(columns: Sequence[Column], dyads: Mapping[str, float]) -> Iterator[Said]:
    for one in columns[1:]:
        if one.name in dyads and dyads[one.name] < FAR_FEWER * dyads[MODEL]:
            some, all_ = f"{dyads[one.name]:.1f}", f"{dyads[MODEL]:.1f}"
            yield (
                f"{one.title}: a data instrument is signed by {some} dyads a run, and in the model by {all_}; most dyads have equal rank",
                f"{one.title_id}: instrumen data ditandatangani {some} pasangan per simulasi, dan {all_} dalam model; sebagian besar "
                "pasangan berperingkat sama",
            )
