"""Measures whole jobs and peers, prints a table and, with --json, writes a line a row."""

import argparse
import json
import sys
import time

import rows_codes
import rows_dedup
import rows_extract
import rows_jobs
import rows_match
import rows_persons
import rows_suggest
import rows_ucum
from harness import Unavailable, cpu_model

COUNTS = {"icd10_order_file"}  # rows whose value is a count, and the bar is on the value

# id: what measures it, the bar on its ratio, and whether it takes minutes and waits for --long.
ROWS = {
    "extract24/hapi": (rows_extract.hapi, 100, False),
    "extract24/python_hl7": (rows_extract.python_hl7, 200, False),
    "extract24/rust": (rows_extract.rust, 8, False),
    "parquet/duckdb_csv": (rows_jobs.parquet_duckdb_csv, 1.0, False),
    "big_message": (rows_jobs.big_message, 0.5, False),
    "two_cores": (rows_jobs.two_cores, 1.8, False),
    "generate": (rows_jobs.generate, 1.0, False),
    "map_codes_share": (rows_codes.map_codes_share, "at most 5", False),
    "open_store_ms": (rows_codes.open_store_ms, "at most 20", False),
    "suggest_top1": (rows_suggest.suggest_top1, 1.001, False),
    "suggest_top5": (rows_suggest.suggest_top5, 1.001, False),
    "ucum/lhc": (rows_ucum.ucum_lhc, 10, False),
    "ucum_suite": (rows_ucum.ucum_suite, 1.0, False),
    "icd10_order_file": (rows_codes.icd10_order_file, 95358, False),
    "message_dedup": (rows_dedup.message_dedup, 1.0, False),
    "find_or_create_1m": (rows_persons.find_or_create(1_000_000, 300_000), 1.0, False),
    "find_or_create_10m": (rows_persons.find_or_create(10_000_000, 80_000), 1.0, False),
    "find_or_create_durable": (rows_persons.find_or_create_durable, 1.0, False),
    **rows_match.ROWS,
    "message_dedup_wrong": (rows_dedup.message_dedup_wrong, "at most 0", True),
    "rss_10gb_mb": (rows_jobs.rss_10gb_mb, "at most 512", True),
}


def measure(name, passes, cpu):
    work, bar, _ = ROWS[name]
    row = {"id": name, "value": None, "unit": None, "peer": None, "peer_value": None, "ratio": None,
           "bar": bar, "holds": False, "cpu": cpu, "note": ""}
    try:
        row.update(work(passes))
        if str(bar).startswith("at most"):
            row["holds"] = row["ratio"] <= 1
        else:
            row["holds"] = (row["value"] if name in COUNTS else row["ratio"]) >= bar
    except Unavailable as why:
        row["note"] = f"not measured: {why}"
    for key in ("value", "peer_value", "ratio"):
        if isinstance(row[key], float):
            row[key] = float(f"{row[key]:.4g}")
    return row


def number(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def table(rows):
    head = ("id", "ours", "unit", "peer", "peer's", "ratio", "bar", "holds")
    lines = [head] + [(row["id"], number(row["value"]), row["unit"] or "", row["peer"] or "",
                       number(row["peer_value"]), number(row["ratio"]), str(row["bar"]),
                       "yes" if row["holds"] else "NO") for row in rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
    for row in rows:
        if row["note"]:
            print(f"{row['id']}: {row['note']}")


def main():
    options = argparse.ArgumentParser(prog="./dev perf", description=__doc__)
    options.add_argument("--json", metavar="FILE", help="write one JSON line a row")
    options.add_argument("--only", metavar="ID,ID", help="measure these rows only")
    options.add_argument("--long", action="store_true", help="also the rows that take minutes")
    options.add_argument("--passes", type=int, default=5, help="passes of each program, 5 or more")
    options = options.parse_args()
    if options.only:
        chosen = options.only.split(",")
        unknown = [name for name in chosen if name not in ROWS]
        if unknown:
            print(f"perf: no row {unknown[0]}; there are {', '.join(ROWS)}", file=sys.stderr)
            return 64
    else:
        chosen = [name for name, (_, _, long) in ROWS.items() if options.long or not long]
    cpu = cpu_model()
    rows = []
    for name in chosen:
        begin = time.monotonic()
        print(f"perf: {name} …", file=sys.stderr, flush=True)
        rows.append(measure(name, max(5, options.passes), cpu))
        print(f"perf: {name} took {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
    print(f"\n{cpu}; medians of {max(5, options.passes)} passes, taken in turns\n")
    table(rows)
    if options.json:
        with open(options.json, "w") as file:
            for row in rows:
                file.write(json.dumps(row) + "\n")
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
