#!/usr/bin/env python3
"""Makes the first inputs and the dictionaries of the fuzz targets from the project's own examples.

    make_examples.py SOURCE OUT

OUT gets a folder for each kind of input (rules, sigma, config, expressions) and a libFuzzer dictionary
beside it. Examples are the golden files, the packs and samples, the YAML blocks and conditions of
the references, and the texts in the tests; words are what the loader's own tables hold.
"""

import hashlib
import pathlib
import re
import sys

FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
RAW_LITERAL = re.compile(r'R"([a-z]*)\((.*?)\)\1"', re.DOTALL)
CONDITION = re.compile(r"where: (?:'([^']*(?:''[^']*)*)'|\"([^\"]*)\"|([^'\"{\[>|][^\n}]*))")
HOLE = re.compile(r"\{\{(.*?)\}\}")
WORD = re.compile(r'"([A-Za-z_@$][A-Za-z0-9_.@$?]*)"')

SIGNS = ["&&", "||", "==", "!=", "<=", ">=", "?", " in ", ".?", "[?", "b'", "r'", '"""', "u", "0x",
         "9223372036854775807", "18446744073709551615", "1e308", "{{", "}}"]
SIGMA = ["|contains", "|all", "|re", "|base64offset", "1 of ", "all of them", " and not ", "*", "?",
         "\\*", "%p%", "logsource: { product: p }", "condition: selection", "timespan: 5m"]
LAYOUT = ["---\n", "- ", ": ", ">-\n", "|\n", "{ ", " }", "[", "]", "\n  ", "\xef\xbb\xbf", "!!str ",
          "&a", "*a", "15m", "1h30m", "{{", "}}", "\x1c"]


def is_config(text):
    return re.search(r"^streams:", text, re.MULTILINE) is not None


def is_sigma(text):
    return re.search(r"^-? *(logsource|correlation|filter|detection|selection):", text, re.MULTILINE)


def yaml_texts(source):
    for folder in ("tests/golden", "tests/conformance", "tests/rules", "deploy/sample",
                   "rules/packs"):
        for path in sorted((source / folder).rglob("*.y*ml")):
            yield path.read_bytes().decode("utf-8", "surrogateescape")
    for readme in ("README.md", "rules/README.md", "daemon/config/README.md"):
        yield from FENCE.findall((source / readme).read_text())


def cpp_texts(source, patterns):
    for pattern in patterns:
        for path in sorted(source.glob(pattern)):
            text = path.read_text()
            for literal in LITERAL.findall(text):
                yield literal.replace('\\"', '"').replace("\\\\", "\\").replace("\\n", "\n")
            for _, literal in RAW_LITERAL.findall(text):
                yield literal


def conditions(texts):
    for text in texts:
        for single, double, plain in CONDITION.findall(text):
            yield single.replace("''", "'") or double or plain.strip()
        yield from HOLE.findall(text)


def words(source, patterns):
    found = set()
    for pattern in patterns:
        for path in sorted(source.glob(pattern)):
            found.update(WORD.findall(path.read_text()))
    return sorted(found)


def write_inputs(folder, texts):
    folder.mkdir(parents=True, exist_ok=True)
    for text in texts:
        data = text.encode("utf-8", "surrogateescape")
        if 0 < len(data) <= 16384:
            (folder / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)
    if not any(folder.iterdir()):
        sys.exit(f"make_examples.py: nothing found for {folder.name}")


def write_dictionary(path, entries):
    def quoted(entry):
        data = entry.encode("latin-1") if entry.startswith("\xef") else entry.encode()
        return "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02X}" for b in data)

    path.write_text("".join(f'"{quoted(entry)}"\n' for entry in entries))


def main():
    source, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    texts = list(yaml_texts(source))
    write_inputs(out / "rules", [text for text in texts if not is_config(text)])
    write_inputs(out / "config", [text for text in texts if is_config(text)])
    detections = cpp_texts(source, ["tests/rules/sigma_*.cc"])
    write_inputs(out / "sigma", [text for text in texts if is_sigma(text)] +
                 [text for text in detections if ":" in text])
    tests = ["tests/rules/cel_*", "tests/engine/condition_*", "tests/engine/*cel*"]
    written = list(cpp_texts(source, tests))
    write_inputs(out / "expressions", list(conditions(texts)) + written)
    write_dictionary(out / "rules.dict", words(source, ["rules/load/**/*.cc", "rules/load/vocabulary/*.h"])
                     + SIGNS + LAYOUT)
    write_dictionary(out / "sigma.dict", words(source, ["rules/load/sigma/*.cc"]) + SIGMA + LAYOUT)
    write_dictionary(out / "config.dict", words(source, ["daemon/config/*.cc"]) + LAYOUT)
    write_dictionary(out / "expressions.dict", words(source, ["rules/load/cel/*.cc"]) + SIGNS)


main()
