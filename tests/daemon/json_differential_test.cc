// Random documents, whole and damaged, read by the decoder and by simdjson's DOM: both see the same
// values, and what the DOM refuses is a dead letter or an error of the value that is wrong.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "daemon/decode/json_decoder.h"
#include "tests/daemon/event_text.h"

namespace telltale::decode {
namespace {

using Element = simdjson::dom::element;

class Documents {
 public:
  // Where `unique`, no object has a name twice: what is wrong in a member that a later one of the
  // same name replaces is nobody's error, but the DOM's.
  Documents(uint64_t seed, bool unique) : random_(seed), unique_(unique) {}

  size_t Below(size_t n) { return random_() % n; }

  std::string Object(int depth) {
    std::string text = "{";
    const size_t size = Below(5);
    const size_t first = Below(6);
    for (size_t i = 0; i < size; ++i) {
      absl::StrAppend(&text, i == 0 ? "" : ",", Space(), Name(first + i), Space(), ":", Space(),
                      Any(depth + 1), Space());
    }
    return text + "}";
  }

  std::string Damage(std::string text) {
    static constexpr std::string_view kBytes = "{}[]:,\"\\ tfn0-1.eE\xC3\xFF\x01";
    const size_t times = 1 + Below(3);
    for (size_t i = 0; i < times && !text.empty(); ++i) {
      const size_t at = Below(text.size());
      switch (Below(4)) {
        case 0:
          text.erase(at, 1 + Below(3));
          break;
        case 1:
          text[at] = kBytes[Below(kBytes.size())];
          break;
        case 2:
          text.insert(at, 1, kBytes[Below(kBytes.size())]);
          break;
        default:
          text.resize(at);
      }
    }
    return text;
  }

 private:
  std::string Space() {
    static const char* const kSpaces[] = {"", "", "", "", "", " ", "\n", "\t \r"};
    return kSpaces[Below(8)];
  }
  std::string Name(size_t turn) {
    static const char* const kNames[] = {"\"ts\"", "\"a\"",    "\"b\"",      "\"longer name\"",
                                         "\"\"",   "\"c\\n\"", "\"\\u0061\""};
    return kNames[unique_ ? turn % 6 : Below(7)];
  }
  std::string Text() {
    std::string text = "\"";
    const size_t size = Below(8);
    for (size_t i = 0; i < size; ++i) {
      static const char* const kParts[] = {
          "x", "\\\\", "\\\"", "{", "]", "\\u20aC", "\xC3\xA9", "\\ud83d\\ude00", ",", "\\n", " "};
      text += kParts[Below(11)];
    }
    return text + "\"";
  }
  std::string Number() {
    switch (Below(6)) {
      case 0:
        return absl::StrCat(static_cast<int64_t>(random_()));
      case 1:
        return absl::StrCat(random_());
      case 2:
        return absl::StrCat(static_cast<int>(Below(200)) - 100);
      case 3:
        return absl::StrFormat("%.17g",
                               static_cast<double>(static_cast<int64_t>(random_())) / 1e10);
      case 4:
        return absl::StrFormat("%d.%dE%d", Below(1000), random_() % 1'000'000'000'000,
                               static_cast<int>(Below(600)) - 320);
      default:
        return "0";
    }
  }
  std::string Any(int depth) {
    switch (Below(depth > 6 ? 5 : 8)) {
      case 0:
      case 1:
        return Text();
      case 2:
      case 3:
        return Number();
      case 4: {
        static const char* const kWords[] = {"true", "false", "null"};
        return kWords[Below(3)];
      }
      case 5: {
        std::string text = "[";
        const size_t size = Below(4);
        for (size_t i = 0; i < size; ++i)
          absl::StrAppend(&text, i == 0 ? "" : ",", Space(), Any(depth + 1), Space());
        return text + "]";
      }
      default:
        return Object(depth);
    }
  }

