"""Whole jobs: what a user runs, timed as a process from start to end."""

import json
import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import inputs
import setup
from harness import (PROGRAM, WORK, Server, Unavailable, convert, cores, median, need, pin,
                     take_turns)

JOB_MESSAGES = 400_000
LONG_JOB_MESSAGES = 1_200_000  # where what is spent once a run must not count
STREAM_BYTES = 10 * 10**9  # what rss_10gb_mb feeds through a pipe
OUT = WORK / "out"


def rate(summary, key):
    return summary[key] / summary["wall"]


def converted(inputs_, name, **options):
    """A job of `convert`, to be run in turns with others; its output is removed after each pass."""
    out = OUT / name

    def job():
        summary = convert(inputs_, out, **options)
        shutil.rmtree(out, ignore_errors=True)
        return {**summary, "bytes_per_second": rate(summary, "bytes_in"),
                "messages_per_second": rate(summary, "messages_in"),
                "rows_per_second": sum(summary["rows"].values()) / summary["wall"]}
    return job


def duckdb_type(kind):
    """DuckDB's name of an Arrow type; what CSV holds only as text is text."""
    import pyarrow as pa
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ" if kind.tz else "TIMESTAMP"
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    names = {pa.bool_(): "BOOLEAN", pa.int8(): "TINYINT", pa.int16(): "SMALLINT",
             pa.int32(): "INTEGER", pa.int64(): "BIGINT", pa.uint8(): "UTINYINT",
             pa.uint16(): "USMALLINT", pa.uint32(): "UINTEGER", pa.uint64(): "UBIGINT",
             pa.float32(): "FLOAT", pa.float64(): "DOUBLE", pa.date32(): "DATE"}
    if pa.types.is_time(kind):
        return "TIME"
    return names.get(kind, "VARCHAR")


def parquet_types(folder):
    """Column types of each table, as our Parquet files declare them."""
    import pyarrow.parquet as pq
    types = {}
    for table in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted(table.glob("*.parquet"))
        if not files:
            continue
        with pq.ParquetFile(files[0]) as file:
            facts = file.metadata
            if facts.num_row_groups and facts.row_group(0).column(0).compression != "ZSTD":
                raise Unavailable("our Parquet is not zstd, the peer's is: not the same job")
            types[table.name] = {field.name: duckdb_type(field.type)
                                 for field in file.schema_arrow}
    return types


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def parquet_duckdb_csv(passes):
    command = setup.duckdb()
    file = inputs.messages(JOB_MESSAGES)
    csv, sample, made = OUT / "csv", OUT / "sample", OUT / "duckdb"
    rows = convert([file], csv, form="csv")["rows"]
    convert([file], sample)
    types = WORK / "types.json"
    types.write_text(json.dumps(parquet_types(sample), indent=1))
    our_size = size(sample)
    shutil.rmtree(sample)
    with Server("duckdb", [*command, csv, types, made], core_count=2) as server:
        ours, peer = take_turns(passes, converted([file], "parquet"), server.one_pass)
    wanted = sum(rows.values())
    if peer[0]["rows"] != wanted:
        raise Unavailable(f"DuckDB wrote {peer[0]['rows']} rows, we {wanted}: not the same job")
    value, peer_value = median(ours, "rows_per_second"), median(peer, "rows_per_second")
    note = (f"{median(ours, 'messages_per_second') / 2:,.0f} messages/s a core; Parquet "
            f"{our_size / 1e6:.0f} MB, DuckDB's {size(made) / 1e6:.0f} MB")
    shutil.rmtree(csv)
    shutil.rmtree(made)
    return {"value": value, "unit": "rows/s", "peer": peer[0]["reader"], "peer_value": peer_value,
            "ratio": value / peer_value, "note": note}


def big_message(passes):
    big = inputs.big_messages(8)
    small = inputs.messages(JOB_MESSAGES)
    ours, peer = take_turns(passes, converted([big], "big", threads=1),
                            converted([small], "small", threads=1))
    if ours[0]["messages_in"] != 8 or sum(ours[0].get("rejects", {}).values()):
        raise Unavailable("a big message was not read whole")
    value, peer_value = median(ours, "bytes_per_second"), median(peer, "bytes_per_second")
    return {"value": value / 1e6, "unit": "MB/s", "peer": "small messages",
            "peer_value": peer_value / 1e6, "ratio": value / peer_value}


def two_cores(passes):
    file = inputs.messages(LONG_JOB_MESSAGES)
    separate = [converted([file], f"core-{core}", threads=1, on={core}) for core in cores(2)]

    def side_by_side():
        """Two jobs that share nothing but the machine: what it has for two cores just now."""
        with ThreadPoolExecutor() as pool:
            both = list(pool.map(lambda job: job(), separate))
        return {"messages_per_second": sum(job["messages_per_second"] for job in both)}

    two, one, limit = take_turns(passes, converted([file], "two", threads=2),
                                 converted([file], "one", threads=1), side_by_side)
    value, peer_value = median(two, "messages_per_second"), median(one, "messages_per_second")
    beside = median(limit, "messages_per_second") / peer_value
    return {"value": value, "unit": "messages/s", "peer": "one core", "peer_value": peer_value,
            "ratio": value / peer_value,
            "note": f"two separate jobs side by side reach {beside:.2f} times one: the machine's limit"}


def generate(passes):
    def job():
        begin = time.perf_counter()
        subprocess.run(inputs.generate_command(JOB_MESSAGES, "-"), stdout=subprocess.DEVNULL,
                       check=True, preexec_fn=pin(1))
        return {"rate": JOB_MESSAGES / (time.perf_counter() - begin) * 60}
    (results,) = take_turns(passes, job)
    value = median(results, "rate")
    return {"value": value, "unit": "messages/minute", "peer": "millions a minute",
            "peer_value": 2e6, "ratio": value / 2e6}


def rss_10gb_mb(_passes):
    """One run: generate writes into a pipe, convert reads it; the kernel keeps convert's peak."""
    sample = inputs.messages(JOB_MESSAGES)
    count = int(STREAM_BYTES / (sample.stat().st_size / JOB_MESSAGES) * 1.01)
    out = OUT / "rss"
    OUT.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(OUT).free < STREAM_BYTES:
        raise Unavailable(f"needs 10 GB free under {OUT}")
    generator = subprocess.Popen(inputs.generate_command(count, "-"), stdout=subprocess.PIPE)
    summary_file = WORK / "rss-summary.txt"
    with open(summary_file, "w") as stdout:
        process = subprocess.Popen(
            [need(PROGRAM), "convert", "-", "--out", str(out), "--format", "parquet", "--threads",
             "2", "--overwrite", "--summary", "json"], stdin=generator.stdout, stdout=stdout)
        generator.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    generator.wait()
    shutil.rmtree(out, ignore_errors=True)
    if process.returncode != 0:
        raise Unavailable(f"hl7flow convert ended with {process.returncode}")
    summary = json.loads(summary_file.read_text().strip().splitlines()[-1])
    if summary["bytes_in"] < STREAM_BYTES or summary["messages_in"] != count:
        raise Unavailable(f"only {summary['bytes_in']} bytes and {summary['messages_in']} messages "
                          "were read")
    value = usage.ru_maxrss / 1024
    return {"value": value, "unit": "MiB", "peer": "limit", "peer_value": 512, "ratio": value / 512,
            "note": f"{summary['bytes_in'] / 1e9:.1f} GB in {summary['seconds']:.0f} s; one run"}
