"""Reads every table in some folders with pandas, by the program's own dictionary.

    tables.py DICTIONARY FOLDER...

Each column must come out as what the dictionary says, without a word of help: numbers as numbers,
whole ones where things are counted, times as times with an offset, local times as the same moment
on the wall, words as words, and blank as the only thing that is missing.
"""

import re
import sys
from pathlib import Path

import pandas

WHOLE = {"count", "requests", "users", "runs", "trials", "readings", "0 or 1"}
TIMES = {"time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", "local time": None}
CLEAN = re.compile(r"[^\W\dA-Z_][^\WA-Z]*")


def dictionary(path):
    """File -> [(name, unit)], those that every file of results begins with under None."""
    files, file = {None: []}, None
    for line in Path(path).read_text().splitlines():
        if re.fullmatch(r"\S+\.csv", line):
            file = line
            files[file] = []
        elif re.match(r"  \S", line):
            name, unit = re.split(r"  +", line.strip())[:2]
            files[file].append((name, unit))
    return files


def unit_of(column, columns):
    """What the dictionary says of a column; capitals stand for words of the scenario."""
    for name, unit in columns:
        if re.fullmatch(re.sub("[A-Z]+", ".+", name), column):
            return unit
    return None


class Table:
    """One file, read twice: as pandas takes it by itself, and as the text that it is."""

    def __init__(self, path, columns):
        self.path, self.columns, self.wrong = path, columns, []
        self.read = pandas.read_csv(path)
        self.text = pandas.read_csv(path, dtype=str, keep_default_na=False)

    def say(self, column, problem):
        self.wrong.append(f"{self.path}: {column}: {problem}")

    def check(self):
        for column in self.read.columns:
            if not CLEAN.fullmatch(column):
                self.say(column, "no clean name")
            unit = unit_of(column, self.columns)
            if unit is None:
                self.say(column, "not in the dictionary")
                continue
            text = self.text[column]
            blank = text == ""
            if not (self.read[column].isna() == blank).all():
                found = text[self.read[column].isna() & ~blank].unique()
                self.say(column, f"read as missing: {list(found)}")
            if not blank.all():
                self.cells(column, unit, self.read[column][~blank], text[~blank])
        return self.wrong

    def cells(self, column, unit, read, text):
        if unit == "time":
            bad = text[~text.str.fullmatch(TIMES["time"])]
            if len(bad):
                self.say(column, f"no times: {list(bad[:3])}")
                return
            pandas.to_datetime(text, utc=True)
            self.twin(column, text)
        elif unit == "local time":
            # As spreadsheets read it, and pandas: without an offset.
            if pandas.to_datetime(text).dt.tz is not None:
                self.say(column, "a local time with an offset")
        elif unit in ("text", "date"):
            if pandas.api.types.is_bool_dtype(read):
                self.say(column, "words that are read as truth values")
        elif not pandas.api.types.is_numeric_dtype(read):
            self.say(column, f"{unit}, and read as {read.dtype}: {list(text[:3])}")
        elif unit in WHOLE and (read % 1 != 0).any():
            self.say(column, f"{unit}, and not whole: {list(text[read % 1 != 0][:3])}")
        elif unit == "0 or 1" and not read.isin([0, 1]).all():
            self.say(column, f"neither 0 nor 1: {list(text[~read.isin([0, 1])][:3])}")

    def twin(self, column, text):
        """The column after a time is the same moment on the wall."""
        names = list(self.text.columns)
        local = names[names.index(column) + 1]
        walls = pandas.to_datetime(self.text[local][text.index])
        told = pandas.to_datetime(text.str.slice(0, 19))
        # Not every wall clock is written with its seconds.
        apart = (walls - told).abs() >= pandas.Timedelta("1min")
        if apart.any():
            self.say(local, f"another moment than {column}")


def main(dictionary_path, *folders):
    known = dictionary(dictionary_path)
    wrong, seen, columns = [], set(), 0
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.csv")):
            if path.name not in known:
                wrong.append(f"{path}: not in the dictionary")
                continue
            table = Table(path, known[None] + known[path.name])
            wrong += table.check()
            seen.add(path.name)
            columns += len(table.read.columns)
    # What people write is in their words.
    missing = set(known) - seen - {None, "observed.csv", "rollcall.csv"}
    wrong += [f"no folder has {name}" for name in sorted(missing)]
    print("\n".join(wrong) or f"pandas {pandas.__version__}: {columns} columns of {len(seen)} kinds "
          "of tables are what the dictionary says")
    return 1 if wrong or not seen else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
