#include "daemon/decode/json_decoder.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/daemon/event_text.h"

namespace telltale::decode {
namespace {

using engine::Field;
using rules::Type;
using rules::TypeKind;

constexpr int64_t kMillisecond = 1'000'000;

config::StreamTime Time(rules::FieldPath path,
                        config::TimeUnit unit = config::TimeUnit::kMilliseconds) {
  config::StreamTime time;
  time.source = config::TimeSource::kField;
  time.field = std::move(path);
  time.unit = unit;
  return time;
}

// The text stands in memory of exactly its size, so that a sanitizer sees a read past its end.
Decoded Decode(JsonDecoder& decoder, std::string_view text, int64_t timestamp = kNoTimestamp) {
  static std::unique_ptr<char[]> exact;
  exact = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), exact.get());
  RawRecord record;
  record.value = std::string_view(exact.get(), text.size());
  record.timestamp = timestamp;
  return decoder.Decode(record);
}

Field Path(rules::FieldPath path, Type type = Type::Dyn()) {
  return {.path = std::move(path), .type = std::move(type)};
}

// What a decoder for these fields makes of a text: the fields, or the reason.
std::string Result(std::string_view text, std::vector<Field> fields) {
  const engine::EventLayout layout(std::move(fields));
  JsonDecoder decoder(0, layout, Time({"ts"}));
  const Decoded decoded = Decode(decoder, text);
  if (decoded.event == nullptr) return std::string(ReasonText(decoded.reason));
  return EventText(*decoded.event, layout);
}

// The value of the field `f`.
std::string Value(std::string_view json, Type type = Type::Dyn(), bool as_double = false) {
  Field field = Path({"f"}, std::move(type));
  field.as_double = as_double;
  return Result("{\"ts\":1,\"f\":" + std::string(json) + "}", {field});
}

TEST(JsonDecoderTest, KeepsCoordinatesAndTime) {
  const engine::EventLayout layout({Path({"a"})});
  JsonDecoder decoder(7, layout, Time({"ts"}));
  RawRecord record;
  record.value = R"({"a":"x","ts":1772355635123})";
  record.partition = 3;
  record.offset = 99;
  const Decoded decoded = decoder.Decode(record);
  ASSERT_NE(decoded.event, nullptr);
  EXPECT_EQ(decoded.event->stream, 7u);
  EXPECT_EQ(decoded.event->partition, 3u);
  EXPECT_EQ(decoded.event->offset, 99);
  EXPECT_EQ(decoded.event->time, 1'772'355'635'123 * kMillisecond);
  EXPECT_EQ(decoded.event->slot(0).as_string(), "x");
  EXPECT_EQ(decoded.event->byte_size % 8, 0u);
}

