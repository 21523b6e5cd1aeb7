#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make-facts.py DIRECTORY [FIRST LAST] - print the facts file of public missile launches

DIRECTORY holds test.en.json, facility.en.json and missile.en.json of nagix/nk-missile-tests.  Only
launches of the years FIRST to LAST (2016 to 2024) are printed, and of those only the ones of which
the source knows time, apogee, distance and bearing; figures are copied, never computed.
The form is described in docs/format/facts.md.
"""
import json
import os
import re
import sys

CREDIT = ("CNS North Korea Missile Test Database (James Martin Center for Nonproliferation Studies"
          " / NTI), compiled by nagix/nk-missile-tests (Apache-2.0)")


def load(folder, name):
    """Numbers stay the text they are, so that no figure changes on the way."""
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return json.load(file, parse_float=str, parse_int=str)


def figure(text):
    """The shortest form of a decimal number, or None when it is none."""
    text = str(text)
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return None
    return re.sub(r"\.?0+$", "", text) if "." in text else text


def line_of(test, site, missile):
    time = re.fullmatch(r"([0-9]{2}:[0-9]{2}) \(UTC\)", str(test["time"]))
    numbers = [figure(v) for v in (site["lat"], site["lon"], test["apogee"], test["distance"],
                                   test["bearing"])]
    if time is None or None in numbers:
        return None
    return " ".join(["launch", test["date"], time.group(1), missile["type"], *numbers,
                     test["missile"], site["name"]])


def main(arguments):
    folder = arguments[1]
    first, last = arguments[2:4] or ("2016", "2024")
    sites = load(folder, "facility.en.json")["facilities"]
    missiles = load(folder, "missile.en.json")
    print("accord launches 1")
    print("credit", CREDIT)
    for year in load(folder, "test.en.json")["timeBins"]:
        for test in year["data"]:
            if first <= test["date"][:4] <= last:
                line = line_of(test, sites[test["facility"]], missiles[test["missile"]])
                if line is not None:
                    print(line)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    main(sys.argv)
