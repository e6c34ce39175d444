"""Holds what `telltale check --format json|github|sarif` prints against its schemas.

    check_formats.py TELLTALE SOURCE_DIR [--sarif-schema FILE]

Over all the rule files and configs of tests/golden/diagnostics, and files with hostile names and
bytes: JSON against daemon/report/report.schema.json, workflow commands against their grammar, SARIF
against OASIS's schema where one is given. The three must tell the same, places must be right by a
count of their own, and a fix that is applied must be one. Exits with 1 after the first that is not.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

import jsonschema

COMMAND = re.compile(r"^::(error|warning) ((?:[A-Za-z]+=[^,:\r\n]*)(?:,[A-Za-z]+=[^,:\r\n]*)*)::(.*)$")
PROPERTIES = {"file", "line", "endLine", "col", "endColumn", "title"}


class Checker:
    def __init__(self, telltale, root, sarif_schema):
        self.telltale, self.root, self.runs = telltale, root, 0
        with open(os.path.join(root, "daemon/report/report.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft7Validator.check_schema(schema)
        self.json_schema = jsonschema.Draft7Validator(schema)
        self.sarif_schema = None
        if sarif_schema:
            with open(sarif_schema, encoding="utf-8") as file:
                self.sarif_schema = jsonschema.Draft7Validator(json.load(file))

    def run(self, form, arguments, folder, codes=(0, 2, 3)):
        done = subprocess.run([self.telltale, "check", "--format", form, *arguments], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        assert done.returncode in codes, (arguments, done.returncode, done.stderr)
        return done.stdout.decode("utf-8"), done.returncode

    def check(self, arguments, folder):
        """All the forms of one run; returns the JSON."""
        self.runs += 1
        text, code = self.run("json", arguments, folder)
        report = json.loads(text)
        self.json_schema.validate(report)
        assert report["loads"] == (code == 0)
        listed = report["diagnostics"]
        for severity, total in (("error", report["errors"]), ("warning", report["warnings"])):
            count = sum(d["severity"] == severity for d in listed)
            assert count == total or report["left_out"] > 0, (severity, count, total)
        for diagnostic in listed:
            self.check_places(diagnostic, folder)
        self.check_github(listed, report, self.run("github", arguments, folder)[0])
        self.check_sarif(listed, json.loads(self.run("sarif", arguments, folder)[0]))
        return report

    def check_places(self, diagnostic, folder):
        places = [diagnostic.get("place")] + [label.get("place") for label in diagnostic["labels"]]
        for place in filter(None, places):
            path = os.path.join(folder, place["file"])
            if not os.path.exists(path):  # a name that is no UTF-8
                continue
            with open(path, "rb") as file:
                data = file.read()
            assert place["begin"]["byte"] <= place["end"]["byte"] <= len(data), place
            for point in (place["begin"], place["end"]):
                before = data[:point["byte"]].replace(b"\r\n", b" \n").replace(b"\r", b"\n")
                line = before[before.rfind(b"\n") + 1:]
                column = sum(byte & 0xC0 != 0x80 for byte in line) + 1
                if before.count(b"\n") == 0 and line.startswith(b"\xEF\xBB\xBF"):
                    column -= 1
                assert (point["line"], point["column"]) == (before.count(b"\n") + 1, column), place
        if "fix" in diagnostic:
            place = diagnostic["fix"]["place"]
            with open(os.path.join(folder, place["file"]), "rb") as file:
                word = file.read()[place["begin"]["byte"]:place["end"]["byte"]].decode("utf-8")
            assert f"'{word}'" in diagnostic["message"], diagnostic
            assert diagnostic["fix"]["text"] == diagnostic["suggestion"]

    def check_github(self, listed, report, text):
        lines = text.splitlines()
        assert len(lines) == len(listed) + (report["left_out"] > 0), text
        for line, diagnostic in zip(lines, listed):
            match = COMMAND.match(line)
            assert match, line
            assert match.group(1) == diagnostic["severity"]
            properties = {}
            for pair in match.group(2).split(","):
                name, value = pair.split("=", 1)
                assert name in PROPERTIES and name not in properties, line
                assert re.fullmatch(r"(?:[^%]|%25|%0D|%0A|%3A|%2C)*", value), line
                properties[name] = urllib.parse.unquote(value)
            assert re.fullmatch(r"(?:[^%]|%25|%0D|%0A)*", match.group(3)), line
            assert properties["title"] == diagnostic["code"]
            if "place" not in diagnostic:
                assert "line" not in properties
                continue
            begin, end = diagnostic["place"]["begin"], diagnostic["place"]["end"]
            assert int(properties["line"]) == begin["line"]
            assert int(properties["endLine"]) == end["line"]
            assert ("col" in properties) == (begin["line"] == end["line"])
            if "col" in properties:
                assert int(properties["col"]) == begin["column"]
                assert int(properties["endColumn"]) == end["column"]

    def check_sarif(self, listed, log):
        if self.sarif_schema:
            self.sarif_schema.validate(log)
        run, = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        assert [r["id"] for r in rules] == sorted({d["code"] for d in listed})
        assert all(rule["help"]["text"] for rule in rules), "a code without an explanation"
        invocation, = run["invocations"]
        told = invocation.get("toolConfigurationNotifications", [])
        unplaced = [d for d in listed if "place" not in d]
        assert [(n["associatedRule"]["id"], n["level"]) for n in told] == \
            [(d["code"], d["severity"]) for d in unplaced]
        assert invocation["executionSuccessful"] == all(d["severity"] != "error" for d in unplaced)
        placed = [d for d in listed if "place" in d]
        assert len(run["results"]) == len(placed)
        for result, diagnostic in zip(run["results"], placed):
            assert result["ruleId"] == diagnostic["code"] == rules[result["ruleIndex"]]["id"]
            assert result["level"] == diagnostic["severity"]
            assert result["message"]["text"].startswith(diagnostic["message"])
            assert len(result["locations"]) == 1
            for location in result["locations"]:
                self.check_region(location["physicalLocation"], diagnostic["place"])
            labels = [label for label in diagnostic["labels"] if "place" in label]
            related = result.get("relatedLocations", [])
            assert len(related) == len(labels)
            for location, label in zip(related, labels):
                self.check_region(location["physicalLocation"], label["place"])
            assert ("fixes" in result) == ("fix" in diagnostic)

    @staticmethod
    def check_region(location, place):
        region, begin, end = location["region"], place["begin"], place["end"]
        assert (region["startLine"], region["startColumn"]) == (begin["line"], begin["column"])
        assert (region["endLine"], region["endColumn"]) == (end["line"], end["column"])
        assert region["byteOffset"] == begin["byte"]
        uri = urllib.parse.unquote(location["artifactLocation"]["uri"], errors="replace")
        assert uri.removeprefix("file://").removeprefix("./").replace("\uFFFD", "") == \
            place["file"].replace("\uFFFD", ""), uri


def check_golden(checker):
    """Returns how many diagnostics and fixes there were."""
    folder = os.path.join(checker.root, "tests/golden/diagnostics")
    names = sorted(name for name in os.listdir(folder) if name.endswith(".yml"))
    found = fixes = 0
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            is_config = re.search(rb"^streams:", file.read(), re.MULTILINE)
        arguments = ["-c", name] if is_config else ["-c", "../telltale.yml", name]
        listed = checker.check(arguments, folder)["diagnostics"]
        found += len(listed)
        fixes += sum("fix" in diagnostic for diagnostic in listed)
    return found, fixes


def check_hostile(checker):
    """Names and bytes that a form could mistake for its own."""
    config = os.path.join(checker.root, "tests/golden/telltale.yml")
    names = ["a b.yml", "50%,x=1::y.yml", "c:d.yml", "\u6f22\u5b57 \u202e.yml", "q\"'\\.yml",
             "line\nbreak.yml", b"\xff\xfe.yml"]
    bodies = ["id: a\nwhen: '::error::%0A'\n", "id: \u6f22\u6f22\ton: x\r\non: logn\r",
              b"id: \xff\n", "", "\ufeffid: a\nsteps: []\n"]
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            for body in bodies:
                path = os.path.join(os.fsencode(folder), os.fsencode(name))
                with open(path, "wb") as file:
                    file.write(body if isinstance(body, bytes) else body.encode("utf-8"))
                checker.check(["-c", config, os.fsencode(name)], folder)
        with open(os.path.join(folder, "many.yml"), "w", encoding="utf-8") as file:
            file.write("id: many\n" + "".join(f"k{i}: 1\n" for i in range(1500)))
        report = checker.check(["-c", config, "many.yml"], folder)
        assert len(report["diagnostics"]) == 1000 and report["left_out"] > 0
        checker.check(["-c", "nowhere.yml"], folder)


def check_sample(checker):
    """A sample of events, with names and lines that no one would want."""
    with tempfile.TemporaryDirectory() as folder:
        def write(name, text):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(text)
        write("telltale.yml", b"streams: { a: { time: { source: kafka } } }\n")
        write("r.yml", b"{ id: r, on: a, where: usr == 1 && user == 1 }\n")
        write("a.ndjson", b'{"user": "x", "": {"\\n\\"": null}, "\xc3\xa9": [1]}\n\n\xff\n[]\n{}\n')
        report = checker.check(["--sample", "a=a.ndjson", "r.yml"], folder)
        assert [d["code"] for d in report["diagnostics"]] == ["R0951", "R0952"], report
        stream, = report["sample"]["streams"]
        assert (stream["events"], stream["bad_lines"]) == (2, 2), stream
        assert {field["path"] for field in stream["fields"]} == {"user", "", ".\n\"", "\u00e9"}
        assert report["sample"]["steps"][0]["fits"] == 0


def main():
    telltale, root = sys.argv[1:3]
    schema = sys.argv[4] if sys.argv[3:4] == ["--sarif-schema"] else None
    checker = Checker(telltale, root, schema)
    found, fixes = check_golden(checker)
    assert found > 200 and fixes > 10, (found, fixes)
    check_hostile(checker)
    check_sample(checker)
    print(f"{checker.runs} runs, {found} diagnostics, {fixes} fixes: as their schemas say")


main()