TEST(JsonDecoderTest, NamesWhyARecordIsNoEvent) {
  const std::string_view nul("{\"ts\":1}\0", 9);
  const struct {
    std::string_view text;
    const char* reason;
  } cases[] = {
      {"", "not_json"},
      {"  \n", "not_json"},
      {"hello", "not_json"},
      {"{", "truncated"},
      {"{\"ts\"", "truncated"},
      {"{\"ts\":", "truncated"},
      {"{\"ts\":1", "truncated"},
      {"{\"ts\":1,", "truncated"},
      {"{\"ts\":1,\"a", "truncated"},
      {"{\"ts\":1,\"a\":[1,2", "truncated"},
      {"{\"ts\":1,\"a\":{\"b\":[", "truncated"},
      {"{\"ts\":1,\"a\":\"x\\\"}", "truncated"},
      {"{\"ts\":1}{\"ts\":2}", "trailing_data"},
      {"{\"ts\":1} x", "trailing_data"},
      {"{\"ts\":1}}", "trailing_data"},
      {"{\"ts\":1},", "trailing_data"},
      {nul, "trailing_data"},
      {"[1]", "not_object"},
      {"\"x\"", "not_object"},
      {"17", "not_object"},
      {"null", "not_object"},
      {"nul", "not_json"},
      {"[1", "not_json"},
      {"1 2", "not_json"},
      {"\xEF\xBB\xBF{\"ts\":1}", "not_json"},
      {"{\"ts\":1,}", "not_json"},
      {"{,\"ts\":1}", "not_json"},
      {"{\"ts\" 1}", "not_json"},
      {"{\"ts\":1 \"a\":2}", "not_json"},
      {"{\"ts\":1,\"a\":1 2}", "not_json"},
      {"{ts:1}", "not_json"},
      {"{'ts':1}", "not_json"},
      {"{1:1}", "not_json"},
      {"{\"ts\":1,\"a\":}", "not_json"},
      {"{\"ts\":1,\"a\":,\"b\":1}", "not_json"},
      {"{\"ts\"::1}", "not_json"},
      {"{\"ts\":1,\"a\":[}", "not_json"},
      {"{\"ts\":1,\"a\":[1}]}", "not_json"},
      {"{\"ts\":1,\"a\":{]}", "not_json"},
      {"{\"ts\":1]", "not_json"},
      {"{\"ts\":1,\"a\":\"x\ny\"}", "not_json"},
      {"{\"ts\":1,\"a\":\"\xFF\"}", "invalid_utf8"},
      {"{\"ts\":1,\"a\":\"\xC0\x80\"}", "invalid_utf8"},
      {"{\"ts\":1,\"a\":\"\xED\xA0\x80\"}", "invalid_utf8"},
      {"{}", "no_time"},
      {"{\"a\":1}", "no_time"},
      {"{\"a\":{\"ts\":1}}", "no_time"},
      {"{\"ts\":null}", "bad_time"},
      {"{\"ts\":\"1\"}", "bad_time"},
      {"{\"ts\":[1]}", "bad_time"},
      {"{\"ts\":true}", "bad_time"},
      {"{\"ts\":NaN}", "bad_time"},
      {"{\"ts\":01}", "bad_time"},
      {"{\"ts\":1e400}", "bad_time"},
      {"{\"ts\":9223372036854775807}", "bad_time"},
      {"{\"ts\":-9223372036854775808}", "bad_time"},
      {"{\"ts\":18446744073709551615}", "bad_time"},
      {"{\"ts\":1,\"ts\":\"x\"}", "bad_time"},
  };
  for (const auto& test : cases) {
    // The same whatever is read (V7).
    EXPECT_EQ(Result(test.text, {}), test.reason) << test.text;
    EXPECT_EQ(Result(test.text, {Path({"a"})}), test.reason) << test.text;
    EXPECT_EQ(Result(test.text, {Path({})}), test.reason) << test.text;
    EXPECT_EQ(Result(test.text, {Path({"a", "b"}), Path({"a", "b", "c"})}), test.reason)
        << test.text;
  }
}

TEST(JsonDecoderTest, TakesWhiteSpaceAnywhereAndNothingBehind) {
  EXPECT_EQ(Result(" {\r\n\t\"ts\" : 1 , \"a\" : \"x\"  } \n", {Path({"a"})}), "a=\"x\"");
  EXPECT_EQ(Result("{ }", {}), "no_time");
}

