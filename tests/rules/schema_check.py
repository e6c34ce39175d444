"""Holds documents against a JSON Schema.

    schema_check.py SCHEMA CASES

CASES has one JSON object a line, {"document": ..., "accepted": bool}: whether the loader took it.
Prints each that the schema judges otherwise, and the exit code is then 1.
"""
import json
import sys

import jsonschema


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    accepted = refused = wrong = 0
    with open(sys.argv[2], encoding="utf-8") as file:
        for line in file:
            case = json.loads(line)
            valid = validator.is_valid(case["document"])
            accepted += case["accepted"]
            refused += not case["accepted"]
            if valid == case["accepted"]:
                continue
            wrong += 1
            if wrong <= 10:
                error = next(validator.iter_errors(case["document"]), None)
                print("the loader", "takes" if case["accepted"] else "refuses", "this:",
                      json.dumps(case["document"]), "- the schema says:",
                      error.message[:300] if error else "valid")
    print(f"{accepted} accepted, {refused} refused, {wrong} judged otherwise")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
