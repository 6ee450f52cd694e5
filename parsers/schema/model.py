"""The facts of one version, merged from the sources and corrected. Used by generate.py only."""

import re

import sources

# How a field is used: numbers as in schema.h (enum class Usage).
OPTIONAL, REQUIRED, CONDITIONAL, WITHDRAWN = 0, 1, 2, 3
_USAGE = {1: OPTIONAL, 2: REQUIRED, 3: CONDITIONAL, 4: WITHDRAWN}

# A structure whose name hl7apy's source (the XSDs) has wrong; v2.8 chapters 4 and table 0354.
_RENAMED = {"2.8": {"OMQ_O42": "OMQ_O57", "ORX_O43": "ORX_O58", "OSU_O41": "OSU_O51"}}

# Structures for messages that give no trigger, or one that table 0354 leaves out.
EXTRA_EVENTS = {
    ("ADT", ""): "ADT_A01", ("ORU", ""): "ORU_R01", ("ORM", ""): "ORM_O01", ("SIU", ""): "SIU_S12",
    ("MDM", ""): "MDM_T02", ("DFT", ""): "DFT_P03", ("VXU", ""): "VXU_V04", ("RDE", ""): "RDE_O11",
    ("RAS", ""): "RAS_O17", ("RDS", ""): "RDS_O13", ("OML", ""): "OML_O21", ("OMG", ""): "OMG_O19",
    ("ORR", ""): "ORR_O02", ("BAR", ""): "BAR_P01", ("PPR", ""): "PPR_PC1", ("REF", ""): "REF_I12",
    ("RDE", "O01"): "RDE_O11", ("RAS", "O01"): "RAS_O17", ("RDS", "O01"): "RDS_O13",
    ("RGV", "O01"): "RGV_O15", ("ORU", "R03"): "ORU_R01", ("ORU", "W01"): "ORU_R01",
    ("SIU", "S27"): "SIU_S12",
}

# What any message may hold, for messages whose structure is unknown. `+` required and repeating,
# `*` optional and repeating, `?` optional, <...> choice. It decides scopes, not validity.
GENERIC = """
  MSH SFT* UAC? MSA? ERR* QAK? QPD? QRD? QRF? EVN? NTE* SCH?
  PATIENT*( PID PD1? ARV* ROL* NK1* NTE* MRG? DB1* AL1* IAM* DG1* DRG?
    PROCEDURE*( PR1 ROL* ) GT1* INSURANCE*( IN1 IN2? IN3* ) ACC? UB1? UB2?
    VISIT*( PV1 PV2? TXA?
      PROBLEM*( PRB NTE* VAR* GOAL*( GOL NTE* VAR* ) )
      ORDER*( ORC? TIMING*( TQ1 TQ2* )
        ORDER_DETAIL?( CHOICE( < OBR RXO RQD RQ1 ODS ODT BPO > ) NTE* CTD? )
        ENCODED?( RXE NTE* ) GIVE*( RXG ) DISPENSE*( RXD )
        ADMINISTRATION*( RXA RXR* OBSERVATION*( OBX NTE* ) )
        RXR* RXC* OBSERVATION*( OBX NTE* ) SPECIMEN*( SPM OBX* CONTAINER*( SAC OBX* ) )
        CTI* BLG? )
      FINANCIAL*( FT1 NTE* ) ) )
  RESOURCES*( RGS SERVICE*( AIS NTE* ) GENERAL_RESOURCE*( AIG NTE* )
    LOCATION_RESOURCE*( AIL NTE* ) PERSONNEL_RESOURCE*( AIP NTE* ) )
  MASTER_FILE*( MFI MASTER_FILE_ENTRY*( MFE STF? PRA* LOC? CDM? OM1? ) )
  DSC?
"""


class Node:
    """A segment or a group of a structure."""

    def __init__(self, name, required, repeats, children=None, choice=False):
        self.name, self.required, self.repeats = name, required, repeats
        self.children, self.choice = children, choice

    def leaves(self):
        if self.children is None:
            return [self.name]
        return [leaf for child in self.children for leaf in child.leaves()]

    def size(self):
        return 1 + sum(child.size() for child in self.children or [])


def _is_segment(name):
    return re.fullmatch(r"[A-Z][A-Z0-9]{2}", name or "") is not None


def _from_apy(structure, reference):
    nodes = []
    for name, child, (low, high), kind in reference[1]:
        if kind == "GRP":
            children = _from_apy(structure, child)
            if not children:
                continue
            short = name.removeprefix(structure + "_")
            nodes.append(Node(short, low > 0, high != 1, children, child[0] == "choice"))
        elif _is_segment(name):  # not ANYHL7SEGMENT, the wildcard
            nodes.append(Node(name, low > 0, high != 1))
    return nodes


def _from_dictionary(children):
    nodes = []
    for child in children:
        required, repeats = child["min"] > 0, child["max"] != 1
        if "children" in child:
            nodes.append(Node(child["name"], required, repeats, _from_dictionary(child["children"])))
        elif "compounds" in child:  # a choice; its limits are lost in the source (min 0, max 0)
            alternatives = [Node(c["name"], True, False) for c in child["compounds"] if c["name"]]
            if not alternatives:
                raise ValueError("choice without names")
            nodes.append(Node("CHOICE", True, False, alternatives, True))
        elif _is_segment(child["name"]):
            nodes.append(Node(child["name"], required, repeats))
    return nodes


