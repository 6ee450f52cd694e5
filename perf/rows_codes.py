"""Code stores, made of releases as they are published."""

import json
import subprocess

from harness import CODES, ROOT, Unavailable, median, need, pin, take_turns

ICD10 = ROOT.parent / "shared" / "corpus" / "term-icd10cm-2021" / "files"


def icd10_order_file(passes):
    if not ICD10.exists():
        raise Unavailable(f"needs {ICD10}")

    def job():
        done = subprocess.run([need(CODES), "icd10", str(ICD10)], stdout=subprocess.PIPE, text=True,
                              check=True, preexec_fn=pin(1))
        return json.loads(done.stdout)
    (results,) = take_turns(passes, job)
    if len({(result["complete"], result["rows"]) for result in results}) != 1:
        raise Unavailable("the passes do not agree")
    complete, rows = results[0]["complete"], results[0]["rows"]
    return {"value": complete, "unit": "rows", "peer": "rows of the file", "peer_value": rows,
            "ratio": complete / rows,
            "note": f"loaded, with the tabular list, in {median(results, 'load_seconds'):.2f} s and "
                    f"made a store of {results[0]['store_bytes'] / 1e6:.1f} MB in "
                    f"{median(results, 'build_seconds'):.2f} s, one core"}
