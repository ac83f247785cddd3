"""What a person who knows Hydra types is done, or answered with the word of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from sim.__main__ import main
from sim.params import configure, settings

ANSWERED = [
    (["hydra/launcher=submitit_slurm"], "a cluster takes studies: python -m sim study=NAME cluster=slurm"),
    (["-m", "hydra/launcher=joblib", "seed=1,2"], "cluster=slurm"),
    (["hydra.launcher.partition=short"], "cluster=slurm"),
    (["+hydra/launcher=ray"], "cluster=slurm"),
    (["hydra/sweeper=optuna"], "study.sampler.kind=sobol"),
    (["hydra.run.dir=x"], "outputs=FOLDER"),
    (["hydra.sweep.dir=x"], "outputs=FOLDER"),
    (["hydra.job.chdir=true"], "outputs=FOLDER"),
    (["hydra.mode=MULTIRUN"], "-m runs every combination"),
    (["hydra.nothing=1"], "settings of Hydra itself are not used"),
    (["+experiment=pandemic"], "study=FILE.yaml of your own"),
    (["experiment=pandemic"], "study=FILE.yaml of your own"),
    (["+experiment/deep=x"], "study=FILE.yaml of your own"),
    (["--shell-completion", "install=bash"], "there is no completion for shells"),
    (["-sc", "install=bash"], "there is no completion for shells"),
    (["--hydra-help"], "python -m sim --help tells all settings"),
    (["--info", "all"], "--version the version"),
    (["--config-name=other"], "scenarios=NAME chooses the story"),
    (["--config-dir", "conf"], "parts=FOLDER"),
    (["--experimental-rerun", "x.pickle"], "names the command that repeats it"),
    (["--package", "roster"], "--cfg job prints the whole configuration"),
    (["--cfg"], "valid is --cfg job"),
    (["--cfg", "hydra"], "--cfg hydra: valid is --cfg job"),
    (["-c", "all", "seed=2"], "--cfg all: valid is --cfg job"),
    (["--resolve", "seed=2"], "--resolve belongs to --cfg job"),
    (["--cfg", "job", "seed=x"], "seed"),
    (["--cfg", "job", "status", "x"], "status acts on a study that is there"),
    (["+seed=7"], "settings are changed, never added (+)"),
]


@pytest.mark.parametrize(("words", "sentence"), ANSWERED, ids=[" ".join(words) for words, _ in ANSWERED])
def test_a_word_of_hydra_is_answered_with_the_word_of_ours(
    words: list[str], sentence: str, here: Path, refusal: Callable[[list[str]], str]
) -> None:
    assert sentence in refusal(words)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("option", [["--cfg", "job"], ["--cfg=job"], ["-c", "job", "--resolve"]])
def test_cfg_job_prints_the_configuration_that_would_be_run_and_runs_nothing(
    option: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["scenarios=pandemic_lockdown", "seed=7", "protocol=nash", "roster.states=[DEU,GBR]", "mechanisms.contacts.hours_head=1.5"]
    assert main([*words[:2], *option, *words[2:]]) == 0
    tree = yaml.safe_load(capsys.readouterr().out)
    assert list(here.iterdir()) == []
    assert (tree["scenarios"], tree["seed"], tree["protocol"]["name"]) == ("pandemic_lockdown", 7, "nash")
    assert tree["mechanisms"]["contacts"]["hours_head"] == 1.5 and tree["roster"]["states"] == ["DEU", "GBR"]
    chosen = settings(
        {key: tree.pop(key) for key in [*tree] if key in ("seed", "seeds", "record", "counterfactual", "outputs", "moves", "parts")}
    )
    assert chosen.seed == 7 and configure(tree).tree["protocol"]["name"] == "nash", "what is printed can be given back"


def test_cfg_job_prints_every_job_of_many(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-m", "--cfg", "job", "seed=1,2", "protocol=nash,alternating_offers", "roster.states=[DEU,GBR]"]) == 0
    found = list(yaml.safe_load_all(capsys.readouterr().out))
    assert [(tree["protocol"]["name"], tree["seed"]) for tree in found] == [
        (name, seed) for seed in (1, 2) for name in ("nash", "alternating_offers")
    ]
    assert list(here.iterdir()) == []


def test_cfg_job_prints_a_study_and_its_cluster_and_makes_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cfg", "job", "study=smoke", "study.replicates=3", "cluster=slurm", "cluster.cpus=4", "end=2019-12"]) == 0
    tree = yaml.safe_load(capsys.readouterr().out)
    assert tree["study"]["replicates"] == 3 and tree["study"]["set"]["end"] == "2019-12" and tree["cluster"]["cpus"] == 4
    assert list(here.iterdir()) == []
