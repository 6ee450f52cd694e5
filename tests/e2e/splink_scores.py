"""Loads settings into Splink, and prints the pairs that it finds: id, id, bits. Pairs with less
than one bit against them are left out.

    splink_scores.py SETTINGS.json LIST.csv
"""

import sys

import duckdb
import pandas
from splink import DuckDBAPI, Linker


def main():
    settings, path = sys.argv[1:]
    people = pandas.read_csv(path, dtype=str, keep_default_na=False).replace("", None)
    linker = Linker(people, settings, DuckDBAPI(duckdb.connect()), set_up_basic_logging=False)
    pairs = linker.inference.predict(threshold_match_weight=-1).as_pandas_dataframe()
    name = linker._settings_obj.column_info_settings.unique_id_column_name
    for _, pair in pairs.iterrows():
        print(f"{pair[name + '_l']},{pair[name + '_r']},{pair['match_weight']:.4f}")


if __name__ == "__main__":
    main()