TEST(JsonDecoderTest, WhatIsPassedOverConcernsNobody) {
  const std::string deep =
      "{\"ts\":1,\"bad\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  const std::string braces = [] {
    std::string text = "{\"ts\":1,\"bad\":";
    for (int i = 0; i < 1000; ++i) text += "{\"a\":[";
    for (int i = 0; i < 1000; ++i) text += "]}";
    return text + "}";
  }();
  const struct {
    std::string text;
    const char* error;
  } cases[] = {
      {R"({"ts":1,"bad":truee})", "bad=bad_value"},
      {R"({"ts":1,"bad":[1,,2]})", "bad=bad_value"},
      {R"({"ts":1,"bad":NaN})", "bad=bad_value"},
      {R"({"ts":1,"bad":1"x"})", "bad=bad_value"},
      {R"({"ts":1,"bad":{"a" 1}})", "bad=bad_value"},
      {R"({"ts":1,"bad":{"a":{"b":[1 2]}}})", "bad=bad_value"},
      {R"({"ts":1,"bad":"\x"})", "bad=bad_value"},
      {R"({"ts":1,"bad":"\ud800"})", "bad=bad_value"},
      {R"({"ts":1,"bad":1e400})", "bad=bad_value"},
      {R"({"ts":1,"bad":-})", "bad=bad_value"},
      {deep, "bad=too_deep"},
      {braces, "bad=too_deep"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(Result(test.text, {Path({"good"})}), "good=absent") << test.text.substr(0, 50);
    EXPECT_EQ(Result(test.text, {Path({"bad"})}), test.error) << test.text.substr(0, 50);
  }
  EXPECT_EQ(Result(deep + "x", {}), "trailing_data");
  EXPECT_EQ(Result(deep.substr(0, deep.size() - 2), {}), "truncated");
}

TEST(JsonDecoderTest, ReadsNumbersByTheirText) {
  EXPECT_EQ(Value("0"), "f=0");
  EXPECT_EQ(Value("-0"), "f=0");
  EXPECT_EQ(Value("9223372036854775807"), "f=9223372036854775807");
  EXPECT_EQ(Value("-9223372036854775808"), "f=-9223372036854775808");
  EXPECT_EQ(Value("9223372036854775808"), "f=9223372036854775808d");
  EXPECT_EQ(Value("-9223372036854775809"), "f=-9223372036854775808d");
  EXPECT_EQ(Value("18446744073709551616"), "f=1.844674407370955162e+19d");
  EXPECT_EQ(Value("123456789012345678901234567890"), "f=1.234567890123456779e+29d");
  EXPECT_EQ(Value("17.0"), "f=17d");
  EXPECT_EQ(Value("1e3"), "f=1000d");
  EXPECT_EQ(Value("-0.0"), "f=-0d");
  EXPECT_EQ(Value("0.1"), "f=0.1000000000000000056d");
  EXPECT_EQ(Value("1E-400"), "f=0d");
  EXPECT_EQ(Value("17", Type::Dyn(), true), "f=17d");
  EXPECT_EQ(Value("-0", Type::Dyn(), true), "f=-0d");
  EXPECT_EQ(Value("\"17\"", Type::Dyn(), true), "f=\"17\"");
  for (const char* bad : {"01", "+1", ".5", "1.", "1.e3", "1e", "1e+", "--1", "0x10", "1_000", "1a",
                          "Infinity", "-Infinity", "-"}) {
    EXPECT_EQ(Value(bad), "f=bad_value") << bad;
  }
}

