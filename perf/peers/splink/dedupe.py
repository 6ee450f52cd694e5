"""Splink on DuckDB over the same list, with settings as its documentation gives them for such
columns. Prints JSON: seconds of the whole job, f1 of persons,
records.

    dedupe.py LIST.csv THREADS
"""

import json
import sys
import time

import duckdb
import pandas
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on


def f1_of(frame):
    pairs = lambda sizes: (sizes * (sizes - 1) / 2).sum()
    right = pairs(frame.groupby(["cluster_id", "person"]).size())
    found = pairs(frame.groupby("cluster_id").size())
    true = pairs(frame.groupby("person").size())
    return 2 * right / (found + true)


def main():
    path, threads = sys.argv[1], int(sys.argv[2])
    began = time.perf_counter()
    connection = duckdb.connect()
    connection.execute(f"set threads to {threads}")
    people = pandas.read_csv(path, dtype=str, keep_default_na=False).replace("", None)
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="id",
        comparisons=[
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("house_number", 1),
            cl.JaroWinklerAtThresholds("street", [0.9]),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("postcode", [1, 2]),
            cl.LevenshteinAtThresholds("phone", [1, 2])],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "surname"), block_on("surname", "dob"),
            block_on("first_name", "dob"), block_on("postcode", "surname"),
            block_on("postcode", "first_name"), block_on("phone"), block_on("dob", "city")],
        retain_intermediate_calculation_columns=False)
    linker = Linker(people, settings, DuckDBAPI(connection))
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first_name", "surname", "dob")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("first_name", "surname"), block_on("dob", "sex"), block_on("postcode")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predictions = linker.inference.predict(threshold_match_probability=0.01)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, 0.95)
    frame = clusters.as_pandas_dataframe()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "f1": f1_of(frame), "records": len(frame)}))


if __name__ == "__main__":
    main()
