// Sigma rules as text, over one stream that serves `product: p`: for tests and the fuzz target.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_TESTS_RULES_SIGMA_TEXT_H_
#define TELLTALE_TESTS_RULES_SIGMA_TEXT_H_

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "rules/model/stream.h"

namespace telltale::rules {

inline std::shared_ptr<const StreamCatalog> SigmaStreams() {
  Stream stream;
  stream.name = "s";
  stream.topic = "s";
  stream.logsources.push_back(
      {.name = {.product = "p", .category = "", .service = ""}, .where = {}, .fields = {}});
  return std::make_shared<const StreamCatalog>(std::vector<Stream>{stream});
}

inline std::string Indented(const std::string& text) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);) out += "  " + line + "\n";
  return out;
}

// A rule with this detection; without a `condition` it is `selection`.
inline std::string RuleWith(const std::string& detection) {
  const bool bare = detection.find("condition:") == std::string::npos;
  return "title: T\nlogsource: { product: p }\ndetection:\n" + Indented(detection) +
         (bare ? "  condition: selection\n" : "");
}

}  // namespace telltale::rules

#endif  // TELLTALE_TESTS_RULES_SIGMA_TEXT_H_
