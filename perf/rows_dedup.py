"""Message dedup: a full window of fifty million messages, on one core, log on disk included."""

import json
import mmap
import os
import subprocess
import time

from harness import WORK, Unavailable, need, pin

PROGRAM = WORK / "message_dedup_perf"
WINDOW, MESSAGES = 50_000_000, 8_000_000
BYTES_MAX = 24


def run(messages, passes):
    done = subprocess.run([need(PROGRAM), str(WORK / "dedup_state"), str(WINDOW), str(messages),
                           str(passes)], capture_output=True, text=True, preexec_fn=pin(1))
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip()[-200:])
    return json.loads(done.stdout)


def disk_bandwidth():
    """Bytes a second that this disk takes, 1 MiB at a time past the page cache; None if it cannot."""
    path = WORK / "dedup_disk"
    size, count = 1 << 20, 512
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_DIRECT)
    except OSError:
        return None
    try:
        block = mmap.mmap(-1, size)  # aligned
        block.write(os.urandom(size))
        begin = time.monotonic()
        for _ in range(count):
            os.write(file, block)
        os.fdatasync(file)
        return size * count / (time.monotonic() - begin)
    finally:
        os.close(file)
        path.unlink()


def message_dedup(passes):
    # A pass is four tenths of a second, and disks have slow seconds.
    facts = run(MESSAGES, 3 * passes)
    if facts["false_drops"] or facts["missed"]:
        raise Unavailable(f"wrong: {facts['false_drops']} dropped, {facts['missed']} missed")
    if facts["bytes_an_entry"] > BYTES_MAX:
        raise Unavailable(f"{facts['bytes_an_entry']} bytes of memory an entry")
    disk = disk_bandwidth()
    written = f"the disk takes {disk / 48e6:.0f} M records/s" if disk else "through the page cache"
    busy = facts["messages_per_processor_second"] / 1e6
    return {"value": facts["messages_per_second"], "unit": "messages/s", "peer": "target",
            "peer_value": 20e6, "ratio": facts["messages_per_second"] / 20e6,
            "note": f"log and a commit every 4 million included; {busy:.1f} M messages a second of "
                    f"the core's time that it got; {facts['bytes_an_entry']} bytes of memory an "
                    f"entry; {written}; {facts['forgotten']} entries forgotten; none dropped or "
                    f"missed wrongly"}


def message_dedup_wrong(_):
    """A billion messages, once: how many are dropped that are new, or passed that are resends."""
    facts = run(250_000_000, 4)
    wrong = facts["false_drops"] + facts["missed"]
    return {"value": wrong, "unit": "of 1,000,000,000", "peer": "target", "peer_value": 0,
            "ratio": float(wrong > 0) * 2,
            "note": f"{facts['false_drops']} dropped, {facts['missed']} missed, "
                    f"{facts['forgotten']} entries forgotten; "
                    f"{facts['messages_per_second'] / 1e6:.1f} M messages/s"}
