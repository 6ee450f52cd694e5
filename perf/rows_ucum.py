"""Units of measure: the public functional tests, and conversions against @lhncbc/ucum-lhc."""

import json
import subprocess

import inputs
import setup
from harness import ROOT, WORK, Server, Unavailable, median, need, take_turns

CORPUS = ROOT.parent / "shared" / "corpus"
ESSENCE = CORPUS / "term-ucum" / "files" / "ucum-essence.xml"
SUITE = CORPUS / "term-ucum-tests" / "files" / "src" / "test" / "resources"
UCUM = WORK / "ucum_perf"

# What laboratories convert; each pair is one that both read.
PAIRS = """100 mg/dL g/L|5.5 mmol/L umol/L|7.2 10*3/uL 10*9/L|140 mmol/L mmol/dL|13.5 g/dL g/L
98.6 [degF] Cel|37.1 Cel [degF]|120 mm[Hg] kPa|80 kg [lb_av]|180 cm [in_i]|60 /min /s|25 U/L kat/L
300 ng/mL ug/L|12 pg/mL ng/dL|0.5 mL/min L/h|90 mL/min/m2 L/h/m2|15 mm/h cm/d|250 ug/d mg/wk
40 mU/mL U/L|2 g/(24.h) mg/h|1.2 mg/g g/kg|30 meq/L meq/dL|290 mosm/kg osm/kg|5 fL um3
3 mg/kg/d ug/g/h|22 kg/m2 g/cm2|1013 mbar atm|72 h d|2 a mo|1500 kcal_th kJ"""


def pairs_file():
    def make(part):
        lines = [pair.split(" ") for pair in PAIRS.replace("\n", "|").split("|")]
        part.write_text("".join("\t".join(line) + "\n" for line in lines))
    return inputs._made(inputs.DATA / "units.tsv", make)


def _corpus():
    if not ESSENCE.exists():
        raise Unavailable(f"needs {ESSENCE}")


def ucum_lhc(passes):
    _corpus()
    pairs = pairs_file()
    with Server("ucum_perf", [need(UCUM), "convert", ESSENCE, pairs]) as ours, \
            Server("ucum-lhc", [*setup.ucum_lhc(), pairs]) as peer:
        mine, theirs = take_turns(passes, ours.one_pass, peer.one_pass)
    if abs(mine[0]["sum"] / theirs[0]["sum"] - 1) > 1e-4:
        raise Unavailable(f"other results: {mine[0]['sum']} and {theirs[0]['sum']}")
    value = median(mine, "conversions_per_second")
    peer_value = median(theirs, "conversions_per_second")
    return {"value": value, "unit": "conversions/s", "peer": theirs[0]["reader"],
            "peer_value": peer_value, "ratio": value / peer_value,
            "note": "from the texts of both units; ours remembers what a text came to, as the stage does"}


def ucum_suite(_passes):
    _corpus()
    done = subprocess.run([need(UCUM), "suite", str(ESSENCE), *map(str, sorted(SUITE.glob("*.xml")))],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip()[-200:])
    facts = json.loads(done.stdout)
    passed = facts["cases"] - facts["listed"] - facts["failed"]
    return {"value": passed, "unit": "cases", "peer": "all that are right",
            "peer_value": facts["cases"] - facts["listed"],
            "ratio": passed / (facts["cases"] - facts["listed"]),
            "note": f"{facts['listed']} cases of the older file are themselves wrong "
                    "(tests/corpus/ucum_suite.h)"}
