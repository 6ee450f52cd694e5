"""Fetches and reads the packages that the facts are taken from. Used by generate.py only.

hl7-dictionary 1.0.1 (npm, MIT): segments, fields, data types of 2.1 to 2.7.1.
hl7apy 1.3.5 (PyPI, MIT): message structures of 2.1 to 2.8, segments and types of 2.8.
hl7.terminology.r4 7.0.1 (npm, CC0-1.0): HL7 table 0354, which structure an event uses.
"""

import importlib
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import unicodedata

DICTIONARY_VERSIONS = ["2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1"]


def _npm(package, folder):
    name = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True,
                          capture_output=True, text=True).stdout.split()[-1]
    target = folder / name.removesuffix(".tgz")
    with tarfile.open(folder / name) as tar:
        tar.extractall(target)
    return target / "package"


def fetch(folder):
    """Installs the packages into `folder`; returns (dictionary, table 0354). hl7apy lands on sys.path."""
    folder = pathlib.Path(folder)
    dictionary = _npm("hl7-dictionary@1.0.1", folder)
    terminology = _npm("hl7.terminology.r4@7.0.1", folder)
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target",
                    str(folder / "python"), "hl7apy==1.3.5"], check=True)
    sys.path.insert(0, str(folder / "python"))
    text = subprocess.run(
        ["node", "-e", f"console.log(JSON.stringify(require({json.dumps(str(dictionary))}"
                       "+'/lib/index.js').definitions))"],
        check=True, capture_output=True, text=True).stdout
    return json.loads(text), json.loads((terminology / "CodeSystem-v2-0354.json").read_text())


def apy(version, module):
    """A table of hl7apy: module is messages, segments or datatypes. It has no 2.7.1: 2.7 stands in."""
    version = "2.7" if version == "2.7.1" else version
    return importlib.import_module(f"hl7apy.v{version.replace('.', '_')}.{module}")


def clean(name):
    """A field name without the marks (+, *), stray spaces and typographic signs of its source."""
    name = (name or "").replace("\u2019", "'").replace("\u2013", "-").replace("\u00a0", " ")
    name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"\s+", " ", name).strip().rstrip("+*").strip()


_FIXES = {"Id": "ID", "Uom": "UoM", "Date Time": "Date/Time", "Of": "of", "And": "and", "To": "to",
          "Ndc": "NDC", "Drg": "DRG", "Hl7": "HL7", "Oid": "OID", "Rxa": "RXA", "Dna": "DNA",
          "Fda": "FDA", "Udi": "UDI", "For": "for", "The": "the", "In": "in", "Or": "or", "At": "at"}


def readable(snake):
    """INSURED_S_ID_NUMBER -> Insured's ID Number."""
    text = re.sub(r"_S(?=_|$)", "'s", snake)
    text = " ".join(word.capitalize() for word in text.split("_"))
    for plain, fixed in _FIXES.items():
        text = re.sub(rf"(?<=.)\b{plain}\b|^{plain}\b(?=\s*$)", fixed, text)
    return text


def events(table):
    """(message code, trigger) -> structures that table 0354 names for it, the likeliest first."""
    result = {}
    for concept in table["concept"]:
        structure, triggers = concept["code"], concept.get("display", "")
        if "_" not in structure:
            continue
        code, own = structure.split("_")
        # The table writes |17 for I17, "I09. I10", and prose for the newest rows.
        found = [t.replace("|", "I") for t in re.findall(r"(?<![\w|])[A-Z|][A-Z0-9]{2}(?!\w)", triggers)]
        for trigger in dict.fromkeys(found + [own]):
            if trigger != own or own in found or not found:
                result.setdefault((code, trigger), []).append(structure)
    for (code, trigger), structures in result.items():
        structures.sort(key=lambda s: s != f"{code}_{trigger}")
    return result
