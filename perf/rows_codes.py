"""Code stores: made of releases, opened, and what mapping codes costs a job."""

import json
import shutil
import subprocess

import inputs
from harness import (CODES, PROGRAM, ROOT, WORK, Unavailable, convert, median, need, pin,
                     take_turns)

CODE_COUNT = 1_000_000
JOB_MESSAGES = 400_000
ICD10 = ROOT.parent / "shared" / "corpus" / "term-icd10cm-2021" / "files"
OPEN_STORE = WORK / "open_store_perf"


def _run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable((done.stderr.strip().splitlines() or ["no message"])[-1])
    return done.stdout


def store():
    """A million local codes that map to LOINC, beside the starter set: what a large site has."""
    path = inputs.DATA / f"codes-{CODE_COUNT}.store"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    table = inputs.DATA / "codes.csv"
    with open(table, "w") as out:
        out.write("source_system,source_code,source_display,target_system,target_code\n")
        for number in range(CODE_COUNT):
            out.write(f"L,T{number:07},local test number {number},LOINC,{number % 90000}-0\n")
    _run(need(PROGRAM), "codes", "build", "--starter", "--csv", table, "--out", path)
    table.unlink()
    return path


def map_codes_share(passes):
    """The stage's own time in the whole job, on one core."""
    file = inputs.messages(JOB_MESSAGES)
    codes = store()
    out = WORK / "out" / "codes"

    def job(*more):
        def run():
            summary = convert([file], out, threads=1, more=more)
            shutil.rmtree(out, ignore_errors=True)
            return {"seconds": summary["seconds"], "wall": summary["wall"],
                    "share": 100 * summary["stages"].get("map_codes", 0) / summary["seconds"],
                    "values": sum(count for systems in summary["codes"].values()
                                  for outcomes in systems.values()
                                  for count in outcomes.values())}
        return run

    with_codes, without = take_turns(passes, job("--codes", codes), job())
    value = median(with_codes, "share")
    more = 100 * (median(with_codes, "wall") / median(without, "wall") - 1)
    return {"value": value, "unit": "%", "peer": "of the job", "peer_value": 5, "ratio": value / 5,
            "note": f"{with_codes[0]['values']:,} coded values of {JOB_MESSAGES:,} messages; the "
                    f"job with its 53 more columns takes {more:.0f} % longer"}


def open_store_ms(_passes):
    codes = store()
    done = subprocess.run([need(OPEN_STORE), str(codes)], capture_output=True, text=True,
                          preexec_fn=pin(1))
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip())
    facts = json.loads(done.stdout)
    value = facts["milliseconds"]
    shared = 100 * (1 - facts["proportional"] / facts["resident"]) if facts["resident"] else 0
    return {"value": value, "unit": "ms", "peer": "at most", "peer_value": 20, "ratio": value / 20,
            "note": f"{facts['size'] / 1e6:.0f} MB, checksum read whole; with a second process "
                    f"{shared:.0f} % of the memory counts for the other (50 % is all of it)"}


def icd10_order_file(passes):
    if not ICD10.exists():
        raise Unavailable(f"needs {ICD10}")

    def job():
        done = subprocess.run([need(CODES), "icd10", str(ICD10)], stdout=subprocess.PIPE, text=True,
                              check=True, preexec_fn=pin(1))
        return json.loads(done.stdout)
    (results,) = take_turns(passes, job)
    if len({(result["complete"], result["rows"]) for result in results}) != 1:
        raise Unavailable("the passes do not agree")
    complete, rows = results[0]["complete"], results[0]["rows"]
    return {"value": complete, "unit": "rows", "peer": "rows of the file", "peer_value": rows,
            "ratio": complete / rows,
            "note": f"loaded, with the tabular list, in {median(results, 'load_seconds'):.2f} s and "
                    f"made a store of {results[0]['store_bytes'] / 1e6:.1f} MB in "
                    f"{median(results, 'build_seconds'):.2f} s, one core"}
