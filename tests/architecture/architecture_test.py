"""Checks the tree's shape from its includes: who may include whom, who owns which package.

    architecture_test.py [ROOT]

The rules are data, below; each broken one is printed as file:line: text, and the exit code is then
1. check_tree() takes any folder, so that the check is itself tested (self_test.py).
"""
import os
import re
import sys

# A file in the first folder may include files of these folders, and of its own.
MAY_INCLUDE = {
    "rules/model": [],
    "rules/load": ["rules"],
    "rules": ["rules"],
    "engine": ["engine", "rules/model"],
    "proto": ["proto"],
    "daemon": ["daemon", "engine", "rules", "proto"],
    "tests": ["tests", "daemon", "engine", "rules", "proto"],
}

# An include that matches the pattern is for these folders alone.
OWNERS = [
    ("yaml-cpp", r"^yaml-cpp/", ["rules/load"]),
    ("RE2", r"^re2/", ["engine/condition", "rules/load"]),
    ("librdkafka", r"^librdkafka/", ["daemon/kafka", "daemon/demo", "tests"]),
    ("gRPC", r"^(grpc|grpcpp)/|\.grpc\.pb\.h$", ["daemon/control", "tests"]),
    ("protobuf", r"^google/protobuf/|\.pb\.h$", ["daemon/control", "tests"]),
    ("prometheus-cpp", r"^(prometheus|civetweb)/|^(CivetServer|civetweb)\.h$",
     ["daemon/telemetry", "tests"]),
    ("simdjson", r"^simdjson", ["daemon", "tests"]),
    ("threads", r"^(thread|mutex|shared_mutex|condition_variable|semaphore|latch|barrier|future"
                r"|stop_token|pthread\.h|absl/synchronization/.*)$",
     ["engine/runtime", "daemon", "tests"]),
    ("files", r"^(fstream|filesystem|fcntl\.h|sys/stat\.h)$", ["rules/load", "daemon", "tests"]),
    ("GoogleTest", r"^(gtest|gmock)/", ["tests"]),
]

# Words that would bring in from outside what the engine must be given.
BANNED_WORDS = [
    ("engine", r"\b(std::getenv|getenv|absl::Now|system_clock::now|clock_gettime|gettimeofday)\b",
     "the engine knows neither the wall clock nor the environment"),
    ("daemon/kafka", r"\b(absl::Now|system_clock::now|gettimeofday)\b",
     "what waits counts on steady_clock.h: the machine's clock may jump"),
    ("rules/model", r"\b(std::getenv|getenv|absl::Now|system_clock::now)\b",
     "rules know neither the wall clock nor the environment"),
]

# These files may name what the rules above forbid, each for a reason:
EXCEPTIONS = {
}

INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]')
SKIPPED_FOLDERS = {"build", ".git", ".cache", "__pycache__"}


def source_files(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
        for name in sorted(names):
            if name.endswith((".h", ".cc", ".c")):
                path = os.path.relpath(os.path.join(folder, name), root)
                if "/" in path:
                    yield path


def is_under(path, folder):
    return path == folder or path.startswith(folder + "/")


def room_of(path):
    """The most exact folder of MAY_INCLUDE that holds a file."""
    rooms = [room for room in MAY_INCLUDE if is_under(path, room)]
    return max(rooms, key=len) if rooms else None


def is_ours(include):
    return include.split("/")[0] in {room.split("/")[0] for room in MAY_INCLUDE} and "/" in include


def check_direction(path, line, include, problems):
    room = room_of(path)
    if room is None:
        problems.append(f"{path}:{line}: no room for this folder is known to the architecture test")
        return
    allowed = MAY_INCLUDE[room] + [room]
    if not any(is_under(include, folder) for folder in allowed):
        problems.append(f"{path}:{line}: {room} may not include {include}")


def check_owner(path, line, include, problems):
    for package, pattern, owners in OWNERS:
        if re.search(pattern, include) and not any(is_under(path, owner) for owner in owners):
            problems.append(f"{path}:{line}: {package} belongs to {', '.join(owners)}: {include}")


def check_header(path, lines, problems):
    first = next((line for line in lines if line.strip()), "")
    if not first.startswith("//"):
        problems.append(f"{path}:1: a header opens with a comment: what it is for, who owns it, "
                        "which thread may call it, what can go wrong")
    guard = "TELLTALE_" + re.sub(r"[^A-Za-z0-9]", "_", path).upper() + "_"
    text = "\n".join(lines)
    if not re.search(rf"^#ifndef {guard}\n#define {guard}$", text, re.MULTILINE):
        problems.append(f"{path}:1: no include guard {guard}")


def check_words(path, lines, problems):
    for folder, pattern, reason in BANNED_WORDS:
        if not is_under(path, folder):
            continue
        for number, line in enumerate(lines, 1):
            found = re.search(pattern, line.split("//")[0])
            if found:
                problems.append(f"{path}:{number}: {found.group(0)}: {reason}")


def check_named(root, path, problems):
    """A source file is named in the CMakeLists.txt of its folder or of one above."""
    folder, name = os.path.dirname(path), path
    while folder:
        name = os.path.relpath(path, folder)
        lists = os.path.join(root, folder, "CMakeLists.txt")
        if os.path.exists(lists):
            with open(lists, encoding="utf-8") as file:
                words = re.split(r"[\s()]+", re.sub(r"#.*", "", file.read()))
            if name in words or os.path.basename(path) in words:
                return
        folder = os.path.dirname(folder)
    problems.append(f"{path}:1: named in no CMakeLists.txt")


def find_cycle(graph):
    """A list of nodes that include each other in a circle, or None."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for other in sorted(graph.get(node, ())):
            cycle = visit(other)
            if cycle:
                return cycle
        path.pop()
        done.add(node)
        return None

    for node in sorted(graph):
        cycle = visit(node)
        if cycle:
            return cycle
    return None


def check_tree(root):
    """All the problems of a tree, as lines of text."""
    problems, folders, files = [], {}, {}
    for path in source_files(root):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            lines = file.read().split("\n")
        if path.endswith(".h"):
            check_header(path, lines, problems)
        check_words(path, lines, problems)
        check_named(root, path, problems)
        for number, line in enumerate(lines, 1):
            found = INCLUDE.match(line)
            if not found or (path, found.group(1)) in EXCEPTIONS:
                continue
            include = found.group(1)
            check_owner(path, number, include, problems)
            if not is_ours(include):
                continue
            check_direction(path, number, include, problems)
            files.setdefault(path, set()).add(include)
            here, there = os.path.dirname(path), os.path.dirname(include)
            if here != there:
                folders.setdefault(here, set()).add(there)
    for what, graph in (("files", files), ("folders", folders)):
        cycle = find_cycle(graph)
        if cycle:
            problems.append(f"{what} include each other in a circle: " + " -> ".join(cycle))
    return problems


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "..")
    problems = check_tree(root)
    print("\n".join(problems) or "the tree is as it should be")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