  std::mt19937_64 random_;
  const bool unique_;
};

std::string DomText(Element element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::STRING:
      return absl::StrCat("\"", std::string(std::string_view(element)), "\"");
    case element_type::INT64:
      return absl::StrCat(int64_t(element));
    case element_type::UINT64:
      return absl::StrFormat("%.19gd", static_cast<double>(uint64_t(element)));
    case element_type::DOUBLE:
      return absl::StrFormat("%.19gd", double(element));
    case element_type::BOOL:
      return bool(element) ? "true" : "false";
    case element_type::NULL_VALUE:
      return "null";
    case element_type::ARRAY: {
      std::vector<std::string> parts;
      for (const Element part : simdjson::dom::array(element)) parts.push_back(DomText(part));
      return absl::StrCat("[", absl::StrJoin(parts, ","), "]");
    }
    case element_type::OBJECT: {
      std::map<std::string, std::string> entries;
      for (const auto& [key, value] : simdjson::dom::object(element))
        entries[std::string(key)] = DomText(value);
      return absl::StrCat("{", absl::StrJoin(entries, ",", absl::PairFormatter(":")), "}");
    }
  }
  return "?";
}

// The value at a path, the last of equal names at each level; false: there is none.
bool DomAt(Element& element, const rules::FieldPath& path) {
  for (const std::string& name : path) {
    if (!element.is_object()) return false;
    bool found = false;
    Element value;
    for (const auto& [key, member] : simdjson::dom::object(element)) {
      if (key == name) {
        value = member;
        found = true;
      }
    }
    if (!found) return false;
    element = value;
  }
  return true;
}

std::vector<engine::Field> Fields() {
  return {{.path = {}, .type = {}},
          {.path = {"a"}, .type = {}},
          {.path = {"a", "b"}, .type = {}},
          {.path = {"a", "b", "a"}, .type = {}},
          {.path = {"longer name"}, .type = {}},
          {.path = {"b", "c\n"}, .type = {}},
          {.path = {"", ""}, .type = {}}};
}

bool AboutNumbers(simdjson::error_code error) {
  const std::string_view text = simdjson::error_message(error);
  return text.find("number") != std::string_view::npos ||
         text.find("nteger") != std::string_view::npos;
}

void Compare(const std::string& text, JsonDecoder& decoder, const engine::EventLayout& layout) {
  RawRecord record;
  record.value = text;
  record.timestamp = 0;
  const Decoded decoded = decoder.Decode(record);
  simdjson::dom::parser parser;
  Element root;
  const simdjson::error_code error = parser.parse(text).get(root);
  if (error != simdjson::SUCCESS) {
    if (decoded.event == nullptr || AboutNumbers(error)) return;
    EXPECT_TRUE(decoded.event->slot(0).is(engine::ValueKind::kError)) << text << "\n" << error;
    return;
  }
  if (!root.is_object()) {
    EXPECT_EQ(decoded.reason, DeadLetterReason::kNotObject) << text;
    return;
  }
  ASSERT_NE(decoded.event, nullptr) << text << "\n" << ReasonText(decoded.reason);
  for (uint32_t slot = 0; slot < layout.slot_count(); ++slot) {
    Element element = root;
    const bool there = DomAt(element, layout.fields()[slot].path);
    ASSERT_EQ(ValueText(decoded.event->slot(slot)), there ? DomText(element) : "absent")
        << text << "\n"
        << absl::StrJoin(layout.fields()[slot].path, ".");
  }
}

TEST(JsonDifferentialTest, AgreesWithSimdjsonsDom) {
  const engine::EventLayout layout(Fields());
  JsonDecoder decoder(0, layout, config::StreamTime{});
  Documents any(20'261'123, false);
  Documents unique(20'261'124, true);
  for (int i = 0; i < 60'000 && !testing::Test::HasFailure(); ++i) {
    Compare(any.Object(0), decoder, layout);
    Compare(unique.Damage(unique.Object(0)), decoder, layout);
  }
}

// V7: with other fields the verdict is the same, and so are the fields that both read.
TEST(JsonDifferentialTest, TheVerdictDoesNotDependOnTheFields) {
  const engine::EventLayout all(Fields());
  const engine::EventLayout none;
  JsonDecoder reads_all(0, all, config::StreamTime{});
  JsonDecoder reads_none(0, none, config::StreamTime{});
  Documents documents(7, false);
  for (int i = 0; i < 60'000 && !testing::Test::HasFailure(); ++i) {
    const std::string text = documents.Damage(documents.Object(0));
    RawRecord record;
    record.value = text;
    record.timestamp = 0;
    const Decoded with = reads_all.Decode(record);
    EXPECT_EQ(with.reason, reads_none.Decode(record).reason) << text;
    for (uint32_t slot = 0; slot < all.slot_count(); ++slot) {
      const engine::EventLayout one({all.fields()[slot]});
      JsonDecoder reads_one(0, one, config::StreamTime{});
      const Decoded alone = reads_one.Decode(record);
      ASSERT_EQ(with.reason, alone.reason) << text;
      if (with.event != nullptr) {
        ASSERT_EQ(ValueText(with.event->slot(slot)), ValueText(alone.event->slot(0))) << text;
      }
    }
  }
}

}  // namespace
}  // namespace telltale::decode
