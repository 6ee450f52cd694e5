"""Message dedup: a full window of fifty million messages, on one core."""

import json
import subprocess

from harness import WORK, Unavailable, need, pin

PROGRAM = WORK / "message_dedup_perf"
WINDOW, MESSAGES = 50_000_000, 4_000_000


def message_dedup(passes):
    done = subprocess.run([need(PROGRAM), str(WORK / "dedup_state"), str(WINDOW), str(MESSAGES),
                           str(passes)], capture_output=True, text=True, preexec_fn=pin(1))
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip()[-200:])
    facts = json.loads(done.stdout)
    if facts["false_drops"] or facts["missed"]:
        raise Unavailable(f"wrong: {facts['false_drops']} dropped, {facts['missed']} missed")
    return {"value": facts["messages_per_second"], "unit": "messages/s", "peer": "target",
            "peer_value": 20e6, "ratio": facts["messages_per_second"] / 20e6,
            "note": f"log in RocksDB included, its own threads on the same core; "
                    f"{facts['index_bytes_an_entry']} bytes of memory an entry; "
                    f"{facts['forgotten']} entries forgotten; none dropped or missed wrongly"}
