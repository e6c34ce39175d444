// Which keys a `by` gives of an event (K1).
#include "engine/condition/key_finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/condition/scratch.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Fields = decltype(TestEvent::fields);
using Texts = std::vector<std::string>;

class Keys {
 public:
  explicit Keys(const std::string& by, const std::string& more = "")
      : rules_(CompileText("id: r\ntitle: T\nby: " + by + "\n" + more +
                               "sequence: [ x: { on: a, repeat: 2, within: 1s } ]\n",
                           TestStreams({"a"}))) {
    const rules::Rule& rule = rules_->rules->rules.front();
    finder_ = KeyFinder::Compile(rule.steps.front().selector, rule.group_missing_key,
                                 rules_->layouts, rules_->inputs.get())
                  .value();
  }

  // As text, after the hashes were held against them.
  std::vector<std::string> Of(const Fields& fields) {
    const Event& event =
        *Build(builder_, *rules_, {.stream = 0, .time_ms = 1, .fields = fields, .partition = 0}, 0);
    std::vector<Hash128> hashes;
    misses_ = finder_.Find(event, scratch_, memory_, hashes);
    const std::vector<rules::KeyParts> keys = finder_.KeysOf(event, scratch_);
    EXPECT_EQ(keys.size(), hashes.size());
    EXPECT_EQ(std::set<Hash128>(hashes.begin(), hashes.end()).size(), hashes.size());
    std::vector<std::string> texts;
    for (size_t i = 0; i < keys.size(); ++i) {
      EXPECT_EQ(finder_.KeyOf(event, hashes[i], scratch_), keys[i]);
      // It looks for the hash among those of all that can be chosen.
      std::string bytes;
      ByteWriter out(bytes);
      EXPECT_TRUE(finder_.WriteKey(event, hashes[i], scratch_, memory_, out));
      ByteReader in(bytes);
      EXPECT_EQ(KeyFinder::ReadKey(keys[i].size(), in), keys[i]);
      texts.push_back(rules::ToText(keys[i]));
    }
    return texts;
  }
  Hash128 HashOf(const Fields& fields) {
    const Event& event =
        *Build(builder_, *rules_, {.stream = 0, .time_ms = 1, .fields = fields, .partition = 0}, 0);
    std::vector<Hash128> hashes;
    finder_.Find(event, scratch_, memory_, hashes);
    return hashes.at(0);
  }
  uint64_t misses() const { return misses_; }

 private:
  std::shared_ptr<const CompiledRules> rules_;
  KeyFinder finder_;
  EventBuilder builder_;
  Scratch scratch_;
  KeyMemory memory_;
  uint64_t misses_ = 0;
};

TEST(KeyFinder, APartIsOneText) {
  Keys keys("u");
  EXPECT_THAT(keys.Of({{"u", std::string("ann")}}), ElementsAre("ann"));
  EXPECT_THAT(keys.Of({{"u", int64_t{17}}}), ElementsAre("17"));
  EXPECT_EQ(keys.misses(), 0u);
  EXPECT_EQ(keys.HashOf({{"u", int64_t{17}}}), keys.HashOf({{"u", 17.0}}));
  EXPECT_EQ(keys.HashOf({{"u", int64_t{17}}}), keys.HashOf({{"u", std::string("17")}}));
}

TEST(KeyFinder, WhatIsNoTextIsAMiss) {
  Keys keys("u");
  for (const Fields& fields :
       {Fields{}, Fields{{"u", true}}, Fields{{"u", 0.5}}, Fields{{"u", nullptr}},
        Fields{{"u", Texts{"ann"}}}, Fields{{"u", ErrorCode::kBadFieldValue}}}) {
    EXPECT_THAT(keys.Of(fields), IsEmpty());
    EXPECT_EQ(keys.misses(), 1u);
  }
}

TEST(KeyFinder, EachGivesAKeyForEveryElementOnce) {
  Keys keys("each(emails)");
  EXPECT_THAT(keys.Of({{"emails", Texts{"b@x", "a@x", "b@x"}}}), ElementsAre("a@x", "b@x"));
  EXPECT_EQ(keys.misses(), 0u);
  EXPECT_THAT(keys.Of({{"emails", Texts{}}}), IsEmpty());
  EXPECT_EQ(keys.misses(), 1u);
  EXPECT_THAT(keys.Of({{"emails", std::string("a@x")}}), IsEmpty()) << "it is no list";
  EXPECT_EQ(keys.misses(), 1u);
}

