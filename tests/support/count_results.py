"""Counts the tests of one ctest run: prints `passed failed skipped`.

    count_results.py FOLDER PHASE

FOLDER/PHASE.xml is ctest's JUnit file. A GoogleTest binary counts with each of its cases, from
FOLDER/<name>.json; one that crashed left no such file and counts as one failure. Every other
ctest entry counts as one.
"""
import json
import os
import sys
import xml.etree.ElementTree as ElementTree


def count_cases(path):
    """The (passed, failed, skipped) of a GoogleTest JSON file."""
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    passed = failed = skipped = 0
    for suite in report.get("testsuites", []):
        for case in suite.get("testsuite", []):
            if case.get("failures"):
                failed += 1
            elif case.get("result") == "SKIPPED":
                skipped += 1
            elif case.get("status") == "RUN":
                passed += 1
    return passed, failed, skipped


def main():
    folder, phase = sys.argv[1:]
    passed = failed = skipped = 0
    for entry in ElementTree.parse(os.path.join(folder, phase + ".xml")).getroot().iter("testcase"):
        good = entry.get("status") == "run"
        report = os.path.join(folder, entry.get("name") + ".json")
        if entry.get("status") in ("disabled", "notrun") and entry.find("skipped") is not None:
            skipped += 1
            continue
        p = f = s = 0
        if os.path.exists(report):
            p, f, s = count_cases(report)
        elif good:
            p = 1
        if not good and f == 0:
            f = 1
        passed, failed, skipped = passed + p, failed + f, skipped + s
    print(passed, failed, skipped)


main()
