// What each value and modifier of Sigma means, asked of events.
#include <gtest/gtest.h>

#include "tests/rules/sigma_cases.h"

namespace telltale::rules {
namespace {

TEST(SigmaText, WholeValuesInAnyCase) {
  EXPECT_TRUE(Fits("f: cmd.exe", R"({"f":"CMD.exe"})"));
  EXPECT_FALSE(Fits("f: cmd.exe", R"({"f":"cmd.exe "})"));
  EXPECT_FALSE(Fits("f: cmd.exe", R"({})"));
  EXPECT_FALSE(Fits("f: cmd.exe", R"({"f":null})"));
  EXPECT_FALSE(Fits("f: cmd.exe", R"({"f":{"g":"cmd.exe"}})"));
  EXPECT_TRUE(Fits("f: [a, b, c]", R"({"f":"B"})"));
  EXPECT_FALSE(Fits("f: [a, b, c]", R"({"f":"d"})"));
  EXPECT_TRUE(Fits("f: ÄÖ", R"({"f":"äö"})"));
  EXPECT_FALSE(Fits("f|cased: cmd", R"({"f":"CMD"})"));
  EXPECT_TRUE(Fits("f|cased: cmd", R"({"f":"cmd"})"));
}

TEST(SigmaText, WildcardsAndTheirEscapes) {
  EXPECT_TRUE(Fits("f: prog?.exe", R"({"f":"progA.exe"})"));
  EXPECT_TRUE(Fits("f: prog?.exe", R"({"f":"progé.exe"})"));
  EXPECT_FALSE(Fits("f: prog?.exe", R"({"f":"prog.exe"})"));
  EXPECT_TRUE(Fits("f: a*b*c", R"({"f":"a-b-b-c"})"));
  EXPECT_FALSE(Fits("f: a*b*c", R"({"f":"a-c-b"})"));
  EXPECT_TRUE(Fits("f: '*'", R"({"f":""})"));
  EXPECT_FALSE(Fits("f: '*'", R"({})"));
  EXPECT_TRUE(Fits(R"(f: 'a\*b')", R"({"f":"a*b"})"));
  EXPECT_FALSE(Fits(R"(f: 'a\*b')", R"({"f":"axb"})"));
  EXPECT_TRUE(Fits(R"(f: '*\cmd.exe')", R"({"f":"C:\\Windows\\cmd.exe"})"));
  EXPECT_TRUE(Fits(R"(f: 'C:\\*')", R"({"f":"C:\\x"})"));
  EXPECT_TRUE(Fits(R"(f: '\\\*')", R"({"f":"\\*"})"));
  EXPECT_TRUE(Fits(R"(f: '\\\\srv')", R"({"f":"\\\\srv"})"));
  EXPECT_TRUE(Fits(R"(f: '\\srv')", R"({"f":"\\srv"})"));
}

TEST(SigmaText, PlacesInAText) {
  EXPECT_TRUE(Fits("f|contains: 'B c'", R"({"f":"a b c d"})"));
  EXPECT_TRUE(Fits("f|startswith: Ab", R"({"f":"abc"})"));
  EXPECT_FALSE(Fits("f|startswith: Ab", R"({"f":"xabc"})"));
  EXPECT_TRUE(Fits("f|endswith: BC", R"({"f":"abc"})"));
  EXPECT_FALSE(Fits("f|endswith: BC", R"({"f":"abcx"})"));
  EXPECT_TRUE(Fits("f|endswith: '?c'", R"({"f":"aéc"})"));
  EXPECT_TRUE(Fits("f|contains: 'a*c'", R"({"f":"xxa--cxx"})"));
  EXPECT_TRUE(Fits("f|contains|cased: B", R"({"f":"aBc"})"));
  EXPECT_FALSE(Fits("f|contains|cased: B", R"({"f":"abc"})"));
  EXPECT_TRUE(Fits("f|contains: [x, y]", R"({"f":"only y"})"));
}

TEST(SigmaText, AllOfTheValues) {
  EXPECT_TRUE(Fits("f|contains|all: [x, y]", R"({"f":"y and x"})"));
  EXPECT_FALSE(Fits("f|contains|all: [x, y]", R"({"f":"only y"})"));
  EXPECT_TRUE(Fits("f|all: [x, y]", R"({"f":["y","x"]})"));
}

// More than a few parts are searched in one pass.
TEST(SigmaText, ManyParts) {
  Detecting many("selection:\n  f|contains: [alpha, beta, gamma, delta, alphabet, '1', ab, zz]");
  EXPECT_TRUE(many.Fits(R"({"f":"the ALPHABET"})"));
  EXPECT_TRUE(many.Fits(R"({"f":"xxgamma"})"));
  EXPECT_TRUE(many.Fits(R"({"f":"a1"})"));
  EXPECT_TRUE(many.Fits(R"({"f":"Ab"})"));
  EXPECT_FALSE(many.Fits(R"({"f":"alph bet gamm"})"));
  EXPECT_FALSE(many.Fits(R"({"f":""})"));
}

TEST(SigmaNumbers, AreTheSameNumberAsNumberOrText) {
  for (const char* same : {R"({"f":4624})", R"({"f":4624.0})", R"({"f":"4624"})",
                           R"({"f":"4624.0"})", R"({"f":"4.624e3"})"})
    EXPECT_TRUE(Fits("f: 4624", same)) << same;
  for (const char* other : {R"({"f":4625})", R"({"f":"04624"})", R"({"f":" 4624"})",
                            R"({"f":true})", R"({"f":null})", R"({"f":46240})"})
    EXPECT_FALSE(Fits("f: 4624", other)) << other;
  EXPECT_TRUE(Fits("f: '4624'", R"({"f":4624})"));
  EXPECT_TRUE(Fits("f: 1.5", R"({"f":"1.50"})"));
  EXPECT_TRUE(Fits("f: 1.5", R"({"f":1.5})"));
  EXPECT_TRUE(Fits("f|startswith: 46", R"({"f":4624})"));
  EXPECT_TRUE(Fits("f: '46?4'", R"({"f":4624})"));
  EXPECT_TRUE(Fits("f: [1, two, 3]", R"({"f":"TWO"})"));
  EXPECT_TRUE(Fits("f: [1, two, 3]", R"({"f":3})"));
}

TEST(SigmaNumbers, Compared) {
  EXPECT_TRUE(Fits("f|lt: 10", R"({"f":9})"));
  EXPECT_TRUE(Fits("f|lt: 10", R"({"f":"9.5"})"));
  EXPECT_FALSE(Fits("f|lt: 10", R"({"f":10})"));
  EXPECT_TRUE(Fits("f|lte: 10", R"({"f":10})"));
  EXPECT_TRUE(Fits("f|gt: 10", R"({"f":11})"));
  EXPECT_FALSE(Fits("f|gt: 10", R"({"f":"many"})"));
  EXPECT_FALSE(Fits("f|gt: 10", R"({})"));
  EXPECT_TRUE(Fits("f|gte: 9007199254740993", R"({"f":9007199254740993})"));
  EXPECT_FALSE(Fits("f|gt: 9007199254740993", R"({"f":9007199254740993})"));
}

TEST(SigmaValues, BoolsNullAndEmpty) {
  EXPECT_TRUE(Fits("f: true", R"({"f":true})"));
  EXPECT_TRUE(Fits("f: true", R"({"f":"True"})"));
  EXPECT_FALSE(Fits("f: true", R"({"f":false})"));
  EXPECT_FALSE(Fits("f: true", R"({"f":1})"));
  EXPECT_TRUE(Fits("f: 'true'", R"({"f":true})"));
  EXPECT_TRUE(Fits("f: null", R"({"f":null})"));
  EXPECT_TRUE(Fits("f: null", R"({})"));
  EXPECT_FALSE(Fits("f: null", R"({"f":""})"));
  EXPECT_TRUE(Fits("f: ''", R"({"f":""})"));
  EXPECT_FALSE(Fits("f: ''", R"({})"));
  EXPECT_FALSE(Fits("f: ''", R"({"f":null})"));
  EXPECT_TRUE(Fits("f: ['', null]", R"({})"));
}

TEST(SigmaValues, ListsInEventsFitByAnyElement) {
  EXPECT_TRUE(Fits("f: b", R"({"f":["a","b"]})"));
  EXPECT_TRUE(Fits("f|contains: b", R"({"f":[["xbx"]]})"));
  EXPECT_FALSE(Fits("f: b", R"({"f":[]})"));
  EXPECT_TRUE(Fits("f|gt: 5", R"({"f":[1,6]})"));
  EXPECT_FALSE(Fits("f: null", R"({"f":[]})"));
  EXPECT_FALSE(Fits("f: b", R"({"f":[{"f":"b"}]})"));
}

TEST(SigmaValues, Exists) {
  EXPECT_TRUE(Fits("f|exists: true", R"({"f":null})"));
  EXPECT_TRUE(Fits("f|exists: true", R"({"f":{}})"));
  EXPECT_FALSE(Fits("f|exists: true", R"({})"));
  EXPECT_TRUE(Fits("f|exists: false", R"({})"));
  EXPECT_FALSE(Fits("f|exists: false", R"({"f":0})"));
}

TEST(SigmaValues, DotsAreStepsIntoMaps) {
  EXPECT_TRUE(Fits("a.b.c: x", R"({"a":{"b":{"c":"x"}}})"));
  EXPECT_FALSE(Fits("a.b: x", R"({"a.b":"x"})"));
  EXPECT_FALSE(Fits("a.b: x", R"({"a":["b"]})"));
}

TEST(SigmaRegex, IsCasedAndSearches) {
  EXPECT_TRUE(Fits("f|re: 'b+c'", R"({"f":"abbbcd"})"));
  EXPECT_FALSE(Fits("f|re: 'B+c'", R"({"f":"abbbcd"})"));
  EXPECT_TRUE(Fits("f|re|i: 'B+C'", R"({"f":"abbbcd"})"));
  EXPECT_FALSE(Fits("f|re: '^b'", R"({"f":"a\nb"})"));
  EXPECT_TRUE(Fits("f|re|m: '^b$'", R"({"f":"a\nb\nc"})"));
  EXPECT_FALSE(Fits("f|re: 'a.b'", R"({"f":"a\nb"})"));
  EXPECT_TRUE(Fits("f|re|s: 'a.b'", R"({"f":"a\nb"})"));
  EXPECT_TRUE(Fits("f|re|i|m|s: 'A.B$'", R"({"f":"a\nb\nc"})"));
  EXPECT_TRUE(Fits("f|re: ['x', '4{2}']", R"({"f":144})"));
  EXPECT_FALSE(Fits("f|re: '.*'", R"({})"));
}

TEST(SigmaCidr, NetworksOfBothFamilies) {
  EXPECT_TRUE(Fits("f|cidr: 10.0.0.0/8", R"({"f":"10.1.2.3"})"));
  EXPECT_FALSE(Fits("f|cidr: 10.0.0.0/8", R"({"f":"11.1.2.3"})"));
  EXPECT_TRUE(Fits("f|cidr: [10.0.0.0/8, 192.168.0.0/16]", R"({"f":"192.168.7.7"})"));
  EXPECT_TRUE(Fits("f|cidr: 2001:db8::/32", R"({"f":"2001:db8::1"})"));
  EXPECT_FALSE(Fits("f|cidr: 2001:db8::/32", R"({"f":"10.1.2.3"})"));
  EXPECT_FALSE(Fits("f|cidr: 10.0.0.0/8", R"({"f":"host"})"));
}

TEST(SigmaFieldref, ComparesTwoFields) {
  EXPECT_TRUE(Fits("a|fieldref: b", R"({"a":"X","b":"x"})"));
  EXPECT_TRUE(Fits("a|fieldref: b", R"({"a":1,"b":"1.0"})"));
  EXPECT_FALSE(Fits("a|fieldref: b", R"({"a":"X"})"));
  EXPECT_FALSE(Fits("a|fieldref: b", R"({})"));
  EXPECT_FALSE(Fits("a|cased|fieldref: b", R"({"a":"X","b":"x"})"));
  EXPECT_TRUE(Fits("a|fieldref|contains: b", R"({"a":"abc","b":"B"})"));
  EXPECT_TRUE(Fits("a|fieldref|startswith: b", R"({"a":"abc","b":"AB"})"));
  EXPECT_TRUE(Fits("a|fieldref|endswith: b", R"({"a":"abc","b":"bc"})"));
  EXPECT_FALSE(Fits("a|fieldref|endswith: b", R"({"a":"bc","b":"abc"})"));
  EXPECT_TRUE(Fits("a|fieldref: b", R"({"a":["p","q"],"b":"q"})"));
  EXPECT_TRUE(Fits("a|fieldref|neq: b", R"({"a":"p","b":"q"})"));
}

TEST(SigmaNeq, IsNegation) {
  EXPECT_TRUE(Fits("f|neq: x", R"({"f":"y"})"));
  EXPECT_TRUE(Fits("f|neq: x", R"({})"));
  EXPECT_FALSE(Fits("f|neq: x", R"({"f":"X"})"));
  EXPECT_FALSE(Fits("f|neq: [x, y]", R"({"f":"y"})"));
  EXPECT_TRUE(Fits("f|neq: 5", R"({"f":6})"));
  EXPECT_FALSE(Fits("f|neq: 5", R"({"f":"5"})"));
  EXPECT_FALSE(Fits("f|contains|neq: x", R"({"f":"axb"})"));
}

TEST(SigmaWindash, AnyDashBeforeAnOption) {
  for (const char* dash : {"-", "/", "\u2013", "\u2014", "\u2015"}) {
    const std::string json = std::string(R"({"f":"prog )") + dash + R"(opt x"})";
    EXPECT_TRUE(Fits("f|windash|contains: ' -opt '", json)) << json;
    EXPECT_TRUE(Fits("f|contains|windash: ' /opt '", json)) << json;
  }
  EXPECT_FALSE(Fits("f|windash|contains: ' -opt '", R"({"f":"prog +opt x"})"));
  // Not inside of a word.
  EXPECT_FALSE(Fits("f|windash|contains: 'a-b'", R"({"f":"a/b"})"));
  EXPECT_TRUE(Fits("f|windash|contains|all: [' -a', ' -b']", R"({"f":"x /a -b"})"));
}

TEST(SigmaEncodings, Base64) {
  EXPECT_TRUE(Fits("f|base64: '/bin/bash'", R"({"f":"L2Jpbi9iYXNo"})"));
  // The text stands anywhere inside what was encoded: "foobar", "xfoobar", "xyfoobar".
  for (const char* encoded : {"Zm9vYmFy", "eGZvb2Jhcg==", "eHlmb29iYXI="}) {
    EXPECT_TRUE(
        Fits("f|base64offset|contains: foobar", std::string(R"({"f":"..)") + encoded + R"(.."})"))
        << encoded;
  }
  EXPECT_FALSE(Fits("f|base64offset|contains: foobar", R"({"f":"Zm9vYmF6"})"));
}

TEST(SigmaEncodings, Utf16) {
  // "cmd" in UTF-16: 63 00 6d 00 64 00.
  EXPECT_TRUE(Fits("f|wide|base64: cmd", R"({"f":"YwBtAGQA"})"));
  EXPECT_TRUE(Fits("f|utf16le|base64: cmd", R"({"f":"YwBtAGQA"})"));
  EXPECT_TRUE(Fits("f|utf16be|base64: cmd", R"({"f":"AGMAbQBk"})"));
  EXPECT_TRUE(Fits("f|utf16|base64: cmd", R"({"f":"//5jAG0AZAA="})"));
  EXPECT_TRUE(Fits("f|wide|base64offset|contains: ping", R"({"f":"xx cABpAG4AZw yy"})"));
  EXPECT_TRUE(Fits("f|wide: ab", R"({"f":"a\u0000b\u0000"})"));
  EXPECT_TRUE(Fits("f|windash|base64: ' -e'", R"({"f":"IC9l"})"));  // " /e"
}

TEST(SigmaTime, PartsOfADate) {
  const std::string json = R"({"f":"2026-03-01T22:15:00+02:00"})";
  EXPECT_TRUE(Fits("f|hour: 22", json));
  EXPECT_FALSE(Fits("f|hour: 20", json));
  EXPECT_TRUE(Fits("f|minute: [0, 15, 30]", json));
  EXPECT_TRUE(Fits("f|day: 1", json));
  EXPECT_TRUE(Fits("f|week: 9", json));
  EXPECT_TRUE(Fits("f|month: 3", json));
  EXPECT_TRUE(Fits("f|year: 2026", json));
  EXPECT_TRUE(Fits("f|hour|gte: 22", json));
  EXPECT_FALSE(Fits("f|lt|hour: 22", json));
  EXPECT_TRUE(Fits("f|day: 1", R"({"f":"2026-03-01"})"));
  EXPECT_FALSE(Fits("f|hour: 0", R"({"f":"2026-03-01"})"));
  EXPECT_FALSE(Fits("f|year: 2026", R"({"f":"2026"})"));
  EXPECT_TRUE(Fits("f|hour: 10", R"({"f":1772359200000})"));  // ms, as the stream counts
  EXPECT_TRUE(Fits("f|week: 53", R"({"f":"2021-01-01 00:00"})"));
  EXPECT_TRUE(Fits("f|week: 1", R"({"f":"2024-12-30"})"));
}

TEST(SigmaKeywords, AreFoundInAllValues) {
  Detecting keywords("keywords: [EvilService, 'svchost.exe -n evil', 404]\ncondition: keywords");
  EXPECT_TRUE(keywords.Fits(R"({"a":{"b":["x","the evilservice is"]}})"));
  EXPECT_TRUE(keywords.Fits(R"({"a":404})"));
  EXPECT_TRUE(keywords.Fits(R"({"a":"C:\\svchost.exe -n evil"})"));
  EXPECT_FALSE(keywords.Fits(R"({"evilservice":1})"));  // names are not searched
  EXPECT_FALSE(keywords.Fits(R"({})"));
  Detecting all("k:\n  '|all': [one, two]\ncondition: k");
  EXPECT_TRUE(all.Fits(R"({"a":"one","b":"two"})"));
  EXPECT_FALSE(all.Fits(R"({"a":"one"})"));
  Detecting regex("k:\n  '|re': '^ab+$'\ncondition: k");
  EXPECT_TRUE(regex.Fits(R"({"a":{"b":"abb"}})"));
  EXPECT_FALSE(regex.Fits(R"({"a":"xabb"})"));
  Detecting single("k: 'a*c'\ncondition: k");
  EXPECT_TRUE(single.Fits(R"({"x":"..a-c.."})"));
}

TEST(SigmaConditions, AndOrNotAndQuantities) {
  const std::string body =
      "sel_a: { a: 1 }\nsel_b: { b: 1 }\nsel_c: { c: 1 }\n_hidden: { d: 1 }\ncondition: ";
  const auto fits = [&](const std::string& condition, const std::string& json) {
    return Detecting(body + condition).Fits(json);
  };
  EXPECT_TRUE(fits("sel_a and sel_b or sel_c or _hidden", R"({"c":1})"));
  EXPECT_FALSE(fits("sel_a and (sel_b or sel_c) or _hidden", R"({"c":1})"));
  EXPECT_TRUE(fits("sel_a and not sel_b and not sel_c or _hidden", R"({"a":1})"));
  EXPECT_TRUE(fits("not (sel_a or sel_b or sel_c or _hidden)", R"({})"));
  EXPECT_TRUE(fits("1 of them or _hidden", R"({"b":1})"));
  EXPECT_FALSE(fits("1 of them or sel_a and _hidden", R"({"d":1})"));
  EXPECT_TRUE(fits("any of sel_* or _hidden", R"({"b":1})"));
  EXPECT_FALSE(fits("all of sel_* or _hidden", R"({"a":1,"b":1})"));
  EXPECT_TRUE(fits("all of sel_* or _hidden", R"({"a":1,"b":1,"c":1})"));
  EXPECT_TRUE(fits("2 of sel_* or _hidden", R"({"a":1,"c":1})"));
  EXPECT_FALSE(fits("2 of sel_* or _hidden", R"({"c":1})"));
  EXPECT_TRUE(fits("2 OF sel_* OR 1 Of *", R"({"d":1})"));
  EXPECT_TRUE(fits("[ sel_a and sel_b, sel_c or _hidden ]", R"({"c":1})"));
}

TEST(SigmaSearches, ListsOfMapsAndOfBoth) {
  Detecting maps("selection:\n  - { a: 1, b: 2 }\n  - c|contains: x");
  EXPECT_TRUE(maps.Fits(R"({"a":1,"b":2})"));
  EXPECT_FALSE(maps.Fits(R"({"a":1})"));
  EXPECT_TRUE(maps.Fits(R"({"c":"axa"})"));
  Detecting mixed("selection:\n  - word\n  - { a: 1 }\n  - [ { b: 1 }, { c: 1 } ]");
  EXPECT_TRUE(mixed.Fits(R"({"z":"a word"})"));
  EXPECT_TRUE(mixed.Fits(R"({"a":1})"));
  EXPECT_TRUE(mixed.Fits(R"({"c":1})"));
  EXPECT_FALSE(mixed.Fits(R"({"d":1})"));
}

}  // namespace
}  // namespace telltale::rules
