// What is learnt of the fields of a stream's events.
#include "daemon/sample/stream_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/decode/json_decoder.h"

namespace telltale::sample {
namespace {

using engine::ValueKind;
using testing::ElementsAre;

class Events {
 public:
  Events() : decoder_(0, Layout(), Time()) {}
  // REQUIRES: JSON.
  void Add(StreamProfile& profile, const std::string& json) {
    decode::RawRecord record;
    record.value = json;
    record.timestamp = 0;
    const decode::Decoded decoded = decoder_.Decode(record);
    ASSERT_NE(decoded.event, nullptr) << json;
    profile.Add(decoded.event->slot(0));
  }

 private:
  static engine::EventLayout Layout() {
    return engine::EventLayout({{.path = {}, .type = rules::Type::Dyn(), .as_double = false}});
  }
  static config::StreamTime Time() {
    config::StreamTime time;
    time.source = config::TimeSource::kKafka;
    return time;
  }
  decode::JsonDecoder decoder_;
};

std::vector<std::string> Lines(const StreamProfile& profile) {
  std::vector<std::string> lines;
  for (const ProfiledField& field : profile.Fields()) {
    std::string line = PathText(field.path) + " " + std::to_string(field.profile.events);
    for (const std::string_view type : field.profile.Types()) line += " " + std::string(type);
    lines.push_back(line);
  }
  return lines;
}

TEST(StreamProfile, CountsFieldsAndTheirTypes) {
  StreamProfile profile;
  Events events;
  events.Add(profile, R"({"user": "ann", "n": 1, "payer": {"id": 7}, "tags": ["a"]})");
  events.Add(profile, R"({"user": "bob", "n": 1.5, "payer": null})");
  events.Add(profile, R"({"user": true, "n": 2})");
  events.Add(profile, R"({"user": "c", "big": 18446744073709551615})");
  EXPECT_EQ(profile.events(), 4);
  EXPECT_THAT(Lines(profile),
              ElementsAre("user 4 string bool", "n 3 int double", "payer 2 map null",
                          "big 1 double", "payer.id 1 int", "tags 1 list"));
  EXPECT_EQ(profile.Find({"n"})->Numbers(), 3);
  EXPECT_EQ(profile.Find({"payer"})->Nulls(), 1);
  EXPECT_EQ(profile.Find({"payer", "id"})->Of(ValueKind::kInt), 1);
  EXPECT_EQ(profile.Find({"payer", "idd"}), nullptr);
  EXPECT_EQ(profile.Find({"user", "name"}), nullptr);
  EXPECT_FALSE(profile.left_out());
}

TEST(StreamProfile, OfEqualNamesTheLastCounts) {
  StreamProfile profile;
  Events events;
  events.Add(profile, R"({"a": 1, "a": "x"})");
  EXPECT_THAT(Lines(profile), ElementsAre("a 1 string"));
}

TEST(StreamProfile, WhatIsKeptIsNoFieldUntilAnEventHasIt) {
  StreamProfile profile;
  profile.Keep({"payer", "id"});
  EXPECT_EQ(profile.Find({"payer", "id"}), nullptr);
  EXPECT_THAT(Lines(profile), ElementsAre());
}

TEST(StreamProfile, IsBoundedButForWhatIsKept) {
  StreamProfile profile;
  profile.Keep({"zz", "id"});
  Events events;
  for (size_t i = 0; i < StreamProfile::kMostFields + 5; ++i)
    events.Add(profile, "{\"f" + std::to_string(i) + "\": 1}");
  events.Add(profile, R"({"f0": 2, "zz": {"id": 1, "other": 1}})");
  EXPECT_TRUE(profile.left_out());
  EXPECT_EQ(profile.Fields().size(), StreamProfile::kMostFields + 2);
  EXPECT_EQ(profile.Find({"f0"})->events, 2);
  EXPECT_NE(profile.Find({"zz", "id"}), nullptr);
  EXPECT_EQ(profile.Find({"zz", "other"}), nullptr);
}

}  // namespace
}  // namespace telltale::sample
