"""A made-up population: persons with names as frequent as in a census, and records of them with
errors. Seeded; writes CSV with a column `person` that knows the truth."""

import bisect
import csv
import itertools
import random

from harness import ROOT, Unavailable

NAMES = (ROOT.parent / "shared" / "corpus" / "linkage-jempi" / "files" / "devops" /
         "JeMPI_TestData" / "Reference" / "metadata")
COLUMNS = ["id", "person", "first_name", "surname", "dob", "sex", "house_number", "street", "city",
           "postcode", "phone"]
STREETS = ["oak", "elm", "mill", "church", "station", "high", "park", "lake", "hill", "river",
           "garden", "school", "market", "bridge", "forest", "king", "queen", "north", "south", "west"]
KINDS = ["street", "road", "lane", "avenue", "close", "drive"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Drawn:
    """Values drawn as often as a table says."""

    def __init__(self, random_, *files):
        self.values, weights = [], []
        for file in files:
            path = NAMES / file
            if not path.exists():
                raise Unavailable(f"needs {path}")
            for line in path.read_text().splitlines():
                name, _, count = line.rpartition(",")
                if count.isdigit():
                    self.values.append(name.lower())
                    weights.append(int(count))
        self.sums = list(itertools.accumulate(weights))
        self.random = random_

    def one(self):
        return self.values[bisect.bisect(self.sums, self.random.random() * self.sums[-1])]


def typo(r, text):
    """One letter wrong, missing, twice, or two of them swapped."""
    if not text:
        return text
    at, kind = r.randrange(len(text)), r.randrange(4)
    pool = "0123456789" if text[at].isdigit() else LETTERS
    if kind == 0:
        return text[:at] + r.choice(pool) + text[at + 1:]
    if kind == 1:
        return text[:at] + text[at + 1:]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at:at + 2][::-1] + text[at + 2:]


class Population:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.family = Drawn(self.r, "last_names.csv")
        self.women = Drawn(self.r, "females.csv")
        self.men = Drawn(self.r, "males.csv")
        self.cities = Drawn(self.r, "us-cities.csv")

    def home(self):
        r = self.r
        return [str(r.randrange(1, 400)), f"{r.choice(STREETS)} {r.choice(KINDS)}",
                self.cities.one(), f"{r.randrange(10000, 99999)}"]

    def person(self):
        r = self.r
        sex = r.choice("fm")
        born = f"{r.randrange(1925, 2025)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}"
        return [(self.women if sex == "f" else self.men).one(), self.family.one(), born, sex,
                *self.home(), f"{r.randrange(200, 999)}{r.randrange(10**7):07}"]

    def twin(self, person):
        """Born on one day, living in one house, with one telephone."""
        given = (self.women if person[3] == "f" else self.men).one()
        return [given, *person[1:]]

    def again(self, person):
        """Another record of a person: moves, marriages, errors, gaps."""
        r, record = self.r, list(person)
        if r.random() < 0.10:
            record[4:8] = self.home()
        if r.random() < 0.25:
            record[8] = f"{r.randrange(200, 999)}{r.randrange(10**7):07}"
        if record[3] == "f" and r.random() < 0.05:
            record[1] = self.family.one()
        if r.random() < 0.02:
            record[0], record[1] = record[1], record[0]
        if r.random() < 0.01 and record[2]:
            year, month, day = record[2].split("-")
            record[2] = f"{year}-{day}-{month}" if int(day) <= 12 else record[2]
        for column, rate in ((0, .06), (1, .06), (2, .03), (4, .03), (5, .05), (6, .03), (7, .03),
                             (8, .02)):
            if r.random() < rate:
                record[column] = typo(r, record[column])
        for column, rate in ((0, .005), (2, .01), (3, .01), (4, .03), (5, .02), (6, .02), (7, .04),
                             (8, .15)):
            if r.random() < rate:
                record[column] = ""
        return record


def write(path, records, seed=24):
    """About so many records; of ten persons six come once."""
    population = Population(seed)
    r = population.r
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        number = person_number = 0
        previous = None
        while number < records:
            is_twin = previous is not None and r.random() < 0.015
            person = population.twin(previous) if is_twin else population.person()
            previous = person
            person_number += 1
            for copy in range(r.choices((1, 2, 3, 4), (6, 2.4, 1, .6))[0]):
                record = person if copy == 0 else population.again(person)
                out.writerow([number, person_number, *record])
                number += 1
