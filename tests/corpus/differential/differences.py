"""The differences between hl7flow and other parsers that are meant, each with its reason."""

import dataclasses
import typing


@dataclasses.dataclass
class Difference:
    """`holds(text, place, ours, theirs)` recognises it; `count` is how often the corpus shows it.
    Of a message that the peer refuses, `place` is None and `theirs` what the peer says."""
    peer: str
    name: str
    count: int
    reason: str
    holds: typing.Callable


def msh_2(text):
    return text[4:].split(text[3], 1)[0]


def doubled_backslash(text, place, ours, theirs):
    return place is not None and msh_2(text).startswith("^~\\\\")


def few_delimiters(text, place, ours, theirs):
    return place is not None and len(msh_2(text)) < 4


def stripped_end(text, place, ours, theirs):
    return place is not None and theirs == ours.rstrip() and text.endswith(ours + "\r")


def refused_as(words):
    return lambda text, place, ours, theirs: place is None and words in theirs


DIFFERENCES = [
    Difference("python_hl7", "stripped end", 8,
               "python-hl7 strips blanks from the end of a message, hl7flow changes no value",
               stripped_end),
    Difference("python_hl7", "doubled backslash", 10,
               "MSH-2 is ^~\\\\&: python-hl7 takes the second backslash for the subcomponent "
               "separator, hl7flow takes the two for one that an export has escaped",
               doubled_backslash),
    Difference("python_hl7", "few delimiters", 378,
               "MSH-2 is ^~& or ^\\&: python-hl7 takes & for the subcomponent separator though "
               "nothing declares one, hl7flow reads what is declared",
               few_delimiters),
    Difference("hapi", "doubled backslash", 10,
               "MSH-2 is ^~\\\\&: HAPI takes the second backslash for the subcomponent separator",
               doubled_backslash),
    Difference("hapi", "refused: delimiters", 9,
               "HAPI wants four characters in MSH-2, hl7flow reads with those declared",
               refused_as("Invalid or incomplete encoding characters")),
    Difference("hapi", "refused: structure", 4,
               "HAPI wants MSH-9 to name a structure, hl7flow reads whatever it says",
               refused_as("Can't determine message structure from MSH-9")),
    Difference("hapi", "refused: version", 2,
               "HAPI wants MSH-12, hl7flow reads without",
               refused_as("Can't find version ID")),
]


def explain(peer, text, place, ours, theirs):
    """The name of the difference, or None."""
    for one in DIFFERENCES:
        if one.peer == peer and one.holds(text, place, ours, theirs):
            return one.name
    return None


def explain_refusal(peer, text, refusal):
    return explain(peer, text, None, "", refusal)
