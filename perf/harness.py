"""Running programs for measurement: where things are, one pass at a time, medians."""

import json
import os
import pathlib
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "perf"  # inputs, outputs and what peers need; ./dev clean removes it
PEERS = ROOT / "perf" / "peers"
PROGRAM = pathlib.Path(os.environ.get("HL7FLOW", ROOT / "build" / "hl7flow"))
KERNELS = pathlib.Path(os.environ.get("HL7FLOW_PERF", WORK / "hl7flow_perf"))
CODES = pathlib.Path(os.environ.get("HL7FLOW_PERF_CODES", WORK / "hl7flow_perf_codes"))


class Unavailable(Exception):
    """A row cannot be measured here, and why, in words for the person who reads the table."""


def cpu_model():
    """Model name with the numbers that tell processors of one name apart."""
    facts = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        facts.setdefault(key.strip(), value.strip())
    name = facts.get("model name", "unknown")
    if "cpu family" in facts:
        name += f" (family {facts['cpu family']} model {facts['model']})"
    return f"{name}, {len(os.sched_getaffinity(0))} cores"


def cores(count):
    """The last `count` of the cores that this process may use: the first serves interrupts."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < count:
        raise Unavailable(f"needs {count} cores, this machine gives {len(allowed)}")
    return set(allowed[-count:])


def pin(count):
    return pin_to(cores(count))


def pin_to(chosen):
    return lambda: os.sched_setaffinity(0, chosen)


def need(program):
    if not program.exists():
        raise Unavailable(f"{program} is not built; run ./dev build first")
    return str(program)


class Server:
    """A program that makes one pass for each line on its stdin, so that passes of several can
    take turns. Started pinned to `core_count` cores; says "ready" after its warm-up."""

    def __init__(self, name, command, core_count=1):
        self.name = name
        self.log = WORK / "log" / f"{name.replace(' ', '_')}.txt"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command] + ["--serve"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=pin(core_count))
        self._answer("ready")

    def _answer(self, wanted=None):
        line = self.process.stdout.readline()
        if not line or (wanted and line.strip() != wanted):
            raise Unavailable(f"{self.name} stopped; see {self.log}")
        return line

    def one_pass(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return json.loads(self._answer())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def convert(inputs, out, *, form="parquet", threads=2, on=None, seconds=3600,
            more=()):
    """One whole job, on the cores `on` or as many as it has threads. The summary of the run, with
    the wall time of the process, start to end."""
    command = [need(PROGRAM), "convert", *map(str, inputs), "--out", str(out), "--format", form,
               "--threads", str(threads), "--overwrite", "--summary", "json", *map(str, more)]
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds,
                          preexec_fn=pin_to(on or cores(threads)))
    wall = time.perf_counter() - begin
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Unavailable(f"hl7flow convert ended with {done.returncode}: {last}")
    summary = json.loads(done.stdout.strip().splitlines()[-1])
    summary["wall"] = wall
    return summary


def take_turns(count, *jobs):
    """`count` rounds; in each round every job once, so that noise of the machine meets all."""
    results = [[] for _ in jobs]
    for _ in range(count):
        for job, result in zip(jobs, results):
            result.append(job())
    return results


def median(results, key):
    return statistics.median(result[key] for result in results)
