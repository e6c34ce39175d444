"""Tests the architecture test: small trees with one fault each, which it must find."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from architecture_test import check_tree  # noqa: E402

HEADER = "// What it is for.\n#ifndef {0}\n#define {0}\n{1}\n#endif  // {0}\n"


def header(path, includes=()):
    guard = "TELLTALE_" + path.upper().replace("/", "_").replace(".", "_") + "_"
    return HEADER.format(guard, "\n".join(f'#include "{name}"' for name in includes))


class ArchitectureTest(unittest.TestCase):
    def problems(self, files, name_them=True):
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
                if name_them:
                    with open(os.path.join(root, os.path.dirname(path), "CMakeLists.txt"), "a",
                              encoding="utf-8") as file:
                        file.write(f"telltale_library(x SOURCES {os.path.basename(path)})\n")
            return check_tree(root)

    def assert_one(self, files, words):
        problems = self.problems(files)
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(words, problems[0])

    def test_good_tree(self):
        self.assertEqual(self.problems({
            "rules/model/a.h": header("rules/model/a.h"),
            "rules/load/b.cc": '#include "rules/model/a.h"\n#include <yaml-cpp/yaml.h>\n',
            "engine/event/c.cc": '#include "rules/model/a.h"\n#include "absl/strings/str_cat.h"\n',
            "daemon/app/d.cc": '#include "engine/event/e.h"\n#include <thread>\n',
            "tests/e.cc": '#include "daemon/app/d.h"\n#include "gtest/gtest.h"\n',
        }), [])

    def test_directions(self):
        for path, include in [
            ("engine/event/a.cc", "daemon/app/b.h"),
            ("engine/event/a.cc", "rules/load/b.h"),
            ("engine/event/a.cc", "tests/support/b.h"),
            ("rules/load/a.cc", "engine/event/b.h"),
            ("rules/model/a.cc", "rules/load/b.h"),
            ("daemon/app/a.cc", "tests/support/b.h"),
        ]:
            with self.subTest(path=path, include=include):
                self.assert_one({path: f'#include "{include}"\n'}, "may not include")

    def test_owners(self):
        for path, include in [
            ("engine/event/a.cc", "yaml-cpp/yaml.h"),
            ("engine/pattern/a.cc", "re2/re2.h"),
            ("daemon/app/a.cc", "librdkafka/rdkafka.h"),
            ("daemon/app/a.cc", "grpcpp/grpcpp.h"),
            ("daemon/app/a.cc", "prometheus/registry.h"),
            ("engine/pattern/a.cc", "mutex"),
            ("rules/model/a.cc", "absl/synchronization/mutex.h"),
            ("daemon/app/a.cc", "gtest/gtest.h"),
        ]:
            with self.subTest(path=path, include=include):
                self.assert_one({path: f"#include <{include}>\n"}, "belongs to")

    def test_proto_is_for_the_daemon(self):
        problems = self.problems({"engine/a.cc": '#include "proto/telltale/v1/control.pb.h"\n'})
        self.assertEqual(len(problems), 2, problems)

    def test_circles(self):
        self.assert_one({
            "engine/a/a.h": header("engine/a/a.h", ["engine/b/b.h"]),
            "engine/b/b.h": header("engine/b/b.h"),
            "engine/b/c.cc": '#include "engine/a/a.h"\n',
        }, "folders include each other in a circle: engine/a -> engine/b -> engine/a")

    def test_headers(self):
        self.assert_one({"engine/a/a.h": "// What it is for.\n"}, "no include guard")
        bare = header("engine/a/a.h").split("\n", 1)[1]
        self.assert_one({"engine/a/a.h": bare}, "opens with a comment")

    def test_sources_are_named(self):
        problems = self.problems({"engine/a/a.cc": "int a;\n"}, name_them=False)
        self.assertEqual(problems, ["engine/a/a.cc:1: named in no CMakeLists.txt"])

    def test_wall_clock(self):
        self.assert_one({"engine/time/a.cc": "auto t = absl::Now();\n"}, "wall clock")
        self.assert_one({"daemon/kafka/a.cc": "auto t = absl::Now();\n"}, "clock may jump")
        self.assertEqual(self.problems({"engine/time/a.cc": "// never absl::Now()\n"}), [])


if __name__ == "__main__":
    unittest.main()
