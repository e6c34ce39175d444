// Lists and macros that were made to hurt: what grows without bound when it is expanded ends in a
// diagnostic, broken files of values too; what is only long loads.
#include <gtest/gtest.h>

#include "tests/rules/hostile_load.h"
#include "tests/support/heap_meter.h"

namespace telltale::rules {
namespace {

std::string Uses(const std::string& macro) { return "---\n" + RuleWith("where: " + macro); }

// m0: m1 OP m1, m1: m2 OP m2 ...
std::string Doubling(int macros, const std::string& op) {
  std::string text = "macros:\n";
  for (int i = 0; i < macros; ++i) {
    const std::string next = "m" + std::to_string(i + 1);
    text += "  m" + std::to_string(i) + ": " + next + op + next + "\n";
  }
  return text + "  m" + std::to_string(macros) + ": x == 1\n" + Uses("m0");
}

TEST(HostileMacros, ThatDouble) {
  for (const int macros : {16, 20, 30, 60, 10'000}) {
    const Outcome outcome = LoadHostile(Doubling(macros, " && "));
    EXPECT_EQ(outcome.First(), "R0311") << macros;
    EXPECT_LE(outcome.peak, 128 * kMegabyte) << macros;
    EXPECT_LE(outcome.report.size(), kMegabyte) << macros;
  }
  std::string text = "macros:\n";
  for (int i = 0; i < 25; ++i) {
    text += "  m" + std::to_string(i) + "(x): m" + std::to_string(i + 1) + "(x + x)\n";
  }
  const Outcome arguments = LoadHostile(text + "  m25(x): x == 1\n" + Uses("m0(y)"));
  EXPECT_EQ(arguments.First(), "R0311");
  EXPECT_LE(arguments.peak, 128 * kMegabyte);
}

// As many as a file holds, each naming the next: finding circles must not need the stack for it.
TEST(HostileMacros, AChainOfMany) {
  std::string text = "macros:\n";
  constexpr int kMacros = 60'000;
  for (int i = 0; i < kMacros; ++i) {
    text += "  m" + std::to_string(1'000'000 + i) + ": m" + std::to_string(1'000'001 + i) + "\n";
  }
  const std::string last = "  m" + std::to_string(1'000'000 + kMacros) + ": ";
  EXPECT_EQ(LoadHostile(text + last + "x == 1\n" + Uses("m1000000")).First(), "R0311");
  const Outcome circle = LoadHostile(text + last + "m1000000\n" + Uses("m1000000"));
  EXPECT_EQ(circle.result.rules, nullptr);
  EXPECT_LE(circle.report.size(), 4 * kMegabyte);
}

TEST(HostileMacros, ManyParameters) {
  std::string head = "m(p0";
  std::string call = "m(1";
  for (int i = 1; i < 5'000; ++i) {
    head += ",p" + std::to_string(i);
    call += ",1";
  }
  const Outcome outcome =
      LoadHostile("macros:\n  ? " + head + ")\n  : p0 == 1\n" + Uses(call + ")"));
  EXPECT_LE(outcome.peak, 128 * kMegabyte);
}

class OneFile : public DataFiles {
 public:
  explicit OneFile(std::string text)
      : file_(std::make_shared<const SourceFile>("data.csv", std::move(text))) {}
  DataFile Read(std::string_view, const SourceFile&) override { return {file_, ""}; }

 private:
  SourcePtr file_;
};

struct Listed {
  std::string first;  // the code of the first diagnostic
  size_t peak = 0;
};

Listed ListOf(const std::string& keys, std::string data) {
  OneFile file(std::move(data));
  const auto rule = std::make_shared<const SourceFile>(
      "a.yml", "lists: { l: { file: data.csv" + keys + " } }\n" + Uses("x in lists.l"));
  const auto streams =
      std::make_shared<const StreamCatalog>(std::vector<Stream>{{"logins", "l", {}, 1'000'000}});
  const tests::HeapMeter meter;
  const LoadResult result = Load({rule}, {.streams = streams, .data = &file});
  return {result.diagnostics.empty() ? "fine" : result.diagnostics.list()[0].code.id, meter.peak()};
}

TEST(HostileLists, AMillionEntriesAreFine) {
  std::string lines;
  std::string cells = "n,value\n";
  std::string items = "lists:\n  l:\n";
  for (int i = 0; i < 1'000'000; ++i) {
    const std::string value = "value-" + std::to_string(i);
    lines += value + "\n";
    cells += "1," + value + "\n";
    items += "    - " + value + "\n";
  }
  const Listed listed = ListOf("", lines);
  EXPECT_EQ(listed.first, "fine");
  EXPECT_LE(listed.peak, 200 * kMegabyte);
  const Listed column = ListOf(", column: value", cells);
  EXPECT_EQ(column.first, "fine");
  EXPECT_LE(column.peak, 200 * kMegabyte);
  const Outcome inside = LoadHostile(items + Uses("x in lists.l"));
  EXPECT_EQ(inside.First(), "fine") << inside.report.substr(0, 400);
  EXPECT_LE(inside.peak, 700 * kMegabyte);
}

TEST(HostileLists, BrokenFiles) {
  const auto code = [](std::string data) { return ListOf(", column: b", std::move(data)).first; };
  EXPECT_EQ(code(std::string("a,b\n1,\0\n", 9)), "R0004");
  EXPECT_EQ(code("a,b\n1,\xFF\n"), "R0003");
  EXPECT_EQ(code("a,b\n1,\"2\n"), "R0704");
  EXPECT_EQ(code("a,b\n1,\"2\"3\n"), "R0704");
  EXPECT_EQ(code("a,b\n1,2,3\n"), "R0704");
  EXPECT_EQ(code("a,b,b\n1,2,3\n"), "R0704");
  EXPECT_EQ(code("a,c\n1,2\n"), "R0705");
  EXPECT_EQ(code(""), "R0705");
  EXPECT_EQ(code("a,b\n1\n"), "fine");  // a short row has no value there
  EXPECT_EQ(code("a,b\n" + Times(100'000, "1,2,3\n")), "R0704");
  EXPECT_EQ(code(Times(2'000'000, ",") + "\n"), "R0705");
  EXPECT_EQ(code("a,b\n\"" + Times(1'000'000, "\"\"") + "\",2\n"), "fine");
  EXPECT_EQ(ListOf(", type: int", Times(1'000'000, "x\n")).first, "R0706");
  EXPECT_EQ(ListOf(", type: int", std::string(1'000'000, '9')).first, "R0706");
  EXPECT_EQ(ListOf("", Times(10'000'000, "\n")).first, "fine");
  EXPECT_EQ(ListOf("", std::string(10'000'000, ' ')).first, "fine");
}

}  // namespace
}  // namespace telltale::rules
