#!/usr/bin/env python3
"""Has DuckDB turn CSV files into Parquet with their types declared, and says how fast.

CSV_DIR holds one CSV file a table (TABLE.csv, or a folder TABLE of *.csv), each with a header line.
TYPES is a JSON file: {"table": {"column": "DuckDB type", …}, …}, columns in the files' order. Every
table is read with read_csv (columns given, nothing sniffed) and written with COPY, zstd level 1.
Usage: duckdb_csv.py CSV_DIR TYPES OUT_DIR [--threads N] [--serve]
"""

import argparse
import json
import pathlib
import shutil
import statistics
import sys
import time

import duckdb

PASSES = 5


def quoted(text):
    return "'" + str(text).replace("'", "''") + "'"


def statements(csv_dir, types, out_dir):
    """One COPY a table; tables that have no file have no rows and are left out."""
    made = []
    for table, columns in types.items():
        one = csv_dir / f"{table}.csv"
        source = one if one.exists() else csv_dir / table / "*.csv"
        if not one.exists() and not any((csv_dir / table).glob("*.csv")):
            continue
        declared = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in columns.items())
        made.append(
            f"COPY (SELECT * FROM read_csv({quoted(source)}, columns = {{{declared}}}, header = true,"
            f" auto_detect = false, delim = ',', quote = '\"', escape = '\"'))"
            f" TO {quoted(out_dir / (table + '.parquet'))}"
            f" (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")
    return made


def one_pass(todo, out_dir, threads):
    """A fresh database each time; the clock runs from the first table to the last."""
    shutil.rmtree(out_dir, ignore_errors=True)
    out_dir.mkdir(parents=True)
    with duckdb.connect(config={"threads": threads}) as connection:
        begin = time.perf_counter()
        rows = sum(connection.execute(statement).fetchone()[0] for statement in todo)
        return rows, time.perf_counter() - begin


def report(rows, seconds):
    print(json.dumps({
        "reader": f"duckdb {duckdb.__version__}",
        "rows": rows,
        "seconds": round(seconds, 6),
        "rows_per_second": round(rows / seconds, 1),
    }), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("csv_dir", type=pathlib.Path)
    options.add_argument("types", type=pathlib.Path)
    options.add_argument("out_dir", type=pathlib.Path)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--serve", action="store_true", help="one pass for each line of stdin")
    options = options.parse_args()
    types = json.loads(options.types.read_text())
    todo = statements(options.csv_dir, types, options.out_dir)
    if options.serve:
        print("ready", flush=True)
        for _ in sys.stdin:
            report(*one_pass(todo, options.out_dir, options.threads))
        return
    passes = [one_pass(todo, options.out_dir, options.threads) for _ in range(PASSES)]
    report(passes[0][0], statistics.median(seconds for _, seconds in passes))


if __name__ == "__main__":
    main()
