// Values: wildcards and escapes, dashes, encodings, placeholders; and keys with their modifiers.
#include "rules/load/sigma/value_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/load/sigma/modifier.h"
#include "rules/load/sigma/modifier_check.h"

namespace telltale::rules::sigma {
namespace {

using ::testing::ElementsAre;

TEST(ParseValue, EscapesOfTheSpecification) {
  EXPECT_EQ(ParseValue("a*b?c").ToString(), "a*b?c");
  EXPECT_EQ(ParseValue(R"(\*)").ToString(), R"(\*)");
  EXPECT_EQ(ParseValue(R"(a\b)").ToString(), R"(a\\b)");
  EXPECT_EQ(ParseValue(R"(a\\b)").ToString(), R"(a\\b)");
  EXPECT_EQ(ParseValue(R"(a\\*)").ToString(), R"(a\\*)");    // a backslash, then anything
  EXPECT_EQ(ParseValue(R"(a\\\*)").ToString(), R"(a\\\*)");  // a backslash and a star
  EXPECT_EQ(ParseValue(R"(\\\\)").ToString(), R"(\\\\)");
  EXPECT_EQ(ParseValue(R"(\\\)").ToString(), R"(\\\\)");
  EXPECT_EQ(ParseValue("**").ToString(), "*");
  EXPECT_EQ(ParseValue("").ToString(), "");
}

TEST(TextPattern, PrintsWhatItParses) {
  for (const char* text : {"", "*", "a*?b", R"(\*\?\\)", R"(x\-y)", R"(*\\cmd.exe)"}) {
    EXPECT_EQ(TextPattern::Parse(text).ToString(), text);
    EXPECT_EQ(TextPattern::Parse(TextPattern::Parse(text).ToString()), TextPattern::Parse(text));
  }
}

TEST(Windash, OnlyBeforeOptions) {
  const auto dashed = [](const char* text) { return Windash(ParseValue(text)).ToString(); };
  EXPECT_EQ(dashed(" -a"), R"( \-a)");
  EXPECT_EQ(dashed("/param-name"), R"(\-param-name)");
  EXPECT_EQ(dashed("--long"), R"(-\-long)");
  EXPECT_EQ(dashed("a - b"), "a - b");
  EXPECT_EQ(dashed("-"), "-");
  EXPECT_EQ(dashed("\u2013opt"), R"(\-opt)");
}

std::vector<std::string> Bytes(const TextPattern& pattern) {
  const auto bytes = PlainBytes(pattern);
  return std::holds_alternative<std::string>(bytes)
             ? std::vector<std::string>{std::get<std::string>(bytes)}
             : std::get<std::vector<std::string>>(bytes);
}

TEST(PlainBytes, OneForEachDash) {
  EXPECT_THAT(Bytes(ParseValue("abc")), ElementsAre("abc"));
  EXPECT_THAT(Bytes(Windash(ParseValue("-a"))),
              ElementsAre("-a", "/a", "\u2013a", "\u2014a", "\u2015a"));
  EXPECT_THAT(Bytes(ParseValue("a*")),
              ElementsAre("a text with wildcards cannot be encoded; write \\* for the character"));
  EXPECT_EQ(Bytes(Windash(ParseValue(" -a -b -c -d -e"))).size(), 1u);  // too many
}

TEST(Utf16, SurrogatesAndMarks) {
  EXPECT_EQ(Utf16("a", false, false), std::string("a\0", 2));
  EXPECT_EQ(Utf16("a", true, false), std::string("\0a", 2));
  EXPECT_EQ(Utf16("a", false, true), std::string("\xFF\xFE"
                                                 "a\0",
                                                 4));
  EXPECT_EQ(Utf16("\xF0\x9F\x98\x80", true, false), std::string("\xD8\x3D\xDE\0", 4));
}

TEST(Base64, OfTheRfc) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
}

// Whatever stands around the bytes, one of the three is in what they are encoded to.
TEST(Base64AtOffsets, AreFoundWhereverTheBytesStand) {
  const std::string bytes = "secret";
  const std::vector<std::string> forms = Base64AtOffsets(bytes);
  ASSERT_EQ(forms.size(), 3u);
  for (size_t before = 0; before < 9; ++before) {
    for (size_t after = 0; after < 4; ++after) {
      const std::string all = Base64(std::string(before, 'x') + bytes + std::string(after, '\xFF'));
      EXPECT_NE(all.find(forms[before % 3]), std::string::npos) << before << " " << after;
    }
  }
}

TEST(FindPlaceholders, NamesAndEscapes) {
  const PlaceholderText found = FindPlaceholders(R"(a%x%b%y_1%)");
  EXPECT_THAT(found.texts, ElementsAre("a", "b", ""));
  EXPECT_THAT(found.names, ElementsAre("x", "y_1"));
  EXPECT_THAT(FindPlaceholders(R"(\%plain%name%)").names, ElementsAre("name"));
  EXPECT_THAT(FindPlaceholders(R"(\%plain%name%)").texts, ElementsAre("%plain", ""));
  EXPECT_THAT(FindPlaceholders("50% of %%").names, ElementsAre());
  EXPECT_THAT(FindPlaceholders("50% of %%").texts, ElementsAre("50% of %%"));
}

// The modifiers that were taken, or the messages.
std::string Key(const std::string& text) {
  Diagnostics diagnostics;
  const LocatedText located(text, std::make_shared<const SourceFile>("k.yml", text));
  const FieldKey key = ParseKey(located, diagnostics);
  if (key.good && CheckModifiers(key, diagnostics)) return "good";
  std::string all;
  for (const Diagnostic& error : diagnostics.list()) {
    all += (all.empty() ? "" : "; ") + std::to_string(error.span.begin + 1) + ": " + error.message;
    if (!error.suggestion.empty()) all += " (" + error.suggestion + ")";
  }
  return all;
}

TEST(Modifiers, EveryOneIsKnown) {
  for (const std::string& name : ModifierNames()) {
    const bool flag = name == "i" || name == "m" || name == "s" || name == "ignorecase" ||
                      name == "multiline" || name == "dotall";
    EXPECT_EQ(Key((flag ? "f|re|" : "f|") + name), "good") << name;
  }
}

TEST(Modifiers, UnknownOnesAtTheirPlace) {
  EXPECT_EQ(Key("user_agent|contain"), "12: unknown modifier 'contain' (contains)");
  EXPECT_EQ(Key("f|startswith|al"), "14: unknown modifier 'al' (all)");
  EXPECT_EQ(Key("f|"), "2: a modifier is missing after '|'");
  EXPECT_EQ(Key("f|Contains"), "3: unknown modifier 'Contains' (contains)");
}

TEST(Modifiers, ThatGoTogether) {
  for (const char* good :
       {"f|contains|all", "f|all|contains|windash", "f|utf16le|base64offset|contains",
        "f|wide|base64", "f|windash|wide|base64offset|contains|all", "f|re|i|m|s", "f|cidr|all",
        "f|expand|contains", "f|contains|expand", "f|expand|cidr", "f|fieldref|startswith",
        "f|endswith|fieldref|cased", "f|hour|gte", "f|lt|week", "f|neq|contains", "f|re|neq",
        "|all", "|re|i", "|contains|cased"})
    EXPECT_EQ(Key(good), "good") << good;
}

TEST(Modifiers, ThatDoNot) {
  EXPECT_EQ(Key("f|contains|contains"), "12: 'contains' stands here twice");
  EXPECT_EQ(Key("f|contains|endswith"),
            "12: 'endswith' does not go with 'contains': one place is enough");
  EXPECT_EQ(Key("f|i"), "3: 'i' is a flag of a regular expression: it goes behind 're'");
  EXPECT_EQ(Key("f|re|contains"),
            "6: 'contains' says nothing here: a regular expression may match anywhere, and has ^ "
            "and $");
  EXPECT_EQ(Key("f|re|cased"),
            "6: 'cased' says nothing here: regular expressions are cased, unless 'i' is set");
  EXPECT_EQ(Key("f|cased|re"), "9: 're' does not go with 'cased', which compares texts");
  EXPECT_EQ(Key("f|lt|gt"), "6: 'gt' does not go with 'lt'");
  EXPECT_EQ(Key("f|hour|day"), "8: 'day' does not go with 'hour'");
  EXPECT_EQ(Key("f|hour|lt|gt"), "11: 'gt' does not go with 'hour'");
  EXPECT_EQ(Key("f|base64|re"), "10: 're' does not go with 'base64', which makes a text");
  EXPECT_EQ(Key("f|base64|wide"), "10: 'wide' cannot act on what 'base64' has made");
  EXPECT_EQ(Key("f|base64|windash"), "10: 'windash' cannot act on what 'base64' has made");
  EXPECT_EQ(Key("f|contains|base64"),
            "12: 'base64' goes before 'contains': first the text, then its place");
  EXPECT_EQ(Key("f|cidr|startswith"), "8: 'startswith' does not go with 'cidr'");
  EXPECT_EQ(Key("f|exists|cased"),
            "10: 'cased' says nothing behind 'exists', which compares no text");
  EXPECT_EQ(Key("|exists"), "2: 'exists' needs a field");
  EXPECT_EQ(Key("|fieldref"), "2: 'fieldref' needs a field");
}

}  // namespace
}  // namespace telltale::rules::sigma
