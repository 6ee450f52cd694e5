"""Inputs, made once and kept under build/perf/data."""

import base64
import random
import subprocess

from harness import PROGRAM, WORK, Unavailable, need

SEED = 24
DATA = WORK / "data"
DOCUMENT_SIZE = 64 << 20  # of the text in OBX-5, base64


def generate_command(messages, out):
    return [need(PROGRAM), "generate", "--messages", str(messages), "--seed", str(SEED),
            "--overwrite", "--out", str(out)]


def _made(path, make):
    """`make` writes a temporary file, which becomes `path` when it is whole."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        make(part)
        part.rename(path)
    return path


def messages(count):
    """A file of `count` synthetic messages of the generator's mix."""
    def make(part):
        done = subprocess.run(generate_command(count, part), capture_output=True, text=True)
        if done.returncode != 0:
            raise Unavailable(f"hl7flow generate failed: {done.stderr.strip()[-200:]}")
    return _made(DATA / f"messages-{count}.hl7", make)


def first_messages(whole, count):
    """The first `count` messages of a file: peers that are slow read these."""
    def make(part):
        with open(whole, "rb") as file, open(part, "wb") as out:
            rest, left = b"", count
            while left and (block := file.read(1 << 20)):
                rest += block
                # Each cut is before an MSH, so what is kept ends with a whole message.
                *parts, rest = rest.split(b"\rMSH|")
                for text in parts[:left]:
                    out.write(text + b"\r")
                    left -= 1
                    if left:
                        out.write(b"MSH|")
            if left:
                out.write(rest)
    return _made(DATA / f"{whole.stem}-first-{count}.hl7", make)


def big_messages(count):
    """Messages that each carry one different document of 64 MB."""
    def make(part):
        noise = random.Random(SEED)
        with open(part, "wb") as out:
            for number in range(1, count + 1):
                document = base64.b64encode(noise.randbytes(DOCUMENT_SIZE // 4 * 3))
                out.write(b"MSH|^~\\&|SCAN|HOSP|EHR|HOSP|20250101120000||MDM^T02^MDM_T02|BIG%06d|P|"
                          b"2.5.1\r"
                          b"EVN|T02|20250101120000\r"
                          b"PID|1||%d^^^HOSP^MR||DOE^JANE||19700101|F\r"
                          b"PV1|1|I|4W^401^A^HOSP\r"
                          b"TXA|1|DI|AP|20250101120000|||||||DOC%06d|||||AU\r"
                          b"OBX|1|ED|18842-5^Discharge summary^LN||^application^pdf^Base64^"
                          % (number, 100000 + number, number))
                out.write(document + b"||||||F\r")
    return _made(DATA / f"big-{count}.hl7", make)
