"""A made-up population of families, for the hard cases of matching: twins, newborns without a name,
fathers and sons of one name, telephones that a family shares, moves and marriages. Seeded; writes
CSV with columns `person`, `household` and `kin`, which know the truth and are not compared.

No record loses what a careful reader would need to tell two of a family apart: twins keep a given
name, a junior and a senior their birth dates, and twins are not among the newborns without a name.
"""

import csv

import population
from harness import Unavailable

COLUMNS = ["id", "person", "household", "kin", "first_name", "surname", "dob", "sex",
           "house_number", "street", "city", "postcode", "phone", "ssn"]
GIVEN, FAMILY, BORN, SEX, HOUSE, STREET, CITY, POSTCODE, PHONE, SSN = range(10)
ENDS = ["street", "road", "lane", "avenue", "court", "drive", "place", "way"]
BABY_NAMES = {"m": ["babyboy", "baby boy", "bb"], "f": ["babygirl", "baby girl", "bg"]}
# How often a value of a record is wrong, and how often it is missing.
WRONG = {GIVEN: .02, FAMILY: .02, BORN: .01, HOUSE: .01, STREET: .02, CITY: .01, POSTCODE: .01,
         PHONE: .01, SSN: .01}
MISSING = {GIVEN: .001, BORN: .003, SEX: .005, HOUSE: .01, CITY: .01, POSTCODE: .02, PHONE: .12,
           SSN: .5}


class Errors:
    """What happens to text that is heard, read or typed: the tables of JeMPI's test data for the
    first two, a slip of a key for the last."""

    def __init__(self, random_):
        self.random = random_
        self.heard, self.read = [], []
        for line in self._lines("phonetic-variations.csv"):
            where, old, new, *conditions = line.split(",")
            if all(condition == "None" for condition in conditions):
                self.heard.append((where, old, "" if new == "@" else new))
        for line in self._lines("ocr-variations.csv"):
            a, b = line.split(",")
            self.read += [("ALL", a, b), ("ALL", b, a)]

    @staticmethod
    def _lines(name):
        path = population.NAMES / name
        if not path.exists():
            raise Unavailable(f"needs {path}")
        return [line for line in path.read_text().splitlines() if line and line[0] != "#"]

    def _varied(self, table, text):
        """One of the table's changes that fits, or None."""
        for _ in range(20):
            where, old, new = self.random.choice(table)
            at = text.find(old)
            last = len(text) - len(old)
            if where == "END":
                at = last if last >= 0 and text.endswith(old) else -1
            fits = at >= 0 and (where != "START" or at == 0) and (
                where != "MIDDLE" or 0 < at < last)
            if fits and len(text) - len(old) + len(new) > 1:
                return text[:at] + new + text[at + len(old):]
        return None

    def in_word(self, text):
        kind = self.random.random()
        varied = None
        if kind < .4:
            varied = self._varied(self.heard, text)
        elif kind < .6:
            varied = self._varied(self.read, text)
        return varied or population.typo(self.random, text)

    def in_date(self, text):
        year, month, day = text.split("-")
        kind = self.random.random()
        if kind < .25 and int(day) <= 12 and day != month:
            return f"{year}-{day}-{month}"
        at = self.random.choice((2, 3, 6, 9))  # a digit of year, month or day
        return text[:at] + self.random.choice("0123456789") + text[at + 1:]


class Person:
    def __init__(self, sex, given, family, born, kin=""):
        self.sex, self.given, self.family, self.born, self.kin = sex, given, family, born, kin
        self.ssn = self.mobile = self.new_mobile = None
        self.married_at, self.new_family = 2, None
        self.born_at, self.baby_family = 0, None


