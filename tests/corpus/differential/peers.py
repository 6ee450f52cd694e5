"""Two parsers that others wrote, each behind one function: texts in; for each, its values by place
("PID[1]-3(2).1.1"), or the reason for which the parser refuses it."""

import base64
import collections
import importlib.util
import pathlib
import shutil
import subprocess

import messages

HERE = pathlib.Path(__file__).resolve().parent
HAPI = messages.ROOT / "build" / "perf" / "hapi" / "lib"  # where perf/setup.py puts it


class Missing(Exception):
    """The peer is not installed here."""


def parts(value):
    """python-hl7 splits only what has a separator in it: a plain text is its own only part."""
    return [value] if isinstance(value, str) else value


def python_hl7_values(text):
    import hl7
    values = {}
    occurrences = collections.Counter()
    for segment in hl7.parse(text):
        name = str(segment[0])
        occurrences[name] += 1
        for number, field in enumerate(segment[1:], 1):
            for r, repetition in enumerate(parts(field), 1):
                for c, component in enumerate(parts(repetition), 1):
                    for s, value in enumerate(parts(component), 1):
                        values[f"{name}[{occurrences[name]}]-{number}({r}).{c}.{s}"] = value
    return values


def python_hl7(texts):
    if not importlib.util.find_spec("hl7"):
        raise Missing("python-hl7 is not installed; ./dev build installs it")
    for text in texts:
        try:
            yield python_hl7_values(text)
        except Exception as refused:  # of any kind: python-hl7 has few of its own
            yield f"{type(refused).__name__}: {refused}"


def hapi(texts):
    if not shutil.which("javac") or not HAPI.exists():
        raise Missing(f"no Java, or no HAPI in {HAPI}; ./dev perf installs both")
    lines = b"".join(base64.b64encode(text.encode()) + b"\n" for text in texts)
    run = subprocess.run(["java", "-cp", f"{HAPI}/*", str(HERE / "Leaves.java")], input=lines,
                         stdout=subprocess.PIPE, check=True)
    for line in run.stdout.decode().splitlines():
        if line.startswith("! "):
            yield line[2:]
            continue
        values = {}
        for leaf in base64.b64decode(line).decode().split("\n")[:-1]:
            place, text = leaf.split("\t", 1)
            values[place] = text.replace("\u2028", "\n")
        yield values


PEERS = {"python_hl7": python_hl7, "hapi": hapi}
