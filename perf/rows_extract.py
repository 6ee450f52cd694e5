"""extract24/*: 24 values of each message, by us and by the parsers that others wrote."""

import contextlib

import inputs
import setup
from harness import KERNELS, Server, Unavailable, median, need, take_turns

OUR_MESSAGES = 300_000  # over 256 MB: streamed from memory, not from a cache


def against(peer_servers, peer_messages, passes):
    """Ours and the peers' in turns. `peer_servers(file)` gives name and command of each way in
    which the peer can be asked; the fastest of them is the peer."""
    whole = inputs.messages(OUR_MESSAGES)
    part = inputs.first_messages(whole, peer_messages)
    ours_command = [need(KERNELS), "extract24"]
    with Server("ours, for the checksum", [*ours_command, part]) as ours:
        expected = ours.one_pass()["checksum"]
    commands = [("hl7flow", [*ours_command, whole]), *peer_servers(part)]
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Server(name, command)) for name, command in commands]
        results = take_turns(passes, *(server.one_pass for server in servers))
    ours, *peers = (median(result, "messages_per_second") for result in results)
    for server, result in zip(servers[1:], results[1:]):
        if result[0]["checksum"] != expected:
            raise Unavailable(f"{server.name} reads other values: its checksum is "
                              f"{result[0]['checksum']}, ours {expected}")
    best = max(range(len(peers)), key=lambda at: peers[at])
    others = [f"{server.name} {rate:,.0f}"
              for at, (server, rate) in enumerate(zip(servers[1:], peers)) if at != best]
    return {"value": ours, "unit": "messages/s", "peer": servers[1 + best].name,
            "peer_value": peers[best], "ratio": ours / peers[best], "note": "; ".join(others)}


def hapi(passes):
    command = setup.hapi()
    ways = {"generic": "HAPI 2.6.0 PipeParser, generic model", "preparser": "HAPI 2.6.0 PreParser"}
    return against(lambda file: [(name, [*command, file, "--reader", way])
                                 for way, name in ways.items()], 20_000, passes)


def python_hl7(passes):
    command = setup.python_hl7()
    return against(lambda file: [("python-hl7 0.4.5", [*command, file])], 3_000, passes)


def rust(passes):
    command = setup.rust()
    ways = {"hl7v2-stream": "hl7v2 1.5.0 stream reader", "er7": "er7 0.1.4"}
    return against(lambda file: [(name, [*command, file, "--reader", way])
                                 for way, name in ways.items()], 100_000, passes)
