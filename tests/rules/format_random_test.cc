// Random documents, written at random: any indent, any style, any quotes, and a comment in every
// place that takes one. Formatting keeps what they say and every comment, and does it once.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "rules/load/format/format.h"
#include "rules/load/load.h"

namespace telltale::rules {
namespace {

class Author {
 public:
  explicit Author(uint32_t seed) : random_(seed) {}

  std::string File() {
    std::string text;
    for (int documents = Any(1, 3); documents > 0; --documents) {
      text += Notes(0);
      if (!text.empty() || Chance(2)) text += "---" + Tail() + "\n";
      text += Notes(0);
      text += Chance(6) ? Flow(3) + Tail() + "\n" : Block(0, 3);
      text += Notes(0);
    }
    return Chance(5) ? WithReturns(text) : text;
  }

  int comments() const { return comments_; }

 private:
  int Any(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }
  bool Chance(int of) { return Any(1, of) == 1; }

  std::string Comment() {
    return "# note " + std::to_string(++comments_) + (Chance(4) ? " \t" : "");
  }
  std::string Tail() {
    if (Chance(4)) return std::string(static_cast<size_t>(Any(1, 4)), ' ') + Comment();
    return std::string(static_cast<size_t>(Any(0, 2)), ' ');
  }
  // Lines of their own, and blank ones.
  std::string Notes(int indent) {
    std::string text;
    while (Chance(4)) {
      const int column = std::max(0, indent + Any(-2, 2));
      text += Chance(3) ? "\n" : std::string(static_cast<size_t>(column), ' ') + Comment() + "\n";
    }
    return text;
  }

  static std::string WithReturns(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
    return out;
  }

  std::string Word() {
    static const std::vector<std::string> words = {"a",
                                                   "login",
                                                   "x-1",
                                                   "on",
                                                   "yes",
                                                   "17",
                                                   "1.5",
                                                   "true",
                                                   "null",
                                                   "~",
                                                   "2027-01-01",
                                                   "under_score",
                                                   "a.b/c",
                                                   "0x1F",
                                                   "word word",
                                                   "a == 1 && b != \"c\"",
                                                   "user|contains",
                                                   "http://x/y"};
    return words[static_cast<size_t>(Any(0, static_cast<int>(words.size()) - 1))];
  }

  std::string Scalar(bool in_flow) {
    switch (Any(0, 5)) {
      case 0:
        return "'" + Word() + (Chance(3) ? " it''s" : "") + "'";
      case 1:
        return "\"" + std::string(Chance(2) ? "tab\\t \\\"q\\\" \\u00e9" : "plain words") + "\"";
      case 2:
        return in_flow ? Word() : Long();
      default:
        return Word();
    }
  }

  std::string Long() {
    std::string text = "first_condition == 1";
    for (int more = Any(1, 8); more > 0; --more) {
      text += Chance(2) ? " && (second.x > 2.0 || !has(third))" : " || name in [\"a\", \"b\"]";
    }
    return text;
  }

  std::string Key(int number) {
    const std::string key = "k" + std::to_string(number);
    return Chance(4) ? "\"" + key + "\"" : Chance(5) ? "'" + key + " x'" : key;
  }

  std::string FlowGap() {
    std::string text = Chance(3) ? " " : "";
    if (Chance(12)) text += " " + Comment() + "\n  ";
    if (Chance(10)) text += "\n    ";
    return text;
  }

  std::string Flow(int depth) {
    const bool map = Chance(2);
    std::string text = map ? "{" : "[";
    const int count = Any(0, 4);
    for (int i = 0; i < count; ++i) {
      if (i > 0) text += ",";
      text += " " + FlowGap();
      const std::string value = depth > 0 && Chance(3) ? Flow(depth - 1) : Scalar(true);
      text += map                                    ? Key(i) + ": " + value
              : Chance(8) && !value.starts_with("{") ? "p: " + value
                                                     : value;
      text += FlowGap();
    }
    return text + " " + (map ? "}" : "]");
  }

  // A value behind "key:" or "-", which stand at `indent`, with the end of its line.
  std::string Value(int indent, int depth) {
    if (depth > 0 && Chance(3)) {
      return Tail() + "\n" + Block(indent + Any(1, 4), depth - 1);
    }
    if (Chance(5)) return BlockScalar(indent);
    if (Chance(12)) return Tail() + "\n";
    if (Chance(4)) return " " + Flow(2) + Tail() + "\n";
    if (Chance(10)) {
      return Tail() + "\n" + Notes(indent + 2) + std::string(static_cast<size_t>(indent) + 2, ' ') +
             Scalar(false) + Tail() + "\n";
    }
    if (Chance(10)) {
      return " several words\n" + std::string(static_cast<size_t>(indent) + 3, ' ') +
             "on two lines" + Tail() + "\n";
    }
    return std::string(static_cast<size_t>(Any(1, 3)), ' ') + Scalar(false) + Tail() + "\n";
  }

