// Times, addresses, types and optional values: as text, compared, and copied into events.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/condition/operations.h"
#include "engine/condition/time_text.h"

namespace telltale::engine {
namespace {

std::string Json(Value value) {
  std::string text;
  AppendJson(value, text);
  return text;
}

std::string Text(Value value) {
  std::string text;
  AppendText(value, text);
  return text;
}

std::string TimeText(std::string_view text) { return Text(ParseTimestamp(text)); }
std::string SpanText(std::string_view text) { return Text(ParseDuration(text)); }

TEST(ValueKinds, TimestampsAreReadAndPrinted) {
  EXPECT_EQ(TimeText("2009-02-13T23:31:30Z"), "2009-02-13T23:31:30Z");
  EXPECT_EQ(TimeText("2009-02-13t23:31:30.500z"), "2009-02-13T23:31:30.5Z");
  EXPECT_EQ(TimeText("1969-12-31T23:59:59.000000001Z"), "1969-12-31T23:59:59.000000001Z");
  EXPECT_EQ(TimeText("2024-02-29T01:00:00+02:30"), "2024-02-28T22:30:00Z");
  EXPECT_EQ(TimeText("2024-02-29T23:00:00-01:00"), "2024-03-01T00:00:00Z");
  EXPECT_EQ(TimeText("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(TimeText("9999-12-31T23:59:59.999999999Z"), "9999-12-31T23:59:59.999999999Z");
  EXPECT_EQ(TimeText("2009-02-13T23:31:30.1234567899Z"), "2009-02-13T23:31:30.123456789Z");
}

TEST(ValueKinds, WhatIsNoTimestamp) {
  for (const std::string_view text :
       {"", "2009-02-13", "2009-02-13 23:31:30Z", "2009-02-13T23:31:30", "2023-02-29T00:00:00Z",
        "2009-13-01T00:00:00Z", "2009-02-13T24:00:00Z", "2009-02-13T23:31:60Z",
        "2009-02-13T23:31:30.Z", "2009-02-13T23:31:30Zx", "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "10000-01-01T00:00:00Z",
        "2009-02-13T23:31:30+24:00", "2009-2-13T23:31:30Z"}) {
    EXPECT_TRUE(ParseTimestamp(text).is(ValueKind::kAbsent)) << text;
  }
}

TEST(ValueKinds, DurationsAreReadAndPrinted) {
  EXPECT_EQ(SpanText("90.5s"), "90.5s");
  EXPECT_EQ(SpanText("1h30m"), "5400s");
  EXPECT_EQ(SpanText("1h1m1s1ms1us1ns"), "3661.001001001s");
  EXPECT_EQ(SpanText("-1.5s"), "-1.5s");
  EXPECT_EQ(SpanText("-1ns"), "-0.000000001s");
  EXPECT_EQ(SpanText("+.5m"), "30s");
  EXPECT_EQ(SpanText("0"), "0s");
  EXPECT_EQ(SpanText("-0"), "0s");
  EXPECT_EQ(SpanText("1.0000000019s"), "1.000000001s");
  EXPECT_EQ(SpanText("3\u00b5s"), "0.000003s");
  EXPECT_EQ(SpanText("315576000000s"), "315576000000s");
  EXPECT_EQ(SpanText("-315576000000s"), "-315576000000s");
}

TEST(ValueKinds, WhatIsNoDuration) {
  for (const std::string_view text :
       {"", "1", "s", "-", ".s", "1d", "1h 30m", "--1s", "1s-1s", "315576000000.000000001s",
        "99999999999999999999999999s", "1.5", "0x"}) {
    EXPECT_TRUE(ParseDuration(text).is(ValueKind::kAbsent)) << text;
  }
}

Value Address(std::string_view bytes) { return Value::Ip(bytes); }

TEST(ValueKinds, AddressesArePrintedInTheirShortestForm) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(Text(Address("\x0A\x01\x02\xFF"sv)), "10.1.2.255");
  EXPECT_EQ(Text(Value::Cidr("\x0A\x00\x00\x00\x08"sv)), "10.0.0.0/8");
  EXPECT_EQ(Text(Address("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv)), "::");
  EXPECT_EQ(Text(Address("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"sv)), "::1");
  EXPECT_EQ(Text(Address("\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x01"sv)), "2001:db8::1");
  EXPECT_EQ(Text(Address("\x20\x01\0\0\0\0\0\x01\0\0\0\0\0\0\0\0"sv)), "2001:0:0:1::");
  EXPECT_EQ(Text(Address("\x20\x01\0\0\0\x01\0\x01\0\0\0\x01\0\x01\0\x01"sv)),
            "2001:0:1:1:0:1:1:1");
  EXPECT_EQ(Text(Address("\0\0\0\0\0\0\0\0\0\0\xFF\xFF\x01\x02\x03\x04"sv)), "::ffff:1.2.3.4");
  EXPECT_EQ(Text(Value::Cidr("\xFE\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40"sv)), "fe80::/64");
}

TEST(ValueKinds, InJsonTheyAreStrings) {
  EXPECT_EQ(Json(Value::Timestamp(0, 0)), "\"1970-01-01T00:00:00Z\"");
  EXPECT_EQ(Json(Value::Duration(-2, 500'000'000)), "\"-1.5s\"");
  EXPECT_EQ(Json(Value::Type(ValueKind::kList)), "\"list\"");
  EXPECT_EQ(Json(Address({"\x7F\0\0\x01", 4})), "\"127.0.0.1\"");
  EXPECT_EQ(Json(Value::OptionalNone()), "null");
  StoredValue one;
  one.Store(Value::Int(1));
  EXPECT_EQ(Json(Value::OptionalOf(&one)), "1");
}

bool AreEqual(Value a, Value b) {
  const Value equal = Equals(a, b);
  return equal.is(ValueKind::kBool) && equal.as_bool();
}

TEST(ValueKinds, TheyAreComparedByWhatTheyMean) {
  EXPECT_TRUE(AreEqual(Value::Timestamp(5, 1), Value::Timestamp(5, 1)));
  EXPECT_FALSE(AreEqual(Value::Timestamp(5, 1), Value::Timestamp(5, 2)));
  EXPECT_FALSE(AreEqual(Value::Timestamp(5, 0), Value::Duration(5, 0)));
  EXPECT_EQ(OrderOf(Value::Duration(-2, 500'000'000), Value::Duration(-1, 0)), Order::kLess);
  EXPECT_EQ(OrderOf(Value::Timestamp(5, 2), Value::Timestamp(5, 1)), Order::kGreater);
  EXPECT_EQ(OrderOf(Value::Timestamp(5, 2), Value::Duration(5, 1)), Order::kNoOverload);
  EXPECT_TRUE(AreEqual(Value::Type(ValueKind::kInt), Value::Type(ValueKind::kInt)));
  EXPECT_FALSE(AreEqual(Value::Type(ValueKind::kInt), Value::Type(ValueKind::kUint)));
  EXPECT_TRUE(AreEqual(Address("abcd"), Address("abcd")));
  EXPECT_FALSE(AreEqual(Address("abcd"), Value::String("abcd")));
  StoredValue one;
  one.Store(Value::Int(1));
  StoredValue same;
  same.Store(Value::Double(1.0));
  EXPECT_TRUE(AreEqual(Value::OptionalOf(&one), Value::OptionalOf(&same)));
  EXPECT_FALSE(AreEqual(Value::OptionalOf(&one), Value::OptionalNone()));
  EXPECT_TRUE(AreEqual(Value::OptionalNone(), Value::OptionalNone()));
}

// An event is a block that is copied as bytes: nothing in it may point to where it was.
TEST(ValueKinds, EventsHoldThem) {
  StoredValue inner;
  inner.Store(Value::String("held"));
  StoredValue outer;
  outer.Store(Value::OptionalOf(&inner));
  EventBuilder builder;
  builder.Begin(0, 6);
  builder.SetCopy(builder.slot(0), Value::Timestamp(7, 8));
  builder.SetCopy(builder.slot(1), Value::OptionalOf(&outer));
  builder.SetCopy(builder.slot(2), Value::OptionalNone());
  builder.SetCopy(builder.slot(3), Address({"\x0A\0\0\x01", 4}));
  builder.SetCopy(builder.slot(4), Value::Cidr({"\x0A\0\0\0\x08", 5}));
  builder.SetCopy(builder.slot(5), Value::Type(ValueKind::kMap));
  const Event* built = builder.Finish(0, 0, 0);
  std::vector<uint64_t> block(built->byte_size / 8);
  std::memcpy(block.data(), built, built->byte_size);
  builder.Begin(0, 6);  // the builder's memory is used again
  const auto& event = *reinterpret_cast<const Event*>(block.data());
  EXPECT_EQ(Json(event.slot(0)), "\"1970-01-01T00:00:07.000000008Z\"");
  EXPECT_EQ(Json(event.slot(1)), "\"held\"");
  EXPECT_EQ(Json(event.slot(2)), "null");
  EXPECT_TRUE(event.slot(2).is(ValueKind::kOptional));
  EXPECT_EQ(Json(event.slot(3)), "\"10.0.0.1\"");
  EXPECT_EQ(Json(event.slot(4)), "\"10.0.0.0/8\"");
  EXPECT_EQ(Json(event.slot(5)), "\"map\"");
}

}  // namespace
}  // namespace telltale::engine
