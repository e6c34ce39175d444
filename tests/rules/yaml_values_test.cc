#include "rules/load/yaml/values.h"

#include <gtest/gtest.h>

#include "rules/load/yaml/quantity.h"
#include "rules/load/yaml/reader.h"

namespace telltale::rules {
namespace {

constexpr ReadCodes kCodes = {kUnknownKey, kMissingKey,  kWrongKind, kUnknownWord,
                              kOutOfRange, kBadDuration, kEmptyValue};
constexpr Code kLater{"R0599", "later"};

class Values : public testing::Test {
 protected:
  // The value of the key `v`.
  const Node& Value(const std::string& yaml) {
    documents_ = ReadYaml(std::make_shared<const SourceFile>("a.yml", yaml), diagnostics_);
    return *documents_.at(0).Find("v");
  }
  std::string Said() const {
    return diagnostics_.empty() ? "" : diagnostics_.list().back().message;
  }

  Diagnostics diagnostics_;
  ValueReader reader_{kCodes, diagnostics_};
  std::vector<Node> documents_;
};

TEST_F(Values, KnownLaterAndUnknownKeys) {
  const KeySet keys{
      "a rule", {"within", "where"}, {{"until", kLater, "'until' is not in this version"}}};
  bool later = false;
  EXPECT_TRUE(reader_.Map(Value("v: {within: 1, withn: 2, until: 3, banana: 4}"), keys, &later));
  EXPECT_TRUE(later);
  ASSERT_EQ(diagnostics_.list().size(), 3u);
  EXPECT_EQ(diagnostics_.list()[0].suggestion, "within");
  EXPECT_STREQ(diagnostics_.list()[1].code.id, "R0599");
  EXPECT_EQ(diagnostics_.list()[2].notes[0], "its keys are within and where");
}

TEST_F(Values, NotAMap) {
  EXPECT_FALSE(reader_.Map(Value("v: 5"), KeySet{"a rule", {}, {}}));
  EXPECT_EQ(Said(), "a rule must be a map, and this is an integer");
}

TEST_F(Values, RequiredKey) {
  const Node& map = Value("v: {a: 1}");
  EXPECT_NE(reader_.Required(map, "a", map.span, "a step"), nullptr);
  EXPECT_EQ(reader_.Required(map, "on", map.span, "a step"), nullptr);
  EXPECT_EQ(Said(), "a step needs 'on'");
}

TEST_F(Values, Integers) {
  EXPECT_EQ(reader_.Int(Value("v: 5"), "'n'", 0, 9), 5);
  EXPECT_FALSE(reader_.Int(Value("v: 10"), "'n'", 0, 9));
  EXPECT_EQ(Said(), "'n' must be from 0 to 9");
  EXPECT_FALSE(reader_.Int(Value("v: 99999999999999999999"), "'n'", 0, 9));
  EXPECT_EQ(Said(), "'n' must be from 0 to 9");
  EXPECT_FALSE(reader_.Int(Value("v: 1.5"), "'n'", 0, 9));
  EXPECT_EQ(Said(), "'n' must be an integer, and this is a number");
  EXPECT_FALSE(reader_.Int(Value("v: '5'"), "'n'", 0, 9));
}

TEST_F(Values, Durations) {
  EXPECT_EQ(reader_.Duration(Value("v: 15m"), "'within'"), 900 * kSecond);
  EXPECT_FALSE(reader_.Duration(Value("v: 15"), "'within'"));
  EXPECT_EQ(Said(), "'within': '15' has no unit: is it 15s or 15ms?");
  EXPECT_FALSE(reader_.Duration(Value("v: 0s"), "'for'", 1));
  EXPECT_EQ(Said(), "'for' must be 1ns or longer");
}

TEST_F(Values, BoolTextAndBytes) {
  EXPECT_EQ(reader_.Bool(Value("v: true"), "'optional'"), true);
  EXPECT_FALSE(reader_.Bool(Value("v: yes"), "'optional'"));
  EXPECT_EQ(Said(), "'optional' must be true or false, and this is a string");
  EXPECT_EQ(reader_.Text(Value("v: 17"), "'title'")->text(), "17");
  EXPECT_FALSE(reader_.Text(Value("v: ' '"), "'title'"));
  EXPECT_EQ(Said(), "'title' is empty");
  EXPECT_FALSE(reader_.Text(Value("v:"), "'title'"));
  EXPECT_FALSE(reader_.Text(Value("v: []"), "'title'"));
  EXPECT_EQ(reader_.Bytes(Value("v: 1KiB"), "'buffer'"), 1024);
  EXPECT_FALSE(reader_.Bytes(Value("v: 1KiB"), "'buffer'", 2048));
  EXPECT_EQ(Said(), "'buffer' must be 2KiB or more");
  EXPECT_EQ(reader_.Bytes(Value("v: 4KiB"), "'max_record'", 2048, 4096), 4096);
  EXPECT_FALSE(reader_.Bytes(Value("v: 5kB"), "'max_record'", 2048, 4096));
  EXPECT_EQ(Said(), "'max_record' must be from 2KiB to 4KiB");
}

TEST_F(Values, TextsTakeOneOrMany) {
  EXPECT_EQ(reader_.Texts(Value("v: a"), "'tags'")->size(), 1u);
  EXPECT_EQ(reader_.Texts(Value("v: [a, b]"), "'tags'")->size(), 2u);
  EXPECT_FALSE(reader_.Texts(Value("v: [a, [b]]"), "'tags'"));
  EXPECT_EQ(Said(), "an item of 'tags' must be text, and this is a list");
  EXPECT_FALSE(reader_.Texts(Value("v: {a: b}"), "'tags'"));
}

TEST_F(Values, Words) {
  const ValueReader::Words<int> words = {{"all", 1}, {"first", 2}};
  const std::vector<LaterWord> later = {{"some", kLater, "'some' is not in this version"}};
  EXPECT_EQ(reader_.Word(Value("v: first"), "'match'", words, later), 2);
  EXPECT_FALSE(reader_.Word(Value("v: frist"), "'match'", words, later));
  EXPECT_EQ(diagnostics_.list().back().suggestion, "first");
  EXPECT_FALSE(reader_.Word(Value("v: some"), "'match'", words, later));
  EXPECT_STREQ(diagnostics_.list().back().code.id, "R0599");
}

TEST_F(Values, Sequences) {
  EXPECT_TRUE(reader_.Sequence(Value("v: [1]"), "'sequence'"));
  EXPECT_FALSE(reader_.Sequence(Value("v: []"), "'sequence'"));
  EXPECT_FALSE(reader_.Sequence(Value("v: x"), "'sequence'"));
}

}  // namespace
}  // namespace telltale::rules