  std::string BlockScalar(int indent) {
    static const std::vector<std::string> headers = {"|", ">", "|-", ">-", "|+", ">+"};
    std::string text = " " + headers[static_cast<size_t>(Any(0, 5))] + Tail() + "\n";
    const std::string spaces(static_cast<size_t>(indent + Any(1, 4)), ' ');
    for (int lines = Any(1, 4); lines > 0; --lines) {
      text += spaces + "line # no comment" + (Chance(4) ? "  " : "") + "\n";
      if (Chance(3)) text += spaces + "  more\n";
      if (Chance(4)) text += "\n";
    }
    return text;
  }

  std::string Block(int indent, int depth) {
    const bool map = Chance(2);
    const std::string spaces(static_cast<size_t>(indent), ' ');
    std::string text;
    for (int i = 0, count = Any(1, 4); i < count; ++i) {
      text += Notes(indent);
      if (map) {
        text += spaces + Key(i) + ":" + Value(indent, depth);
      } else if (depth > 0 && Chance(3)) {
        text += spaces + "- k0: " + Flow(2) + Tail() + "\n";
      } else {
        text += spaces + "-" + Value(indent, depth);
      }
    }
    return text;
  }

  std::mt19937 random_;
  int comments_ = 0;
};

size_t Count(const std::string& text, std::string_view what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(Format, KeepsMeaningAndCommentsOfRandomFiles) {
  int formatted = 0;
  for (uint32_t seed = 1; seed <= 4000; ++seed) {
    Author author(seed);
    const std::string text = author.File();
    const FormatResult result = Format(std::make_shared<const SourceFile>("random.yml", text));
    // The author is careless with indents: what YAML refuses is not the formatter's.
    if (result.diagnostics.has_errors()) continue;
    ++formatted;
    ASSERT_TRUE(result.text.has_value()) << result.refusal << "\nseed " << seed << "\n" << text;
    EXPECT_EQ(Count(*result.text, "# note "), static_cast<size_t>(author.comments())) << text;
    const FormatResult again =
        Format(std::make_shared<const SourceFile>("random.yml", *result.text));
    ASSERT_EQ(again.text.value_or(again.refusal), *result.text) << "seed " << seed << "\n" << text;
  }
  EXPECT_GT(formatted, 2000);
}

// The rules of a file before and after: equal fingerprints, and equal in what alerts show.
TEST(Format, KeepsWhatRulesMean) {
  const auto streams = std::make_shared<const StreamCatalog>(
      std::vector<Stream>{{"logins", "l", {}, 1}, {"devices", "d", {}, 1}});
  const std::string text =
      "- {id: one, by: [ user_id,country ],on: logins,where: 'result == \"ok\" && country != "
      "\"DE\"',"
      " title: \"A \\\"title\\\" {{user_id}}\", tags: ['a',\"b\"], level: \"high\" }   # c\n"
      "-   id: 'two'\n    by:    user_id\n    sequence:\n    - a: {on: logins, repeat: {min: 2}}\n"
      "    - b:\n         on: devices\n         where: >\n            a[0].x ==\n            y\n"
      "      # c\n    within:  1h\n    alert: { title: 'x: {{b.y}}', fields: {f: \"b.z\" } }\n";
  const auto load = [&](const std::string& yaml) {
    LoadResult result = Load({std::make_shared<const SourceFile>("r.yml", yaml)}, streams);
    EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
    return result.rules;
  };
  const FormatResult result = Format(std::make_shared<const SourceFile>("r.yml", text));
  ASSERT_TRUE(result.text.has_value());
  EXPECT_NE(*result.text, text);
  const auto before = load(text);
  const auto after = load(*result.text);
  ASSERT_EQ(before->rules.size(), 2u);
  ASSERT_EQ(after->rules.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(before->rules[i].fingerprint, after->rules[i].fingerprint);
    EXPECT_EQ(before->rules[i].title, after->rules[i].title);
    EXPECT_EQ(before->rules[i].tags, after->rules[i].tags);
    EXPECT_EQ(before->rules[i].level, after->rules[i].level);
    EXPECT_EQ(before->rules[i].alert.fields.size(), after->rules[i].alert.fields.size());
  }
}

}  // namespace
}  // namespace telltale::rules
