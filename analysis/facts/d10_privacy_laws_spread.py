"""D10: ever more states adopt a first privacy law in a decade."""

from __future__ import annotations

from analysis.facts import Fact, Measure, Null

FACT = Fact(
    id="D10",
    title="Privacy laws spread",
    title_id="Undang-undang privasi menyebar",
    sentence="The number of states that adopt a first general privacy law doubles from decade to decade.",
    sentence_id="Jumlah negara yang mengesahkan undang-undang privasi umum pertama berlipat dua dari dekade ke dekade.",
    mechanism="diffusion of law by trade, region and nearness to judges",
    mechanism_id="penyebaran hukum lewat perdagangan, kawasan, dan kedekatan dengan penilai",
    kind="tested",
    scenario=None,
    waits_for="first privacy laws adopted in the run, from 1970 on (issue 19)",
    waits_for_id="undang-undang privasi pertama yang diadopsi dalam simulasi, sejak 1970 (isu 19)",
    measures=(
        Measure(
            "decade_1970",
            "First laws in the 1970s",
            "Undang-undang pertama pada dekade 1970-an",
            10.0, 7.0, 13.0, "states a decade", "1970 to 1979", "Greenleaf and Cottier, Privacy Laws and Business 163", "A",
            ("events of adoption of law, by state and month",), kind="calibrated",
        ),
        Measure(
            "decade_1980",
            "First laws in the 1980s",
            "Undang-undang pertama pada dekade 1980-an",
            10.0, 7.0, 13.0, "states a decade", "1980 to 1989", "Greenleaf and Cottier, Privacy Laws and Business 163", "A",
            ("events of adoption of law, by state and month",), kind="calibrated",
        ),
        Measure(
            "decade_1990",
            "First laws in the 1990s",
            "Undang-undang pertama pada dekade 1990-an",
            20.0, 14.0, 26.0, "states a decade", "1990 to 1999", "Greenleaf and Cottier, Privacy Laws and Business 163", "A",
            ("events of adoption of law, by state and month",), kind="calibrated",
        ),
        Measure(
            "decade_2000",
            "First laws in the 2000s",
            "Undang-undang pertama pada dekade 2000-an",
            40.0, 28.0, 52.0, "states a decade", "2000 to 2009", "Greenleaf and Cottier, Privacy Laws and Business 163", "A",
            ("events of adoption of law, by state and month",), kind="calibrated",
        ),
        Measure(
            "decade_2010",
            "First laws in the 2010s",
            "Undang-undang pertama pada dekade 2010-an",
            62.0, 43.4, 80.6, "states a decade", "2010 to 2019", "Greenleaf and Cottier, Privacy Laws and Business 163", "A",
            ("events of adoption of law, by state and month",),
        ),
    ),
    null=Null(
        "logistic_with_regions",
        "A logistic trend with an effect of each region.",
        "Tren logistik dengan pengaruh tiap kawasan.",
        cannot="its scenario does not exist yet",
        cannot_id="skenarionya belum ada",
    ),
    note="Adoption is fitted on 1970 to 2005: earlier decades are calibrated, the one after is the test.",
    note_id="Adopsi dicocokkan pada 1970 sampai 2005: dekade awal terkalibrasi, dekade sesudahnya adalah ujiannya.",
)  # fmt: skip
