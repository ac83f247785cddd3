"""A SLURM of one node on this machine's loopback, set up in a folder of its own and taken down again whole.

Debian's packages (slurm-wlm, slurm-client, munge) are installed if they are missing; where that cannot be, :class:`CannotBe` says why.
Nothing outside the folder is written but those packages: own configuration, own key, own sockets, free ports.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel")
PACKAGES = ("slurm-wlm", "slurm-client", "munge")
CONF = """\
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={place}/munge.socket
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool
SlurmctldPidFile={place}/slurmctld.pid
SlurmdPidFile={place}/slurmd.pid
SlurmctldLogFile={place}/slurmctld.log
SlurmdLogFile={place}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
MaxArraySize={limit}
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


class CannotBe(Exception):
    """There can be no SLURM here; the message says why."""


class Node:
    """A running cluster of one node."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.env = {**os.environ, "SLURM_CONF": str(place / "slurm.conf")}

    def run(self, *words: str) -> str:
        """Run one of SLURM's commands and return what it says."""
        done = subprocess.run(words, env=self.env, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
        return done.stdout

    def queue(self) -> dict[str, str]:
        """Return the state of every job and element in the queue, by its number."""
        lines = self.run("squeue", "--noheader", "--array", "--format=%i %T").split("\n")
        return dict(line.split() for line in lines if line.strip())

    def wait(self, seconds: float = 300.0) -> None:
        """Wait until the queue is empty; elements that were requeued are started at once instead of in two minutes."""
        until = time.monotonic() + seconds
        while queue := self.queue():
            assert time.monotonic() < until, f"the queue is not empty: {queue}"
            for job, state in queue.items():
                if state == "PENDING":
                    subprocess.run(["scontrol", "update", f"JobId={job}", "StartTime=now"], env=self.env, capture_output=True, check=False)
            time.sleep(0.5)


@contextlib.contextmanager
def node(place: Path, limit: int = 1001) -> Iterator[Node]:
    """Give a running cluster and take it down, whatever happens.

    Raises
    ------
    CannotBe
        If the packages cannot be installed or the daemons do not start.
    """
    _installed()
    place.mkdir(mode=0o755)
    host = socket.gethostname().split(".")[0]
    for room in ("state", "spool"):
        (place / room).mkdir()
    (place / "slurm.conf").write_text(CONF.format(host=host, place=place, ports=_ports(2), limit=limit), encoding="ascii")
    (place / "munge.key").write_bytes(os.urandom(128))
    (place / "munge.key").chmod(0o400)
    started: list[subprocess.Popen[bytes]] = []
    here = Node(place)
    try:
        munged = ["munged", "--foreground", "--force", f"--key-file={place}/munge.key", f"--socket={place}/munge.socket"]
        munged += [f"--pid-file={place}/munged.pid", f"--log-file={place}/munged.log", f"--seed-file={place}/munged.seed"]
        for words, ready in (
            (munged, place / "munge.socket"),
            (["slurmctld", "-D", "-f", str(place / "slurm.conf")], place / "slurmctld.pid"),
            (["slurmd", "-D", "-f", str(place / "slurm.conf")], place / "slurmd.pid"),
        ):
            with (place / f"{words[0]}.out").open("wb") as said:
                started.append(subprocess.Popen(words, env=here.env, stdout=said, stderr=said, start_new_session=True))
            _until(ready, started[-1], words[0], place)
        _until_idle(here)
        yield here
    finally:
        _take_down(here, started)


def _installed() -> None:
    if all(shutil.which(name, path=_path()) for name in PROGRAMS):
        os.environ["PATH"] = _path()
        return
    if os.geteuid() != 0:
        raise CannotBe("SLURM is not installed and only root can install it")
    if shutil.which("apt-get") is None:
        raise CannotBe("SLURM is not installed and there is no apt-get to install it with")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for words in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise CannotBe(f"{' '.join(words[:2])} failed: {' '.join(done.stderr.split())[-300:]}")
    os.environ["PATH"] = _path()


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def _ports(count: int) -> list[int]:
    open_ = [socket.socket() for _ in range(count)]
    for one in open_:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in open_]
    for one in open_:
        one.close()
    return ports


def _until(path: Path, process: subprocess.Popen[bytes], name: str, place: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists():
        if process.poll() is not None or time.monotonic() > until:
            files = [place / f"{name}.{kind}" for kind in ("out", "log")]
            logs = " ".join(file.read_text(errors="replace")[-500:] for file in files if file.exists())
            raise CannotBe(f"{name} did not start: {' '.join(logs.split())[-600:]}")
        time.sleep(0.1)


def _until_idle(here: Node) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        said = subprocess.run(["sinfo", "--noheader", "--format=%T"], env=here.env, capture_output=True, text=True, check=False).stdout
        if said.strip() == "idle":
            return
        time.sleep(0.3)
    raise CannotBe("the node did not come up within a minute")


def _take_down(here: Node, started: list[subprocess.Popen[bytes]]) -> None:
    if len(started) == 3 and started[1].poll() is None:
        subprocess.run(["scancel", "--quiet", "--user=root"], env=here.env, capture_output=True, check=False, timeout=60)
        until = time.monotonic() + 40
        while time.monotonic() < until:
            left = subprocess.run(["squeue", "--noheader"], env=here.env, capture_output=True, text=True, check=False).stdout
            if not left.strip():
                break
            time.sleep(0.5)
    for process in reversed(started):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