def parse_generic():
    tokens = GENERIC.split()
    position = 0

    def nodes():
        nonlocal position
        result, choice = [], False
        while position < len(tokens):
            token = tokens[position]
            position += 1
            if token == ")":
                return result, choice
            if token == "<":
                choice = True
            elif token != ">":
                name = re.match(r"\w+", token)[0]
                suffix = token.rstrip("(")[len(name):]
                inner = nodes() if token.endswith("(") else (None, False)
                result.append(Node(name, suffix in ("", "+"), suffix in ("*", "+"), *inner))
        return result, choice

    return Node("GENERIC", True, False, nodes()[0])


def structures(version, dictionary, events):
    """name -> root node. hl7apy's trees; the dictionary's where hl7apy has none for an event."""
    result = {}
    for name, reference in sources.apy(version, "messages").MESSAGES.items():
        name = _RENAMED.get(version, {}).get(name, name)
        if re.fullmatch(r"[A-Z]{3}(_\w{3})?", name):
            result[name] = Node(name, True, False, _from_apy(name, reference))

    def plain(node):  # what two trees must share to be the same for an event
        return [leaf for leaf in node.leaves() if leaf not in ("SFT", "UAC")]

    for (code, trigger), targets in events.items():
        own = f"{code}_{trigger}"
        for target in targets:
            if own in result and target in result and own != target:
                if plain(result[own]) == plain(result[target]) or own.startswith("SIU_"):
                    del result[own]
    known = {f"{code}_{trigger}" for (code, trigger), targets in events.items()
             if any(target in result for target in targets)}
    if version in dictionary:
        for name, message in dictionary[version]["messages"].items():
            if name in result or name in known or not re.fullmatch(r"[A-Z]{3}_[A-Z0-9]{3}", name):
                continue
            try:
                children = _from_dictionary(message["segments"]["segments"])
            except (ValueError, TypeError):
                continue
            if children and children[0].name == "MSH":
                result[name] = Node(name, True, False, children)
    return result


def _field(row):
    name, kind = sources.clean(row["desc"]), row["datatype"]
    table, repeat = row.get("table", 0) or 0, row["rep"]
    if repeat > 1 and repeat == table:  # the dictionary's OBX-2 "repeats" 125 times: its table
        repeat = 1
    return [name, kind, table, row.get("len", 0) or 0, min(repeat, 255), _USAGE[row["opt"]]]


def _apy_field(reference, cardinality):
    kind = "VARIES" if reference[2] == "varies" else reference[2]
    table = int(reference[4][3:]) if re.fullmatch(r"HL7\d{4}", reference[4] or "") else 0
    high = cardinality[1]  # its lower limits of 2.8 are doubtful (OBX-4 "required"): all optional
    if kind == "WD":
        return [sources.readable(reference[3]), "ST", 0, 0, 1, WITHDRAWN]
    return [sources.readable(reference[3]), kind, 0 if table == 9999 else table, 0,
            0 if high < 0 else high, OPTIONAL]


def numbered(reference):
    """hl7apy leaves withdrawn positions out; the number is in the name: DG1_15."""
    rows = (reference[1] if len(reference) > 1 else None) or ()
    if rows and isinstance(rows[0], str):  # its segments of one field lack a comma
        rows = (rows,)
    return {int(name.split("_")[-1]): (reference, cardinality)
            for name, reference, cardinality, _ in rows if name[-1].isdigit()}


def _merge(base, reference):
    """Version 2.8's rows on 2.7.1's: new positions, and where the type has changed."""
    rows = numbered(reference)
    result = []
    for number in range(1, max([len(base), *rows]) + 1):
        old = base[number - 1] if number <= len(base) else None
        new = _apy_field(*rows[number]) if number in rows else None
        if old is None:
            result.append(new or ["Withdrawn", "ST", 0, 0, 1, WITHDRAWN])
        elif new is None or new[5] == WITHDRAWN:
            result.append([*old[:5], WITHDRAWN])
        elif old[5] == WITHDRAWN or new[1] != old[1]:
            result.append([old[0], new[1], new[2] or old[2], 0, new[4], new[5]])
        else:
            result.append(old)
    return result



_NAMES = {
    "BUI": "Blood Unit Information", "CDO": "Cumulative Dosage", "DON": "Donation", "FAC": "Facility",
    "PDC": "Product Detail Country", "PSH": "Product Summary Header", "RXV": "Pharmacy/Treatment Infusion",
    "SGH": "Segment Group Header", "SGT": "Segment Group Trailer", "CON": "Consent Segment",
}


def segments(version, dictionary):
    """id -> (long name, fields)."""
    base = dictionary["2.7.1" if version == "2.8" else version]["segments"]
    result = {name: (sources.clean(s["desc"]), [_field(f) for f in s["fields"]])
              for name, s in base.items() if _is_segment(name)}
    for name, reference in sources.apy(version, "segments").SEGMENTS.items():
        if name in result and version >= "2.7":  # the dictionary of 2.7 and 2.7.1 calls every varying field ST
            for number, (row, _) in numbered(reference).items():
                if row[2] == "varies" and number <= len(result[name][1]):
                    result[name][1][number - 1][1] = "VARIES"
        if not _is_segment(name) or (name in result and version != "2.8"):
            continue
        old = result.get(name, (_NAMES.get(name, name), []))
        result[name] = (old[0], _merge(old[1], reference))
    return result


def types(version, dictionary):
    """name -> (long name, components)."""
    base = dictionary["2.7.1" if version == "2.8" else version]["fields"]
    result = {name: (sources.clean(t["desc"]), [_field(c) for c in t["subfields"]])
              for name, t in base.items()}
    result.setdefault("VARIES", ("Varies", []))
    for name, rows in sources.apy(version, "datatypes").DATATYPES_STRUCTS.items():
        if name not in result:
            result[name] = (name, _merge([], (None, rows)))
    return result
