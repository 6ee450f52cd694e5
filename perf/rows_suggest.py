"""Suggestions for unmapped codes, judged by public messages that have both codes.

A query is a local name that stands beside a LOINC number: the local triplet of a coded field, the other
coding of a FHIR concept, the vendor's name in a LIVD sheet. The number is hidden and suggested back, from
all LOINC numbers that the corpus names anywhere. What a candidate is called comes from LOINC triplets and
codings and the sheets' column of LOINC names, never from the local side; a query whose words are those
names is left out. Nothing is fitted to these pairs.
"""

import csv
import json
import re
import subprocess

import inputs
from harness import PROGRAM, ROOT, WORK, Unavailable, need

CORPUS = ROOT.parent / "shared" / "corpus"
SUGGEST = WORK / "suggest_perf"
LOINC = "http://loinc.org"


def _words(text):
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


class Pairs:
    def __init__(self):
        self.names, self.queries = {}, set()

    def name(self, code, text):
        if re.fullmatch(r"\d{1,6}-\d", code) and len(text) > 2 and text != code:
            # The longest is LOINC's long name, where a source has it.
            if len(text) > len(self.names.get(code, "")):
                self.names[code] = text

    def pair(self, source, text, unit, order, code):
        if re.fullmatch(r"\d{1,6}-\d", code) and len(text) > 1 and not text.isdigit():
            clean = [re.sub(r"\s+", " ", part).strip() for part in (text, unit, order)]
            self.queries.add((source, *clean, code))

    def read_v2(self, text):
        for message in re.split(r"(?=^MSH\|)", text, flags=re.M):
            order = ""
            for line in re.split(r"[\r\n]+", message):
                fields = line.split("|")
                place = {"OBX": 3, "OBR": 4}.get(fields[0])
                if place is None or len(fields) <= place:
                    continue
                parts = (fields[place].split("~")[0].split("^") + [""] * 6)[:6]
                if fields[0] == "OBR":
                    order = parts[1] or parts[4]
                unit = fields[6].split("^")[0] if fields[0] == "OBX" and len(fields) > 6 else ""
                for own, other in ((parts[:3], parts[3:]), (parts[3:], parts[:3])):
                    if own[2] == "LN":
                        self.name(own[0], own[1])
                        if other[2] not in ("", "LN") and other[1]:
                            self.pair("HL7 v2", other[1], unit,
                                      order if fields[0] == "OBX" else "", own[0])

    def read_fhir(self, node):
        if isinstance(node, list):
            for one in node:
                self.read_fhir(one)
        if not isinstance(node, dict):
            return
        codings = node.get("coding")
        if isinstance(codings, list):
            known = [one for one in codings if isinstance(one, dict)]
            loinc = [one for one in known if one.get("system") == LOINC]
            for one in loinc:
                self.name(str(one.get("code", "")), str(one.get("display", "")))
            others = [str(one.get("display", "")) for one in known if one.get("system") != LOINC]
            if len(loinc) == 1:
                for text in [*others, str(node.get("text", ""))]:
                    self.pair("FHIR", text, "", "", str(loinc[0].get("code", "")))
        for one in node.values():
            self.read_fhir(one)

    def read_livd(self, path):
        with open(path, newline="", encoding="utf-8-sig", errors="replace") as file:
            for row in csv.DictReader(file):
                code = (row.get("Test Performed LOINC Code") or "").strip()
                self.name(code, (row.get("Test Performed LOINC Long Name") or "").strip())
                self.pair("LIVD", (row.get("Vendor Analyte Name") or "").strip(), "",
                          (row.get("Vendor Specimen Description") or "")[:60], code)


def _made():
    pairs = Pairs()
    for path in sorted(CORPUS.rglob("*")):
        if not path.is_file() or path.stat().st_size > 5_000_000:
            continue
        if path.suffix in (".hl7", ".txt", ".er7"):
            pairs.read_v2(path.read_text(errors="replace"))
        elif path.suffix == ".json":
            try:
                pairs.read_fhir(json.loads(path.read_text(errors="replace")))
            except ValueError:
                continue
        elif path.suffix == ".csv" and "livd" in path.name.lower():
            pairs.read_livd(path)
    folder = inputs.DATA
    folder.mkdir(parents=True, exist_ok=True)
    table, store, queries = (folder / name for name in
                             ("loinc-names.csv", "loinc-names.store", "loinc-queries.tsv"))
    with open(table, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["system", "code", "display"])
        writer.writerows(("LOINC", code, name) for code, name in sorted(pairs.names.items()))
    kept = [query for query in sorted(pairs.queries)
            if query[4] in pairs.names and _words(query[1]) != _words(pairs.names[query[4]])]
    queries.write_text("".join("\t".join(query) + "\n" for query in kept))
    done = subprocess.run([need(PROGRAM), "codes", "build", "--csv", str(table), "--out", str(store),
                           "--overwrite"], capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip()[-200:])
    return store, queries


def _measured():
    if not CORPUS.exists():
        raise Unavailable(f"needs {CORPUS}")
    store, queries = _made()
    done = subprocess.run([need(SUGGEST), str(store), str(queries)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip()[-200:])
    return [json.loads(line) for line in done.stdout.splitlines()]


def _row(kind):
    sources = _measured()
    count = sum(one["queries"] for one in sources)
    ours = sum(one[kind] for one in sources)
    theirs = sum(one[f"bm25_{kind}"] for one in sources)
    note = "; ".join(f"{one['source']} {one['queries']} pairs: {100 * one[kind] / one['queries']:.0f} % "
                     f"against {100 * one[f'bm25_{kind}'] / one['queries']:.0f} %" for one in sources)
    return {"value": 100 * ours / count, "unit": "%", "peer": "BM25",
            "peer_value": 100 * theirs / count, "ratio": ours / max(theirs, 1),
            "note": f"of {sources[0]['candidates']} candidates; {note}"}


def suggest_top1(_passes):
    return _row("top1")


def suggest_top5(_passes):
    return _row("top5")
