// Random detections over random events: the engine against an evaluator that is written as the
// semantics say it (V3), plainly and slowly.
#include <gtest/gtest.h>

#include <cctype>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/rules/sigma_cases.h"

namespace telltale::rules {
namespace {

// A value of an event. kAbsent: the event has no such field.
struct Json {
  enum Kind { kAbsent, kNull, kBool, kNumber, kText, kList } kind = kAbsent;
  std::string text;  // as JSON writes it; of kText and kBool: as patterns see it
  double number = 0;
  std::vector<Json> list;

  std::string Write() const {
    if (kind == kText) return "\"" + text + "\"";
    if (kind == kNull) return "null";
    if (kind != kList) return text;
    std::string out;
    for (const Json& item : list) out += (out.empty() ? "" : ",") + item.Write();
    return "[" + out + "]";
  }
};

struct Value {
  enum Kind { kNull, kBool, kNumber, kText } kind = kText;
  std::string text;  // as the rule writes it
};

struct Entry {
  std::string field;
  std::vector<std::string> modifiers;
  std::vector<Value> values;
  bool Has(const std::string& modifier) const {
    return std::find(modifiers.begin(), modifiers.end(), modifier) != modifiers.end();
  }
};

struct Search {
  std::string name;
  std::vector<std::vector<Entry>> maps;  // any of the maps, all of a map's entries
};

std::optional<double> NumberOf(const Json& value) {
  if (value.kind == Json::kNumber) return value.number;
  if (value.kind != Json::kText || value.text.empty()) return std::nullopt;
  for (const char c : value.text) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
  }
  if (value.text.size() > 1 && value.text[0] == '0') return std::nullopt;
  return std::stod(value.text);
}

// The pattern from p on against the text from t on, one way after the other.
bool Like(const std::string& pattern, size_t p, const std::string& text, size_t t, bool cased) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] == '*') {
    for (size_t next = t; next <= text.size(); ++next) {
      if (Like(pattern, p + 1, text, next, cased)) return true;
    }
    return false;
  }
  if (t == text.size()) return false;
  if (pattern[p] == '?') return Like(pattern, p + 1, text, t + 1, cased);
  if (pattern[p] == '\\' && p + 1 < pattern.size() &&
      std::string("*?\\").find(pattern[p + 1]) != std::string::npos)
    ++p;
  const auto fold = [cased](char c) { return cased ? c : std::tolower(c); };
  return fold(pattern[p]) == fold(text[t]) && Like(pattern, p + 1, text, t + 1, cased);
}

bool ScalarFits(const Entry& entry, const Value& value, const Json& json) {
  for (const char* order : {"lt", "lte", "gt", "gte"}) {
    if (!entry.Has(order)) continue;
    const std::optional<double> number = NumberOf(json);
    if (!number) return false;
    const double bound = std::stod(value.text);
    const std::string name = order;
    return name == "lt"    ? *number < bound
           : name == "lte" ? *number <= bound
           : name == "gt"  ? *number > bound
                           : *number >= bound;
  }
  if (value.kind == Value::kNull) return json.kind == Json::kNull;
  if (json.kind == Json::kNull) return false;
  const bool placed = entry.Has("contains") || entry.Has("startswith") || entry.Has("endswith");
  if (value.kind == Value::kNumber && !placed) {
    const std::optional<double> number = NumberOf(json);
    return number && *number == std::stod(value.text);
  }
  if (value.kind == Value::kBool) return Like(value.text, 0, json.text, 0, false);
  std::string pattern = value.text;
  if (entry.Has("contains") || entry.Has("endswith")) pattern = "*" + pattern;
  if (entry.Has("contains") || entry.Has("startswith")) pattern += "*";
  return Like(pattern, 0, json.text, 0, entry.Has("cased"));
}

bool ValueFits(const Entry& entry, const Value& value, const Json& json) {
  if (json.kind == Json::kAbsent) return value.kind == Value::kNull;
  if (json.kind != Json::kList) return ScalarFits(entry, value, json);
  return std::any_of(json.list.begin(), json.list.end(),
                     [&](const Json& item) { return ScalarFits(entry, value, item); });
}