TEST(KeyFinder, EachTakesWhatAnExpressionMakes) {
  Keys keys("each(emails.map(e, e.lowerAscii()))");
  EXPECT_THAT(keys.Of({{"emails", Texts{"B@x", "a@x", "b@x"}}}), ElementsAre("a@x", "b@x"));
}

TEST(KeyFinder, SeveralPartsGiveEveryCombination) {
  Keys keys("[ each(a), u, each(b) ]");
  EXPECT_THAT(keys.Of({{"a", Texts{"1", "2"}}, {"u", int64_t{7}}, {"b", Texts{"x", "y", "x"}}}),
              ElementsAre("1, 7, x", "1, 7, y", "2, 7, x", "2, 7, y"));
  EXPECT_THAT(keys.Of({{"a", Texts{"1", "2"}}, {"b", Texts{"x"}}}), IsEmpty())
      << "one part is missing";
}

TEST(KeyFinder, AMissingPartOfAGroupEqualsNoText) {
  Keys keys("[ u, d ]", "missing_key: group\n");
  EXPECT_THAT(keys.Of({{"u", std::string("ann")}}), ElementsAre("ann, null"));
  EXPECT_EQ(keys.misses(), 0u);
  EXPECT_THAT(keys.Of({}), ElementsAre("null, null"));
  const Hash128 missing = keys.HashOf({{"u", std::string("ann")}});
  for (const char* text : {"", "null", "ann"})
    EXPECT_NE(missing, keys.HashOf({{"u", std::string("ann")}, {"d", std::string(text)}})) << text;
  EXPECT_NE(missing, keys.HashOf({{"d", std::string("ann")}})) << "it is another part";
  EXPECT_EQ(missing, keys.HashOf({{"u", std::string("ann")}, {"d", 0.5}}));
}

TEST(KeyFinder, AListWithoutKeysIsAMissingPart) {
  Keys keys("each(emails)", "missing_key: group\n");
  EXPECT_THAT(keys.Of({{"emails", Texts{}}}), ElementsAre("null"));
  EXPECT_THAT(keys.Of({{"emails", Texts{"a@x"}}}), ElementsAre("a@x"));
  EXPECT_THAT(keys.Of({}), ElementsAre("null"));
}

TEST(KeyFinder, TheCrossProductIsBoundedAndCounted) {
  Keys keys("[ each(a), each(b), each(c) ]");
  Texts hundred;
  for (int i = 100; i-- > 0;) hundred.push_back(absl::StrCat(100 + i));
  const auto found = keys.Of({{"a", hundred}, {"b", hundred}, {"c", hundred}});
  EXPECT_THAT(found, SizeIs(rules::kMostKeysOfEvent));
  EXPECT_EQ(keys.misses(), 1'000'000 - rules::kMostKeysOfEvent);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
  std::reverse(hundred.begin(), hundred.end());
  EXPECT_EQ(found, keys.Of({{"a", hundred}, {"b", hundred}, {"c", hundred}}))
      << "which are kept hangs on no order";
}

// However many they are: beyond what is kept in place, too.
TEST(PartHasher, HashesLengthsAndParts) {
  for (const size_t parts : {1, 9, 14, 15, 16, 40}) {
    PartHasher hasher;
    hasher.Add("what was before").Add(7);
    hasher.Clear();
    std::string bytes;
    for (size_t i = 0; i < parts; ++i) {
      const std::string part(i % 17, static_cast<char>('a' + i % 26));
      hasher.Add(part);
      bytes += static_cast<char>(part.size()) + std::string(7, '\0') + part;
    }
    EXPECT_EQ(hasher.Finish(), HashBytes(bytes)) << parts << " parts of " << bytes.size();
  }
  EXPECT_EQ(PartHasher().Add(std::string(5000, 'x')).Add(uint64_t{1}).Finish(),
            HashBytes(std::string("\x88\x13") + std::string(6, '\0') + std::string(5000, 'x') +
                      '\1' + std::string(7, '\0')));
}

}  // namespace
}  // namespace telltale::engine
