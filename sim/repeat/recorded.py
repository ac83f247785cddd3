"""What a run's manifest says, checked, and turned back into what a run is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.data.pandemic import RECORDED
from sim.files import read_json, tried
from sim.forms import each, every, is_count, is_digest, is_list, is_name, is_text, is_tree, is_truth, or_none, refuse_other_forms
from sim.older import names, turning
from sim.older.forms import newest
from sim.older.forms import refuse_other_forms as refuse_other_schemas
from sim.params import NO_RIVAL, STATED_WHERE_GIVEN, TIERS
from sim.rosters import DATA
from sim.scenario_file import is_read
from sim.seal import MANIFEST, Damaged, read_signed
from sim.types import UserError

_PATH = (or_none(is_name), "the path of a folder, or nothing")
FORM = {
    "schema": (is_count, "a whole number"),
    "status": (lambda value: value == "complete", "complete (the run did not finish)"),
    "config": (is_tree, "named values"),
    "seed": (is_count, "a whole number"),
    "seeds": (lambda value: each(is_count)(value) and bool(value), "a list of seeds"),
    "record": (lambda value: value in TIERS, "one of " + ", ".join(TIERS)),
    "counterfactual": (is_truth, "true or false"),
    "digests": (every(is_digest), "a digest a seed"),
    "config_digest": (is_digest, "a digest"),
}
OPTIONAL = {
    "data_digest": (is_text, "a digest"),
    "source_digest": (is_text, "a digest"),
    "parts": _PATH,
    "parts_digest": (or_none(is_text), "a digest, or nothing"),
    "data_folder": _PATH,
    "scenario_file": (or_none(is_read), "a scenario's name, file and text, or nothing"),
    "moves": (is_list, "a list of moves"),
    "versions": (every(is_text), "versions by name"),
    "cpu": (is_text, "a text"),
    "kernels": (is_text, "a text"),
}


@dataclass(frozen=True)
class Recorded:
    """A finished run, as its manifest tells of it.

    Attributes
    ----------
    path : Path
        The manifest.
    manifest : dict
    tables, parts : Path or None
        Folders of the user's own tables and parts.
    """

    path: Path
    manifest: dict[str, Any]
    tables: Path | None
    parts: Path | None

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds that were run, in order."""
        return tuple(self.manifest["seeds"])

    def tree(self) -> dict[str, Any]:
        """Return what a run is told to be this one again, in the names of now.

        Raises
        ------
        UserError
            If it holds what is gone: what replaced it.
        """
        config = self.manifest["config"]
        told = {key: value for key, value in config.items() if key not in ("scenario", "parts")}
        told = {**{key: [] for key in STATED_WHERE_GIVEN}, "rival": NO_RIVAL, **told}
        told["scenarios"] = self.manifest.get("scenario_file") or config.get("scenario")
        # An older run knew no other path than the recorded one.
        told["data"] = {**DATA, "pandemic": RECORDED, **config.get("data", {}), "folder": None if self.tables is None else str(self.tables)}
        told |= {"seed": self.seeds[0], "seeds": len(self.seeds), "record": self.manifest["record"]}
        told |= {"counterfactual": self.manifest["counterfactual"], "moves": self.manifest.get("moves") or None}
        with names.unheard():
            return dict(turning.tree({**told, "parts": None if self.parts is None else str(self.parts)}))


def recorded(place: Path) -> Recorded:
    """Read the manifest of a run folder, or a manifest itself.

    Raises
    ------
    UserError
        If there is none, or it is damaged, of a newer version, a study's or another program's.
    """
    path = place / MANIFEST if place.is_dir() else place
    try:
        manifest = tried(lambda: read_signed(path.parent)[0], path) if path.name == MANIFEST else read_json(path)
    except FileNotFoundError:
        none = f"{place} holds no {MANIFEST}: it is not the folder of a finished run" if place.is_dir() else f"there is no {place}"
        raise UserError(none) from None
    except (OSError, Damaged) as fault:
        raise UserError(f"{path} {fault}") from None
    if isinstance(manifest, dict) and manifest.get("kind") == "study":
        raise UserError(f"{path} is a study's: python -m sim explain {path.parent} RUN gives the command of one of its runs")
    refuse_other_forms(str(path), manifest, {"schema": FORM["schema"]})
    refuse_other_schemas(str(path), manifest)
    manifest = newest(manifest)
    refuse_other_forms(str(path), manifest, FORM, optional=OPTIONAL)
    for key, what in (("levers", "its levers were moved"), ("agents", "decisions were taken by classes")):
        if manifest.get(key) is not None:
            raise UserError(f"{path} tells of a model that a script led: {what} there, and only that script can repeat it")
    seeds = manifest["seeds"]
    if seeds != list(range(seeds[0], seeds[0] + len(seeds))) or set(manifest["digests"]) != {str(seed) for seed in seeds}:
        raise UserError(f"{path} is damaged: its seeds and its digests do not belong together")
    data = manifest["config"].get("data")
    tables = manifest.get("data_folder") or (data.get("folder") if isinstance(data, dict) else None)
    if tables is not None and not isinstance(tables, str):
        raise UserError(f"{path} is damaged: data.folder must be the path of a folder, not {tables!r}")
    parts = manifest.get("parts")
    return Recorded(path, manifest, None if tables is None else Path(tables), None if parts is None else Path(parts))
