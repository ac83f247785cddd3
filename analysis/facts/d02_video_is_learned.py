"""D2: events by video rise from the first year of closure to the second, while calls stay as many."""

from __future__ import annotations

from analysis.columns import of_head, ratio, year
from analysis.facts import Fact, Floats, Measure, Null, Pairs

HEAD = "CHN"
LEDGER = ("events.parquet: month, event, channel, rank, party_a, party_b",)
SOURCE = "Wang Yi to Xinhua for 2020; Xinhua, 2 and 3 January 2022, for 2021"


def second_year(pairs: Pairs) -> Floats:
    """Count the video events of 2021."""
    return of_head(pairs.run, HEAD, ("video",), year(2021))


def video(pairs: Pairs) -> Floats:
    """Divide the video events of 2021 by those of 2020."""
    return ratio(second_year(pairs), of_head(pairs.run, HEAD, ("video",), year(2020)))


def calls(pairs: Pairs) -> Floats:
    """Divide the calls of 2021 by the meetings and calls of 2020, as the source counts them."""
    return ratio(of_head(pairs.run, HEAD, ("call",), year(2021)), of_head(pairs.run, HEAD, ("call", "visit", "summit"), year(2020)))


FACT = Fact(
    id="D2",
    title="Video is learned",
    title_id="Video dipelajari",
    sentence="Events by video nearly double between the first year of closure and the second; calls stay as many.",
    sentence_id="Acara video hampir berlipat dua antara tahun pertama penutupan dan tahun kedua; jumlah telepon tetap.",
    mechanism="skill in meeting online",
    mechanism_id="keterampilan bertemu secara daring",
    kind="tested",
    scenario="pandemic_lockdown",
    measures=(
        Measure(
            "video_2021",
            "Events by video of China's head in 2021",
            "Acara video kepala negara Tiongkok pada 2021",
            40.0, 31.0, 51.0, "events a year", "2021", "Xinhua, 2 and 3 January 2022; band: 22 of 2020 times 1.4 to 2.3", "A",
            LEDGER, second_year,
        ),
        Measure(
            "video_growth",
            "Events by video in 2021 over 2020",
            "Acara video pada 2021 dibagi 2020",
            40 / 22, 1.4, 2.3, "ratio", "2020 and 2021", SOURCE, "A", LEDGER, video,
        ),
        Measure(
            "calls_growth",
            "Calls in 2021 over meetings and calls in 2020",
            "Telepon pada 2021 dibagi pertemuan dan telepon pada 2020",
            79 / 87, 0.7, 1.15, "ratio", "2020 and 2021", SOURCE, "A", LEDGER, calls,
        ),
    ),
    null=Null(
        "nobody_learns",
        "Nobody learns to meet on a screen, so that channels are chosen in the second year as in the first.",
        "Tidak ada yang belajar rapat lewat layar, sehingga saluran dipilih pada tahun kedua seperti pada tahun pertama.",
        settings={"mechanisms.online.learning": 0.0, "mechanisms.online.learning_together": 0.0},
        on=("video_2021", "video_growth"),
    ),
    note="Only the second year is scored: the 22 events of 2020 set the level (novice). Three values were tried, 0.2, 0.3 and 0.5, and the "
    "one nearest to 22 was kept; 2021 was seen with each, and again with three values of the worth of an ordinary platform, of which the "
    "first was kept. So the second year is held out, but not unseen. The calls of 2020 cannot be told from its meetings.",
    note_id="Hanya tahun kedua yang dinilai: 22 acara pada 2020 menentukan tingkatnya (novice). Tiga nilai dicoba, 0,2, 0,3 dan 0,5, lalu "
    "yang paling dekat dengan 22 dipakai; tahun 2021 terlihat pada tiap nilai, dan lagi pada tiga nilai platform biasa, yang pertama "
    "dipakai. Jadi tahun kedua disisihkan, tetapi bukan belum terlihat. Telepon 2020 tidak terpisah dari pertemuan.",
)  # fmt: skip
