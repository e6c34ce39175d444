#include "daemon/testing/text_report.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "rules/model/line_picture.h"

namespace telltale::testing {
namespace {

constexpr size_t kWidestColumn = 48;  // what is longer does not push the next column away

// How many columns of a terminal a text takes: its code points.
size_t Width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// Line breaks and other controls would break the columns.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      line += '?';
    } else {
      line += c;
    }
  }
  return line;
}

std::string Padded(std::string text, size_t width) {
  const size_t has = Width(text);
  return has < width ? text.append(width - has, ' ') : text;
}

// Three columns, aligned; a star before the lines that differ.
std::string Columns(const std::vector<Attribute>& attributes, bool expected, bool got) {
  std::vector<std::array<std::string, 3>> lines = {
      {"", expected ? "expected" : "", got ? "got" : ""}};
  for (const Attribute& attribute : attributes) {
    lines.push_back({attribute.name, OneLine(attribute.expected.value_or("")),
                     got ? OneLine(attribute.got.value_or("")) : ""});
  }
  std::array<size_t, 2> widths = {0, 0};
  for (const auto& line : lines) {
    for (size_t i = 0; i < 2; ++i)
      widths[i] = std::max(widths[i], std::min(Width(line[i]), kWidestColumn));
  }
  std::string text;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string line = i > 0 && attributes[i - 1].differs ? "  * " : "    ";
    absl::StrAppend(&line, Padded(lines[i][0], widths[0]), "  ");
    if (expected) absl::StrAppend(&line, Padded(lines[i][1], widths[1]), "  ");
    line += lines[i][2];
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, "  ", line, "\n");
  }
  return text;
}

std::string AlertText(const WrongAlert& wrong, const rules::RuleTest& test) {
  if (wrong.expected == nullptr) {
    return absl::StrCat("    an alert came that is not expected\n",
                        Columns(wrong.attributes, false, true));
  }
  const auto number = wrong.expected - test.alerts.data();
  std::string text = absl::StrCat(
      "    alert ", number,
      wrong.got == nullptr ? " did not come, nor one like it" : " is not as expected", "  ",
      PlaceText(wrong.expected->span), "\n", Columns(wrong.attributes, true, wrong.got != nullptr));
  for (const absl::string_view line : absl::StrSplit(wrong.why, '\n', absl::SkipEmpty()))
    absl::StrAppend(&text, "    ", line, "\n");
  return text;
}

std::string Summary(const std::vector<TestResult>& results) {
  const auto count = [&](auto condition) {
    return std::count_if(results.begin(), results.end(), condition);
  };
  const auto passed = count([](const TestResult& result) { return result.passed(); });
  const auto failed = count([](const TestResult& result) { return result.failed(); });
  const auto skipped = count([](const TestResult& result) { return !result.ran; });
  std::string text =
      absl::StrCat(results.size(), results.size() == 1 ? " test: " : " tests: ", passed,
                   " passed, ", failed, " failed");
  if (skipped > 0) absl::StrAppend(&text, ", ", skipped, " not run");
  return text + "\n";
}

}  // namespace

std::string PlaceText(const rules::Span& span) {
  if (span.file == nullptr) return "";
  const rules::LineColumn place = span.file->Locate(span.begin);
  return absl::StrCat(rules::Printable(span.file->path()), ":", place.line, ":", place.column);
}

std::string FailureText(const TestResult& result) {
  if (!result.problem.empty()) return absl::StrCat("    it cannot be run: ", result.problem, "\n");
  std::string text;
  for (const WrongAlert& wrong : result.verdict.wrong) text += AlertText(wrong, *result.test);
  for (const std::string& fault : result.verdict.event_faults)
    absl::StrAppend(&text, "    ", fault, "\n");
  return text;
}

std::string TextReport(const std::vector<TestResult>& results, bool verbose) {
  std::string text;
  for (const TestResult& result : results) {
    if (!result.ran) continue;
    if (result.passed()) {
      if (verbose) absl::StrAppend(&text, "ok    ", result.test->Path(), "\n");
      continue;
    }
    absl::StrAppend(&text, "FAIL  ", result.test->Path(), "\n      ", PlaceText(result.test->span),
                    "\n", FailureText(result), "\n");
  }
  return text + Summary(results);
}

}  // namespace telltale::testing
