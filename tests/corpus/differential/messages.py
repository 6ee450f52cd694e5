"""The corpus's messages: as hl7flow_dump reads them, and as text that other parsers are given."""

import dataclasses
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"

ESCAPED = re.compile(r"\\(.)")
PLAIN = {"t": "\t", "r": "\r", "n": "\n", "\\": "\\"}
HEADER = re.compile(rb"(?:MSH|FHS|BHS)[|#$@!]")


@dataclasses.dataclass
class Message:
    """What hl7flow makes of one message: its bytes, why it is rejected, and its values by place."""
    file: str
    raw: bytes
    error: str
    values: dict


def v2_files():
    """Files that are HL7 v2 by name, and files of any kind of text that hold a header. (Documents
    and tables that quote messages are left to the tests of tests/corpus/corpus.h.)"""
    found = []
    for path in CORPUS.rglob("*"):
        ending = path.suffix.lower()
        sure = ending in (".hl7", ".er7", ".hl7v2")
        perhaps = ending in (".txt", ".out", ".bin")
        if path.is_file() and (sure or perhaps and HEADER.search(path.read_bytes())):
            found.append(path)
    return sorted(found)


def dumped(program, paths):
    """Yields each Message of `paths`, in order."""
    names = "".join(f"{path}\n" for path in paths)
    run = subprocess.run([program], input=names.encode(), stdout=subprocess.PIPE, check=True)
    name, data, message = None, b"", None
    for line in run.stdout.decode().split("\n")[:-1]:
        cells = line.split("\t")
        if cells[0] == "V":
            message.values[cells[1]] = ESCAPED.sub(lambda found: PLAIN[found[1]], cells[2])
            continue
        if message:
            yield message
        if cells[1] != name:
            name, data = cells[1], pathlib.Path(cells[1]).read_bytes()
        begin, size = int(cells[2]), int(cells[3])
        message = Message(str(pathlib.Path(name).relative_to(CORPUS)), data[begin:begin + size],
                          cells[4], {})
    if message:
        yield message


def text_of(raw):
    """The text that a careful user hands to a parser that knows one form only: in Unicode, each
    segment a line that ends in CR, no blank lines. A line that is no segment continues the one
    before: the line breaks before it become LF, which no parser takes for more than a character."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    newline = r"\r\n?" if "\r" in text.rstrip("\r\n") else r"\n|\r"
    segment = re.compile(rf"[A-Z][A-Z0-9]{{2}}({re.escape(text[3:4])}|$)")
    out = blank = ""
    for line in re.split(newline, text):
        if not line.strip(" \t\r\n\v\x1c"):
            blank += "\n" + line
        elif not out or segment.match(line):
            out += ("\r" if out else "") + line
            blank = ""
        else:
            out += blank + "\n" + line
            blank = ""
    return out + "\r"