class Families:
    def __init__(self, seed):
        base = population.Population(seed)
        self.r, self.family, self.cities = base.r, base.family, base.cities
        self.given = {"f": base.women, "m": base.men}
        self.errors = Errors(self.r)
        self.streets = [self.family.one() for _ in range(2000)]
        self.postcodes = {}
        self.areas = {}
        for line in Errors._lines("phone_area_codes.csv"):
            city, _, number = line.rpartition(",")
            self.areas.setdefault(city.lower(), []).append(number[:3])
        self.person_number = self.record_number = self.household_number = 0

    def home(self):
        r, city = self.r, self.cities.one()
        if city not in self.postcodes:
            self.postcodes[city] = [f"{r.randrange(10000, 99999)}" for _ in range(40)]
        return [str(r.randrange(1, 2000)), f"{r.choice(self.streets)} {r.choice(ENDS)}", city,
                r.choice(self.postcodes[city])]

    def phone(self, city):
        return f"{self.r.choice(self.areas[city])}{self.r.randrange(2 * 10**6, 10**7)}"

    def day(self, first, last):
        r = self.r
        return f"{r.randrange(first, last)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}"

    def adult(self, sex, family, first=1935, last=2004):
        one = Person(sex, self.given[sex].one(), family, self.day(first, last))
        if sex == "f" and self.r.random() < .08:
            one.married_at, one.new_family = self.r.random(), self.family.one()
        return one

    def children(self, mother, father, count):
        r, made = self.r, []
        mother_born = int((mother or father).born[:4])
        while len(made) < count:
            year = mother_born + r.randrange(18, 42)
            if year > 2025:
                year = r.randrange(max(2005, mother_born + 18), 2026)
            family = (father or mother).family if r.random() < .85 else (mother or father).family
            child = Person(r.choice("fm"), None, family, self.day(year, year + 1))
            # No two children of a family have one name.
            names = {one.given for one in made}
            while child.given is None or child.given in names:
                child.given = self.given[child.sex].one()
            is_first_son = father and child.sex == "m" and all(one.sex == "f" for one in made)
            if is_first_son and child.family == father.family and r.random() < .03:
                child.given, child.kin, father.kin = father.given, "junior", "senior"
            made.append(child)
            if r.random() < .015:
                child.kin = child.kin or "twin"
                twin = Person(child.sex if r.random() < .65 else r.choice("fm"), None,
                              family, child.born, "twin")
                while twin.given is None or twin.given in names | {child.given}:
                    twin.given = self.given[twin.sex].one()
                made.append(twin)
            elif child.kin == "" and mother and year >= 2005 and r.random() < .08:
                child.kin, child.born_at = "newborn", r.random() * .9
                child.baby_family = mother.family
        return made

    def household(self):
        r, family = self.r, self.family.one()
        kind = r.random()
        if kind < .3:
            return [self.adult(r.choice("fm"), family)]
        father = self.adult("m", family, 1935, 2000)
        age = int(father.born[:4])
        mother = self.adult("f", family if r.random() < .7 else self.family.one(),
                            max(1935, age - 5), min(2004, age + 10))
        if kind < .55:
            return [father, mother]
        # Children of grown-up age live elsewhere, or some still here.
        count = r.choices((1, 2, 3, 4), (4, 4, 1.5, .5))[0]
        if r.random() < .2:
            alone = r.choice((father, mother))
            return [alone, *self.children(*((alone, None) if alone is mother else (None, alone)),
                                          count)]
        return [father, mother, *self.children(mother, father, count)]

    def records(self):
        """Of one household, at moments between 0 and 1: its moves and marriages lie between."""
        r = self.r
        people = self.household()
        self.household_number += 1
        homes = [self.home(), self.home()]
        moves_at = r.random() if r.random() < .3 else 2
        phones = [self.phone(home[2]) for home in homes]
        for one in people:
            self.person_number += 1
            is_adult = int(one.born[:4]) < 2007
            if is_adult and r.random() < .65:
                one.mobile = self.phone(homes[0][2])
                one.new_mobile = self.phone(homes[1][2]) if r.random() < .5 else one.mobile
            ssn = f"{r.randrange(1, 900):03}{r.randrange(1, 100):02}{r.randrange(1, 10000):04}"
            times = sorted(one.born_at + r.random() * (1 - one.born_at)
                           for _ in range(r.choices((1, 2, 3), (75, 20, 5))[0]))
            for at, time in enumerate(times):
                now = 1 if time > moves_at else 0
                phone = phones[now]
                mobile = one.new_mobile if now else one.mobile
                if mobile and r.random() < .85:
                    phone = mobile
                family = one.new_family if time > one.married_at else one.family
                record = [one.given, family, one.born, one.sex, *homes[now], phone, ssn]
                is_baby = one.kin == "newborn" and at == 0 and r.random() < .85
                if is_baby:
                    record[GIVEN] = r.choice(BABY_NAMES[one.sex])
                    record[FAMILY] = one.baby_family
                    record[SSN] = ""
                self.spoil(record, one.kin, is_baby)
                yield [self.record_number, self.person_number, self.household_number, one.kin,
                       *record]
                self.record_number += 1

    def spoil(self, record, kin, is_baby):
        r, draw = self.r, self.r.random
        for column, rate in WRONG.items():
            if record[column] and draw() < rate and not (is_baby and column == GIVEN):
                change = self.errors.in_date if column == BORN else self.errors.in_word
                record[column] = change(record[column])
        if draw() < .003 and not is_baby:
            record[GIVEN], record[FAMILY] = record[FAMILY], record[GIVEN]
        if draw() < .015:
            record[HOUSE:PHONE] = [""] * 4
        for column, rate in MISSING.items():
            if draw() < rate and not (column == GIVEN and kin == "twin") and not (
                    column == BORN and (kin in ("junior", "senior") or is_baby)):
                record[column] = ""


def write(path, persons, seed=24):
    families = Families(seed)
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        while families.person_number < persons:
            out.writerows(families.records())
