// Everything that is said of one text, be it a rule file or a config.
//
// A text with a line that begins with "streams:" is a config; one whose first line is "# replay:
// STREAM ..." is a config for a replay of these streams. A rule file is read with the streams of
// telltale.yml in this folder, and a file whose name ends in .test.yml as tests of the rules of
// tested_rules.yml; "# co_partitioned: true" as its first line makes them so.
//
// Owner: the caller. Thread: one. Errors: those that are told.
#ifndef TELLTALE_TESTS_GOLDEN_DIAGNOSE_H_
#define TELLTALE_TESTS_GOLDEN_DIAGNOSE_H_

#include <string>

#include "rules/model/diagnostic.h"

namespace telltale {

// `name` is the file's name in messages. A config's rule files are relative to this folder.
rules::Diagnostics Diagnose(const std::string& name, const std::string& text);

// The whole file, below the root of the sources.
std::string ReadSourceFile(const std::string& path);

}  // namespace telltale

#endif  // TELLTALE_TESTS_GOLDEN_DIAGNOSE_H_