TEST(JsonDecoderTest, HoldsDeclaredTypes) {
  const struct {
    const char* json;
    Type type;
    const char* result;
  } cases[] = {
      {"17", Type::Of(TypeKind::kInt), "f=17"},
      {"17.0", Type::Of(TypeKind::kInt), "f=wrong_type"},
      {"9223372036854775808", Type::Of(TypeKind::kInt), "f=wrong_type"},
      {"\"17\"", Type::Of(TypeKind::kInt), "f=wrong_type"},
      {"17", Type::Of(TypeKind::kUint), "f=17u"},
      {"18446744073709551615", Type::Of(TypeKind::kUint), "f=18446744073709551615u"},
      {"-1", Type::Of(TypeKind::kUint), "f=wrong_type"},
      {"17", Type::Of(TypeKind::kDouble), "f=17d"},
      {"17.5", Type::Of(TypeKind::kDouble), "f=17.5d"},
      {"true", Type::Of(TypeKind::kDouble), "f=wrong_type"},
      {"\"x\"", Type::Of(TypeKind::kString), "f=\"x\""},
      {"1", Type::Of(TypeKind::kString), "f=wrong_type"},
      {"null", Type::Of(TypeKind::kString), "f=wrong_type"},
      {"nil", Type::Of(TypeKind::kString), "f=bad_value"},
      {"false", Type::Of(TypeKind::kBool), "f=false"},
      {"0", Type::Of(TypeKind::kBool), "f=wrong_type"},
      {"null", Type::Dyn(), "f=null"},
      {"true", Type::Dyn(), "f=true"},
      {"[1,2]", Type::List(Type::Of(TypeKind::kInt)), "f=[1,2]"},
      {"[1,2]", Type::List(Type::Of(TypeKind::kDouble)), "f=[1d,2d]"},
      {"[1,\"2\"]", Type::List(Type::Of(TypeKind::kInt)), "f=wrong_type"},
      {"{\"a\":1}", Type::List(Type::Of(TypeKind::kInt)), "f=wrong_type"},
      {"{\"a\":1}", Type::Map(Type::Of(TypeKind::kString), Type::Dyn()), "f={a:1}"},
      {"{\"a\":[1]}", Type::Map(Type::Of(TypeKind::kString), Type::Of(TypeKind::kInt)),
       "f=wrong_type"},
      {"{\"a\":1}", Type::Map(Type::Of(TypeKind::kInt), Type::Dyn()), "f=wrong_type"},
      {"[]", Type::Of(TypeKind::kString), "f=wrong_type"},
  };
  for (const auto& test : cases) EXPECT_EQ(Value(test.json, test.type), test.result) << test.json;
}

