"""Precision of pairs where recall is still so high, from the pairs.csv of `hl7flow match`, and of
which kind the pairs are that it took wrongly or missed.

    precision.py LIST.csv PAIRS.csv [RECALL]
"""

import collections
import csv
import itertools
import sys


class People:
    """The list, by the ids of its records."""

    def __init__(self, path):
        with open(path, newline="") as file:
            rows = csv.reader(file)
            self.columns = {name: at for at, name in enumerate(next(rows))}
            self.rows = {row[self.columns["id"]]: row for row in rows}
        persons = collections.defaultdict(list)
        for record in self.rows:
            persons[self.of(record, "person")].append(record)
        self.true_pairs = {pair for records in persons.values()
                           for pair in itertools.combinations(records, 2)}

    def of(self, record, column):
        return self.rows[record][self.columns[column]]

    def same(self, pair, column):
        a, b = (self.of(record, column) for record in pair)
        return a == b

    def agree(self, pair, column):
        return self.same(pair, column) and self.of(pair[0], column) != ""

    def is_true(self, pair):
        return self.same(pair, "person")

    def kind(self, pair):
        if self.is_true(pair):
            return self.kind_of_true(pair)
        kin = {self.of(record, "kin") for record in pair}
        if not self.same(pair, "household"):
            return "strangers"
        if kin == {"twin"} and self.same(pair, "dob"):
            return "twins"
        if kin == {"junior", "senior"}:
            return "junior and senior"
        if "newborn" in kin:
            return "newborn and family"
        return "others of a family"

    def kind_of_true(self, pair):
        kin = self.of(pair[0], "kin")
        parts = []
        if kin == "newborn":
            parts.append("newborn")
        home = any(self.agree(pair, column) for column in ("house_number", "street", "postcode"))
        phone = self.agree(pair, "phone")
        if not home and not phone:
            parts.append("neither home nor phone")
        elif not home:
            parts.append("another home")
        if not self.same(pair, "surname"):
            parts.append("surname")
        if not self.same(pair, "dob"):
            parts.append("birth date")
        if not self.same(pair, "first_name") and kin != "newborn":
            parts.append("given name")
        return " + ".join(parts) or "all agree"


def read_pairs(path):
    """(bits, (record, record)), the likeliest first."""
    with open(path, newline="") as file:
        rows = csv.DictReader(file)
        pairs = [(float(row["bits"]), (row["record_a"], row["record_b"])) for row in rows]
    pairs.sort(reverse=True)
    return pairs


def at_recall(people, pairs, wanted):
    """Precision, recall and bits at the highest threshold whose recall is at least `wanted`; None
    for bits if none is. Pairs of equal bits are in or out together."""
    right = wrong = 0
    all_true = len(people.true_pairs)
    for bits, group in itertools.groupby(pairs, key=lambda one: one[0]):
        for _, pair in group:
            if people.is_true(pair):
                right += 1
            else:
                wrong += 1
        if right >= wanted * all_true:
            return {"precision": right / (right + wrong), "recall": right / all_true, "bits": bits,
                    "wrong": wrong}
    return {"precision": right / max(1, right + wrong), "recall": right / all_true, "bits": None,
            "wrong": wrong}


def judged_from(people, pairs, bits):
    taken = [people.is_true(pair) for its, pair in pairs if its >= bits]
    right = sum(taken)
    return right / max(1, len(taken)), right / len(people.true_pairs)


def kinds(people, pairs, bits):
    """How many pairs of each kind are taken wrongly from there on, and how many are missed."""
    wrong, missed = collections.Counter(), collections.Counter()
    taken = set()
    for its, pair in pairs:
        if its < bits:
            break
        taken.add(pair)
        if not people.is_true(pair):
            wrong[people.kind(pair)] += 1
    for pair in people.true_pairs:
        if pair not in taken:
            missed[people.kind(pair)] += 1
    return wrong, missed


def main():
    people, pairs = People(sys.argv[1]), read_pairs(sys.argv[2])
    wanted = float(sys.argv[3]) if len(sys.argv) > 3 else .99
    found = at_recall(people, pairs, wanted)
    print(f"{len(people.rows)} records, {len(people.true_pairs)} pairs of one person")
    print(found)
    for probability, bits in ((.5, 0), (.95, 4.2479), (.99, 6.6294), (.999, 9.9643)):
        precision, recall = judged_from(people, pairs, bits)
        print(f"from p {probability}: precision {precision:.5f}, recall {recall:.5f}")
    if found["bits"] is None:
        return
    for what, count in zip(("wrong", "missed"), kinds(people, pairs, found["bits"])):
        print(f"{what} at that threshold: {sum(count.values())}")
        for kind, number in count.most_common(14):
            print(f"  {number:7} {kind}")


if __name__ == "__main__":
    main()