using EventMap = std::map<std::string, Json>;

bool EntryFits(const Entry& entry, const EventMap& event) {
  const Json& json = event.at(entry.field);
  if (entry.Has("exists")) return (json.kind != Json::kAbsent) == (entry.values[0].text == "true");
  const auto fits = [&](const Value& value) { return ValueFits(entry, value, json); };
  const bool held = entry.Has("all") ? std::all_of(entry.values.begin(), entry.values.end(), fits)
                                     : std::any_of(entry.values.begin(), entry.values.end(), fits);
  return held != entry.Has("neq");
}

bool SearchFits(const Search& search, const EventMap& event) {
  return std::any_of(search.maps.begin(), search.maps.end(), [&](const auto& map) {
    return std::all_of(map.begin(), map.end(),
                       [&](const Entry& entry) { return EntryFits(entry, event); });
  });
}

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  size_t Below(size_t n) { return random_() % n; }
  bool OneIn(size_t n) { return Below(n) == 0; }

  std::string Word() {
    std::string word;
    for (size_t i = Below(4); i > 0; --i) word += "abAB1"[Below(5)];
    return word;
  }

  Json Scalar() {
    switch (Below(6)) {
      case 0:
        return {.kind = Json::kNull, .text = "", .number = 0, .list = {}};
      case 1:
        return {.kind = Json::kBool, .text = OneIn(2) ? "true" : "false", .number = 0, .list = {}};
      case 2: {
        const size_t number = Below(12);
        return {.kind = Json::kNumber,
                .text = std::to_string(number),
                .number = static_cast<double>(number),
                .list = {}};
      }
      default:
        return {.kind = Json::kText, .text = Word(), .number = 0, .list = {}};
    }
  }

  EventMap Event() {
    EventMap event;
    for (const char* field : {"a", "b", "c"}) {
      if (OneIn(5)) {
        event[field] = {};
      } else if (OneIn(5)) {
        Json list{.kind = Json::kList, .text = "", .number = 0, .list = {}};
        for (size_t i = Below(3); i > 0; --i) list.list.push_back(Scalar());
        event[field] = list;
      } else {
        event[field] = Scalar();
      }
    }
    return event;
  }

  Search MakeSearch(std::string name) {
    Search search{std::move(name), {}};
    for (size_t m = 1 + Below(2); m > 0; --m) {
      std::vector<Entry>& map = search.maps.emplace_back();
      std::string fields = "abc";
      for (size_t e = 1 + Below(2); e > 0; --e) {
        const size_t at = Below(fields.size());
        map.push_back(MakeEntry(fields.substr(at, 1)));
        fields.erase(at, 1);
      }
    }
    return search;
  }

 private:
  Entry MakeEntry(std::string field) {
    Entry entry{std::move(field), {}, {}};
    if (OneIn(8)) {
      entry.modifiers = {"exists"};
      entry.values = {{Value::kBool, OneIn(2) ? "true" : "false"}};
      return entry;
    }
    const bool order = OneIn(6);
    const char* orders[] = {"lt", "lte", "gt", "gte"};
    const char* places[] = {"contains", "startswith", "endswith"};
    if (order) {
      entry.modifiers.push_back(orders[Below(4)]);
    } else {
      if (OneIn(2)) entry.modifiers.push_back(places[Below(3)]);
      if (OneIn(4)) entry.modifiers.push_back("cased");
    }
    const bool placed = !order && !entry.modifiers.empty() && entry.modifiers[0] != "cased";
    if (OneIn(5)) entry.modifiers.push_back("neq");
    const size_t count = OneIn(6) ? 9 : 1 + Below(3);
    if (count > 1 && OneIn(3)) entry.modifiers.push_back("all");
    for (size_t i = 0; i < count; ++i)
      entry.values.push_back(order ? Value{Value::kNumber, std::to_string(Below(12))}
                                   : MakeValue(placed, entry.Has("cased")));
    return entry;
  }

  Value MakeValue(bool placed, bool cased) {
    if (!placed && !cased && OneIn(8)) return {Value::kNull, "null"};
    if (!placed && !cased && OneIn(8)) return {Value::kBool, OneIn(2) ? "true" : "false"};
    if (OneIn(5)) return {Value::kNumber, std::to_string(Below(12))};
    std::string pattern = Word();
    for (size_t i = Below(3); i > 0; --i)
      pattern.insert(Below(pattern.size() + 1), OneIn(2) ? "*" : OneIn(2) ? "?" : "\\*");
    return {Value::kText, pattern};
  }

  std::mt19937_64 random_;
};