TEST(JsonDecoderTest, ResolvesEscapesInValuesAndNames) {
  EXPECT_EQ(Value(R"("a\"b\\c\/d\b\f\n\r\t")"), "f=\"a\"b\\c/d\b\f\n\r\t\"");
  EXPECT_EQ(Value(R"("\u00e9\u20ac\ud83d\ude00\u0041")"),
            "f=\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"
            "A\"");
  EXPECT_EQ(Value(R"("\u0000")"), std::string("f=\"\0\"", 5));
  EXPECT_EQ(Value("\"\xC3\xA9\""), "f=\"\xC3\xA9\"");
  EXPECT_EQ(Value("\"\""), "f=\"\"");
  for (const char* bad : {R"("\ud800x")", R"("\udc00")", R"("\ud800\u0041")", R"("\u12g4")",
                          R"("\u12")", R"("\'")"}) {
    EXPECT_EQ(Value(bad), "f=bad_value") << bad;
  }
  EXPECT_EQ(Result(R"({"\u0074s":1,"us\u0065r":{"\u0069d":"x"}})", {Path({"user", "id"})}),
            "user.id=\"x\"");
  EXPECT_EQ(Result(R"({"ts":1,"a\qb":1,"a":2})", {Path({"a"})}), "a=2");
}

TEST(JsonDecoderTest, FollowsPaths) {
  const std::vector<Field> fields = {Path({"a"}), Path({"a", "b"}), Path({"a", "b", "c"}),
                                     Path({"a", "d"}), Path({"z"})};
  EXPECT_EQ(Result(R"({"ts":1,"a":{"b":{"c":1},"d":[2],"x":3},"z":4})", fields),
            "a={b:{c:1},d:[2],x:3} a.b={c:1} a.b.c=1 a.d=[2] z=4");
  EXPECT_EQ(Result(R"({"ts":1,"a":5})", fields), "a=5 a.b=absent a.b.c=absent a.d=absent z=absent");
  EXPECT_EQ(Result(R"({"ts":1,"a":null,"z":[]})", fields),
            "a=null a.b=absent a.b.c=absent a.d=absent z=[]");
  EXPECT_EQ(Result(R"({"ts":1,"a":{}})", fields),
            "a={} a.b=absent a.b.c=absent a.d=absent z=absent");
}

TEST(JsonDecoderTest, ABrokenObjectBreaksTheFieldsBelowIt) {
  const std::vector<Field> fields = {Path({"a", "b", "c"}), Path({"a", "d"}), Path({"z"})};
  EXPECT_EQ(Result(R"({"ts":1,"a":{"b":{"c":1,,},"d":2},"z":3})", fields),
            "a.b.c=bad_value a.d=2 z=3");
  EXPECT_EQ(Result(R"({"ts":1,"a":{"b":{"c":1},"d" 2},"z":3})", fields),
            "a.b.c=bad_value a.d=bad_value z=3");
  EXPECT_EQ(Result(R"({"ts":1,"a":treu,"z":3})", fields), "a.b.c=bad_value a.d=bad_value z=3");
  EXPECT_EQ(Result(R"({"ts":1,"a":{"d":2,"x":truee},"z":3})", fields), "a.b.c=absent a.d=2 z=3");
}

TEST(JsonDecoderTest, TheLastOfEqualNamesCounts) {
  const std::vector<Field> fields = {Path({"a"}), Path({"a", "b"}), Path({"a", "c"})};
  EXPECT_EQ(Result(R"({"ts":1,"a":{"b":1},"a":{"c":2}})", fields), "a={c:2} a.b=absent a.c=2");
  EXPECT_EQ(Result(R"({"ts":1,"a":{"b":1},"a":7})", fields), "a=7 a.b=absent a.c=absent");
  EXPECT_EQ(Result(R"({"ts":1,"a":{"b":,},"a":{"b":2}})", fields), "a={b:2} a.b=2 a.c=absent");
  EXPECT_EQ(Result(R"({"ts":1,"a":{"b":1,"b":2,"c":3,"b":4}})", fields), "a={b:4,c:3} a.b=4 a.c=3");
  EXPECT_EQ(Result(R"({"ts":1,"a":{"b":1,"\u0062":2}})", fields), "a={b:2} a.b=2 a.c=absent");
  EXPECT_EQ(Result(R"({"ts":1,"a":"x","a":1})", {Path({"a"})}), "a=1");
}

TEST(JsonDecoderTest, ReadsTheWholeEvent) {
  EXPECT_EQ(Result(R"({"ts":1,"b":[true,null,{"c":"d"}],"a":{}})", {Path({})}),
            "event={a:{},b:[true,null,{c:\"d\"}],ts:1}");
  EXPECT_EQ(Result(R"({"ts":1,"b":truee})", {Path({}), Path({"ts"})}), "event=bad_value ts=1");
}

TEST(JsonDecoderTest, NestingHasALimit) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
  };
  EXPECT_EQ(Value(nested(kMaxValueDepth)), "f=" + nested(kMaxValueDepth));
  EXPECT_EQ(Value(nested(kMaxValueDepth + 1)), "f=too_deep");
}

