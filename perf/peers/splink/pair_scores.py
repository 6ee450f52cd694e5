"""Splink on DuckDB comparing and scoring pairs, on one thread, with comparison levels as ours.

    pair_scores.py LIST.csv PAIRS --serve

Blocks and trains first, and writes the pairs that its blocking rules bring to PAIRS, as pairs of
native 32-bit row numbers. Then, for each line on stdin, runs the statement by which Splink's
predict() compares and scores these pairs, and prints JSON: pairs_per_second, pairs, likely,
seconds. Blocking is a statement of its own and not part of it.
"""

import json
import sys
import time

import duckdb
import numpy
import pandas
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


class Recorder(DuckDBAPI):
    """Keeps the last statement that makes the scores, and the blocked pairs that it reads."""

    scoring = None

    def _execute_sql_against_backend(self, final_sql):
        if "__splink__df_predict" in final_sql and "match_weight" in final_sql:
            self.scoring = final_sql
        return super()._execute_sql_against_backend(final_sql)

    def delete_table_from_database(self, name):
        if "blocked_id_pairs" not in name:
            super().delete_table_from_database(name)


def same_part(begin, size):
    return f"substr(dob_l, {begin}, {size}) = substr(dob_r, {begin}, {size})"


def birth_date():
    """Exact, an edit, two parts or day and month swapped, two edits: Levenshtein's, which DuckDB
    has faster than the ones that count swaps."""
    year, month, day = same_part(1, 4), same_part(6, 2), same_part(9, 2)
    two = (f"({year} and {month}) or ({year} and {day}) or ({month} and {day}) or ({year} and "
           "substr(dob_l, 6, 2) = substr(dob_r, 9, 2) and substr(dob_l, 9, 2) = "
           "substr(dob_r, 6, 2))")
    return cl.CustomComparison(output_column_name="dob", comparison_levels=[
        cll.NullLevel("dob"), cll.ExactMatchLevel("dob"), cll.LevenshteinLevel("dob", 1),
        cll.CustomLevel(two, "two parts"), cll.LevenshteinLevel("dob", 2), cll.ElseLevel()])


def frequent(comparison):
    return comparison.configure(term_frequency_adjustments=True)


def main():
    path, pairs_path = sys.argv[1], sys.argv[2]
    connection = duckdb.connect()
    connection.execute("set threads to 1")
    people = pandas.read_csv(path, dtype=str, keep_default_na=False).replace("", None)
    people["id"] = people["id"].astype("int64")
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="id",
        comparisons=[
            frequent(cl.JaroWinklerAtThresholds("first_name", [0.92, 0.82, 0.7])),
            frequent(cl.JaroWinklerAtThresholds("surname", [0.92, 0.82, 0.7])),
            birth_date(),
            cl.ExactMatch("sex"),
            frequent(cl.LevenshteinAtThresholds("house_number", [1, 2])),
            frequent(cl.JaroWinklerAtThresholds("street", [0.92, 0.8])),
            frequent(cl.JaroWinklerAtThresholds("city", [0.92, 0.8])),
            frequent(cl.LevenshteinAtThresholds("postcode", [1, 2])),
            cl.LevenshteinAtThresholds("phone", [1, 2])],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "surname"), block_on("surname", "dob"),
            block_on("first_name", "dob"), block_on("postcode", "surname"),
            block_on("postcode", "first_name"), block_on("phone"), block_on("dob", "city")],
        retain_intermediate_calculation_columns=False, retain_matching_columns=False)
    api = Recorder(connection)
    linker = Linker(people, settings, api)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first_name", "surname", "dob")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("first_name", "surname"), block_on("dob", "sex")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    frame = linker.inference.predict().as_duckdbpyrelation()
    pairs = frame.select("id_l, id_r").fetchnumpy()
    both = numpy.stack([pairs["id_l"], pairs["id_r"]], axis=1).astype(numpy.uint32)
    both.tofile(pairs_path)
    body = api.scoring[api.scoring.index("AS"):].split(None, 1)[1].strip().rstrip(";")
    print("ready", flush=True)
    for _ in sys.stdin:
        connection.execute("drop table if exists scored")
        began = time.perf_counter()
        connection.execute(f"create table scored as {body}")
        seconds = time.perf_counter() - began
        likely, count = connection.execute(
            "select count(*) filter (match_weight > 0), count(*) from scored").fetchone()
        print(json.dumps({"pairs_per_second": count / seconds, "pairs": count, "likely": likely,
                          "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
