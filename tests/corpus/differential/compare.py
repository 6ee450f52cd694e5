#!/usr/bin/env python3
"""Compares, value by value, what hl7flow and another parser read in the messages of the corpus.

Every difference must be one of differences.py, where each has its reason and its number. Exit code
77 (skipped) where the corpus or the parser is not there. Usage: compare.py PEER --dump HL7FLOW_DUMP
"""

import argparse
import collections
import sys
import time

import differences
import messages
import peers

SHOWN = 40


def one_newline(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unlike(message, read):
    """(place, ours, theirs) where they differ. An empty value and none are the same to HL7."""
    for place, ours in message.values.items():
        theirs = read.get(place, "")
        if ours != theirs and one_newline(ours) != theirs:
            yield place, ours, theirs
    for place, theirs in read.items():
        if theirs and place not in message.values:
            yield place, "", theirs


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("peer", choices=peers.PEERS)
    arguments.add_argument("--dump", required=True, help="the program hl7flow_dump")
    arguments = arguments.parse_args()
    if not messages.CORPUS.exists():
        print(f"skipped: the corpus is not at {messages.CORPUS}")
        return 77
    began = time.monotonic()
    files = messages.v2_files()
    ours = [one for one in messages.dumped(arguments.dump, files) if one.error == "none"]
    texts = [messages.text_of(one.raw) for one in ours]
    try:
        theirs = list(peers.PEERS[arguments.peer](texts))
    except peers.Missing as missing:
        print(f"skipped: {missing}")
        return 77
    if len(theirs) != len(ours):
        raise SystemExit(f"{arguments.peer} answered {len(theirs)} of {len(ours)} messages")

    found = collections.Counter()
    compared = values = unequal = 0
    unexplained = []
    for message, text, read in zip(ours, texts, theirs):
        if isinstance(read, str):
            name = differences.explain_refusal(arguments.peer, text, read)
            found[name] += 1
            if name is None:
                unexplained.append(f"{message.file}: refused: {read}")
            continue
        compared += 1
        values += sum(1 for value in message.values.values() if value)
        for place, mine, other in unlike(message, read):
            unequal += 1 if mine else 0
            name = differences.explain(arguments.peer, text, place, one_newline(mine), other)
            found[name] += 1
            if name is None:
                unexplained.append(f"{message.file}: {place}: {mine[:200]!r}, not {other[:200]!r}")

    print(f"{arguments.peer}: {len(files)} files, {len(ours)} messages, {compared} read by both; "
          f"{values - unequal} of {values} values equal; {time.monotonic() - began:.1f} s")
    for line in unexplained[:SHOWN]:
        print("  " + line)
    if len(unexplained) > SHOWN:
        print(f"  and {len(unexplained) - SHOWN} more")
    found.pop(None, None)
    failed = bool(unexplained)
    for one in differences.DIFFERENCES:
        if one.peer != arguments.peer:
            continue
        print(f"  {found[one.name]} {one.name}: {one.reason}")
        if found[one.name] != one.count:
            print(f"    expected were {one.count}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