TEST(JsonDecoderTest, ReadsTimesInEveryUnit) {
  const struct {
    config::TimeUnit unit;
    const char* json;
    int64_t time;
  } cases[] = {
      {config::TimeUnit::kSeconds, "1772355635", 1'772'355'635'000'000'000},
      {config::TimeUnit::kSeconds, "1772355635.25", 1'772'355'635'250'000'000},
      {config::TimeUnit::kMilliseconds, "-1", -1'000'000},
      {config::TimeUnit::kMicroseconds, "5", 5'000},
      {config::TimeUnit::kNanoseconds, "1.5e3", 1'500},
      {config::TimeUnit::kRfc3339, "\"1970-01-01T00:00:01Z\"", 1'000'000'000},
      {config::TimeUnit::kRfc3339, R"("1970\u002d01-01T00:00:01Z")", 1'000'000'000},
  };
  for (const auto& test : cases) {
    JsonDecoder decoder(0, {}, Time({"meta", "at"}, test.unit));
    const Decoded decoded = Decode(decoder, "{\"meta\":{\"at\":" + std::string(test.json) + "}}");
    ASSERT_NE(decoded.event, nullptr) << test.json;
    EXPECT_EQ(decoded.event->time, test.time) << test.json;
  }
  std::vector<config::TimeFormat::Mistake> mistakes;
  config::StreamTime written = Time({"at"});
  written.format = std::make_shared<const config::TimeFormat>(
      *config::TimeFormat::Compile("%d/%b/%Y:%H:%M:%S %z", "", mistakes));
  JsonDecoder formatted(0, {}, written);
  const auto decode = [&](const char* text) { return Decode(formatted, text); };
  const Decoded good = decode(R"({"at":"01\/Jan\/1970:00:00:01 +0000"})");
  ASSERT_NE(good.event, nullptr);
  EXPECT_EQ(good.event->time, 1'000'000'000);
  for (const char* text :
       {R"({"at":1})", R"({"at":"1970"})", R"({"at":"31/Dec/2261:23:59:59 -0100"})"})
    EXPECT_EQ(decode(text).reason, DeadLetterReason::kBadTime) << text;
  JsonDecoder decoder(0, {}, Time({"meta", "at"}));
  EXPECT_EQ(Decode(decoder, R"({"meta":{"at":1,,}})").reason, DeadLetterReason::kBadTime);
  EXPECT_EQ(Decode(decoder, R"({"meta":{"at":1},"meta":{}})").reason, DeadLetterReason::kNoTime);
  EXPECT_EQ(Decode(decoder, R"({"meta":7})").reason, DeadLetterReason::kNoTime);
}

TEST(JsonDecoderTest, ATimeFarBeyondTheRecordsIsAbsurd) {
  config::StreamTime time = Time({"ts"});
  time.max_ahead = 1000 * kMillisecond;
  JsonDecoder decoder(0, {}, time);
  const int64_t stamp = 5000 * kMillisecond;
  EXPECT_NE(Decode(decoder, R"({"ts":6000})", stamp).event, nullptr);
  EXPECT_EQ(Decode(decoder, R"({"ts":6000.001})", stamp).reason, DeadLetterReason::kTimeAhead);
  EXPECT_NE(Decode(decoder, R"({"ts":-9000000000000})", stamp).event, nullptr);
  EXPECT_NE(Decode(decoder, R"({"ts":9000000000000})").event, nullptr);
  EXPECT_EQ(Decode(decoder, R"({"ts":9214646399999})", -9'000'000'000'000'000'000).reason,
            DeadLetterReason::kTimeAhead);
}

TEST(JsonDecoderTest, TakesTheRecordsOwnTime) {
  JsonDecoder decoder(0, {}, config::StreamTime{});
  const Decoded decoded = Decode(decoder, R"({"ts":"?"})", 5);
  ASSERT_NE(decoded.event, nullptr);
  EXPECT_EQ(decoded.event->time, 5);
  EXPECT_EQ(Decode(decoder, "{}").reason, DeadLetterReason::kNoTime);
  EXPECT_EQ(Decode(decoder, "{", 5).reason, DeadLetterReason::kTruncated);
  EXPECT_EQ(Decode(decoder, "{}", std::numeric_limits<int64_t>::max()).reason,
            DeadLetterReason::kBadTime);
}

TEST(JsonDecoderTest, LargeRecordsPassUpToTheLimit) {
  const engine::EventLayout layout({Path({"last"}), Path({"list"})});
  std::string text = "{\"ts\":1,\"list\":[0";
  while (text.size() < 10'000'000) text += ",{\"k\":\"v\\n\"}";
  text += "],\"last\":\"x\"}";
  JsonDecoder small(0, layout, Time({"ts"}));
  EXPECT_EQ(Decode(small, text).reason, DeadLetterReason::kTooLarge);
  JsonDecoder large(0, layout, Time({"ts"}), 16 << 20);
  const Decoded decoded = Decode(large, text);
  ASSERT_NE(decoded.event, nullptr);
  EXPECT_EQ(decoded.event->slot(0).as_string(), "x");
  EXPECT_GT(decoded.event->slot(1).size(), 700'000u);
  EXPECT_NE(Decode(large, R"({"ts":1})").event, nullptr);
}

TEST(JsonDecoderTest, FieldsThatHoldOneAnotherDoNotGrowAnEventWithoutEnd) {
  std::string ones = "[1";
  for (int i = 0; i < 500; ++i) ones += ",1";
  const std::string text = "{\"ts\":1,\"a\":{\"b\":{\"c\":" + ones + "]}},\"d\":1}";
  const engine::EventLayout layout(
      {Path({"a"}), Path({"a", "b"}), Path({"a", "b", "c"}), Path({"d"})});
  // A list of small numbers is eight times as large in an event.
  JsonDecoder decoder(0, layout, Time({"ts"}), 2000, 16'000);
  const Decoded decoded = Decode(decoder, text);
  ASSERT_NE(decoded.event, nullptr);
  EXPECT_LT(decoded.event->byte_size, 30'000u);
  EXPECT_EQ(decoded.event->slot(2).size(), 501u);
  EXPECT_EQ(decoded.event->slot(0).error(), engine::ErrorCode::kBudget);
  EXPECT_EQ(decoded.event->slot(3).error(), engine::ErrorCode::kBudget);
  EXPECT_EQ(Decode(decoder, R"({"ts":1,"d":1})").event->slot(3).as_int(), 1);
}

// The first stage is a library's own code, which no sanitizer watches: the text ends where the
// readable memory ends.
TEST(JsonDecoderTest, TouchesNoByteBehindTheText) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* const memory =
      mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  char* const end = static_cast<char*>(memory) + page;
  ASSERT_EQ(mprotect(end, page, PROT_NONE), 0);
  JsonDecoder decoder(0, engine::EventLayout({Path({"f"}), Path({})}), Time({"ts"}));
  for (size_t length = 0; length < 400; ++length) {
    const std::string filler(length, 'x');
    for (const std::string& text :
         {"{\"ts\":1,\"f\":\"" + filler + "\"}", "{\"ts\":1,\"f\":\"\\n" + filler,
          "{\"ts\":1,\"f\":1" + filler, "{\"ts\":1,\"f\":" + std::string(length, '1'),
          "{\"ts\":1,\"" + filler, "tru" + filler, "\"\\u00" + filler}) {
      RawRecord record;
      std::copy(text.begin(), text.end(), end - text.size());
      record.value = std::string_view(end - text.size(), text.size());
      decoder.Decode(record);
    }
  }
  munmap(memory, 2 * page);
}

TEST(JsonDecoderTest, ATombstoneIsNoEmptyText) {
  JsonDecoder decoder(0, {}, Time({"ts"}));
  RawRecord record;
  record.tombstone = true;
  EXPECT_EQ(decoder.Decode(record).reason, DeadLetterReason::kTombstone);
  EXPECT_EQ(Decode(decoder, "").reason, DeadLetterReason::kNotJson);
}

TEST(JsonDecoderTest, ManyFieldsAreFoundByName) {
  std::vector<Field> fields;
  std::string text = "{\"ts\":1";
  std::string expected;
  for (int i = 100; i < 400; ++i) {
    // Names that agree in length and at both ends.
    const std::string name = "prefix__" + std::to_string(i) + "__suffix";
    fields.push_back(Path({name}));
    text += ",\"" + name + "\":" + std::to_string(i) + ",\"x" + name + "\":0";
    expected += (expected.empty() ? "" : " ") + name + "=" + std::to_string(i);
  }
  EXPECT_EQ(Result(text + "}", fields), expected);
}

TEST(DeadLetterTest, TextsAreStable) {
  EXPECT_EQ(ReasonText(DeadLetterReason::kNone), "none");
  EXPECT_EQ(ReasonText(DeadLetterReason::kTombstone), "tombstone");
  EXPECT_EQ(ReasonText(DeadLetterReason::kNoTime), "no_time");
  EXPECT_EQ(ReasonText(DeadLetterReason::kTimeAhead), "time_ahead");
}

}  // namespace
}  // namespace telltale::decode
