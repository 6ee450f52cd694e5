"""Persons found or created as records come: in memory, and with a state that survives."""

import json
import shutil
import subprocess

import inputs
from harness import PROGRAM, WORK, Unavailable, need, pin

KNOWN, ARRIVALS = 1_000_000, 1_000_000


def find_or_create(persons, least):
    def measured(passes):
        done = subprocess.run([need(WORK / "find_or_create_perf"), str(persons), "200000",
                               str(passes)], capture_output=True, text=True, preexec_fn=pin(1))
        if done.returncode != 0:
            raise Unavailable(done.stderr.strip()[-200:] or "not enough memory")
        facts = json.loads(done.stdout)
        return {"value": facts["per_second"], "unit": "records/s", "peer": "target",
                "peer_value": least, "ratio": facts["per_second"] / least,
                "note": f"one core, in memory, evidence ready; {facts['bytes_a_record']} bytes a "
                        f"record; of {facts['right'] + facts['wrong'] + facts['missed']} records "
                        f"{facts['wrong']} joined another person, {facts['missed']} were not found"}
    return measured


def people_messages():
    """ADT messages: so many persons, then records that come once they are known."""
    known, arrivals = (inputs.DATA / f"people-{name}-{KNOWN}.hl7" for name in ("known", "arrive"))
    if not arrivals.exists():
        inputs.DATA.mkdir(parents=True, exist_ok=True)
        parts = [path.with_suffix(".part") for path in (known, arrivals)]
        subprocess.run([need(WORK / "people_messages"), str(KNOWN), str(ARRIVALS),
                        *map(str, parts)], check=True)
        for part, path in zip(parts, (known, arrivals)):
            part.rename(path)
    return known, arrivals


def find_or_create_durable(_passes):
    """Two whole jobs, the second of which begins with the state of the first."""
    out, seconds, counts = WORK / "out" / "persons", [], []
    shutil.rmtree(out, ignore_errors=True)
    for number, file in enumerate(people_messages()):
        done = subprocess.run(
            [need(PROGRAM), "convert", str(file), "--out", str(out / str(number)), "-j", "2",
             "--identify-state", str(out / "state"), "--epoch-size", "64MiB", "--only",
             "person_links,person_reviews", "--summary", "json"],
            capture_output=True, text=True, preexec_fn=pin(2))
        if done.returncode != 0:
            raise Unavailable(done.stderr.strip()[-200:])
        summary = json.loads(done.stdout.splitlines()[-1])
        seconds.append(summary["seconds"])
        counts.append(summary["persons"])
    size = sum(path.stat().st_size for path in (out / "state").rglob("*") if path.is_file())
    shutil.rmtree(out)
    value = (KNOWN + ARRIVALS) / sum(seconds)
    return {"value": value, "unit": "messages/s", "peer": "target", "peer_value": 50e3,
            "ratio": value / 50e3,
            "note": f"two whole jobs on two cores, from ADT messages to person_links, a commit "
                    f"every 64 MiB; the second, which finds {counts[1].get('alike', 0)} of "
                    f"{ARRIVALS} again, {ARRIVALS / seconds[1]:.0f}/s; state "
                    f"{size / 1e6:.0f} MB"}