std::string Write(const Search& search) {
  std::string out = search.name + ":\n";
  for (const auto& map : search.maps) {
    bool first = true;
    for (const Entry& entry : map) {
      out += (first ? "  - " : "    ") + entry.field;
      for (const std::string& modifier : entry.modifiers) out += "|" + modifier;
      out += ": [";
      for (const Value& value : entry.values) {
        if (&value != &entry.values[0]) out += ", ";
        out += value.kind == Value::kText ? "'" + value.text + "'" : value.text;
      }
      out += "]\n";
      first = false;
    }
  }
  return out;
}

// A condition over the searches, and what it is of their values.
struct Condition {
  std::string text;
  std::function<bool(const std::vector<bool>&)> holds;
};

Condition MakeCondition(Generator& random, size_t searches, int depth) {
  if (depth == 0 || random.OneIn(3)) {
    if (random.OneIn(4)) {
      return {"1 of s*", [](const std::vector<bool>& held) {
                return std::find(held.begin(), held.end(), true) != held.end();
              }};
    }
    if (random.OneIn(4)) {
      return {"2 of them", [](const std::vector<bool>& held) {
                return std::count(held.begin(), held.end(), true) >= 2;
              }};
    }
    const size_t i = random.Below(searches);
    return {"s" + std::to_string(i), [i](const std::vector<bool>& held) { return held[i]; }};
  }
  Condition a = MakeCondition(random, searches, depth - 1);
  if (random.OneIn(3))
    return {"not (" + a.text + ")", [a](const std::vector<bool>& held) { return !a.holds(held); }};
  Condition b = MakeCondition(random, searches, depth - 1);
  if (random.OneIn(2)) {
    return {"(" + a.text + " and " + b.text + ")",
            [a, b](const std::vector<bool>& held) { return a.holds(held) && b.holds(held); }};
  }
  return {"(" + a.text + " or " + b.text + ")",
          [a, b](const std::vector<bool>& held) { return a.holds(held) || b.holds(held); }};
}

TEST(SigmaRandom, TheEngineAgreesWithTheReference) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  size_t fits = 0;
  for (uint64_t round = 0; round < 1500; ++round) {
    Generator random(seed + round);
    std::vector<Search> searches;
    std::string detection;
    for (size_t i = 0; i < 3; ++i) {
      searches.push_back(random.MakeSearch("s" + std::to_string(i)));
      detection += Write(searches.back());
    }
    const Condition condition = MakeCondition(random, searches.size(), 3);
    detection += "condition: " + condition.text;
    Detecting detecting(detection);
    for (int e = 0; e < 20; ++e) {
      const EventMap event = random.Event();
      std::string json;
      for (const auto& [name, value] : event) {
        if (value.kind != Json::kAbsent)
          json += (json.empty() ? "" : ",") + ("\"" + name + "\":") + value.Write();
      }
      std::vector<bool> held;
      for (const Search& search : searches) held.push_back(SearchFits(search, event));
      const bool expected = condition.holds(held);
      fits += expected ? 1U : 0U;
      ASSERT_EQ(detecting.Fits("{" + json + "}"), expected) << "round " << round << "\n"
                                                            << detection << "\n{" << json << "}\n"
                                                            << detecting.Canonical();
    }
  }
  EXPECT_GT(fits, 3000u);
  EXPECT_LT(fits, 27000u);
}

}  // namespace
}  // namespace telltale::rules
