#!/usr/bin/env python3
"""Reads 24 values of each message of a file with python-hl7 and says how fast.

The values, the checksum and the protocol on stdin and stdout are those of perf/README.md, the
same for every peer. Usage: read24.py FILE [--messages N] [--serve]
"""

import argparse
import json
import statistics
import sys
import time

import hl7

PASSES = 5

# Segment, then (field, component) of the values to read in it, both from 1.
PLACES = (
    ("MSH", ((3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (9, 1), (9, 2), (10, 1), (12, 1))),
    ("PID", ((3, 1), (5, 1), (5, 2), (7, 1), (8, 1), (11, 1), (11, 3))),
    ("PV1", ((2, 1), (3, 1), (19, 1))),
    ("OBX", ((2, 1), (3, 1), (5, 1), (6, 1), (11, 1))),
)


def read_messages(path, limit):
    """Text as ISO 8859-1: one character a byte, so that lengths are bytes."""
    with open(path, encoding="latin-1", newline="") as file:
        parts = file.read().split("\rMSH|")
    messages = ["MSH|" + part + "\r" if i else part + "\r" for i, part in enumerate(parts[:limit])]
    return messages, ["\\" not in text[9:] for text in messages]


def first(value):
    """The first sub-component of what is a plain text where the message did not split it."""
    while not isinstance(value, str):
        value = value[0] if value else ""
    return value


def read(text):
    """The values by list index: hl7.parse has split everything, and this is its fastest access."""
    message = hl7.parse(text)
    values = []
    segments = {}
    for segment in message:
        segments.setdefault(segment[0][0], segment)
    for name, places in PLACES:
        segment = segments.get(name)
        for field, component in places:
            if segment is None or field >= len(segment):
                values.append("")
                continue
            repetition = segment[field][0]
            if isinstance(repetition, str):
                values.append(repetition if component == 1 else "")
            else:
                values.append(first(repetition[component - 1]) if component <= len(repetition) else "")
    return values


def one_pass(messages, counted):
    count = size = 0
    begin = time.perf_counter()
    for text, counts in zip(messages, counted):
        values = read(text)
        if counts:
            for value in values:
                if value:
                    count += 1
                    size += len(value)
    return time.perf_counter() - begin, f"{count}:{size}"


def report(messages, seconds, checksum):
    print(json.dumps({
        "reader": f"python-hl7 {hl7.__version__}",
        "messages": len(messages),
        "seconds": round(seconds, 6),
        "messages_per_second": round(len(messages) / seconds, 1),
        "checksum": checksum,
    }), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file")
    options.add_argument("--messages", type=int, help="read the first N only")
    options.add_argument("--serve", action="store_true", help="one pass for each line of stdin")
    options = options.parse_args()
    messages, counted = read_messages(options.file, options.messages)
    one_pass(messages[:200], counted[:200])
    if options.serve:
        print("ready", flush=True)
        for _ in sys.stdin:
            report(messages, *one_pass(messages, counted))
        return
    passes = [one_pass(messages, counted) for _ in range(PASSES)]
    report(messages, statistics.median(seconds for seconds, _ in passes), passes[0][1])


if __name__ == "__main__":
    main()
