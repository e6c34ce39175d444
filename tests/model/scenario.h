// A test case as data: streams, rules as their author writes them, and events in the order in which
// they arrive. It is run by the model and by the engine, and prints itself so that a failure can be
// read and typed in again.
//
// Owner: the test. Thread: plain data. Units: nanoseconds of event time. Errors: a rule that does
// not load leaves `compiled` null.
#ifndef TELLTALE_TESTS_MODEL_SCENARIO_H_
#define TELLTALE_TESTS_MODEL_SCENARIO_H_

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/event/event.h"
#include "engine/runtime/compiled_rules.h"
#include "rules/model/key_parts.h"

namespace telltale::model {

inline constexpr int64_t kSecond = 1'000'000'000;

using ScalarValue = std::variant<int64_t, double, bool, std::string>;
using FieldValue = std::variant<int64_t, double, bool, std::string, std::vector<ScalarValue>>;

struct ScenarioStream {
  std::string name;  // and the category of the one logsource that it serves
  uint32_t partitions = 1;
  int64_t max_out_of_orderness = 0;
  std::map<rules::FieldPath, rules::Type> fields = {};  // declared types
  std::optional<rules::Dedup> dedup = {};
};

struct ScenarioEvent {
  uint32_t stream = 0;
  uint32_t partition = 0;
  int64_t offset = 0;
  int64_t time = 0;
  std::map<std::string, FieldValue> fields;  // by dotted path
};

struct Scenario {
  std::vector<ScenarioStream> streams;
  std::string rules;  // YAML
  std::vector<ScenarioEvent> events;
};

// What a match, a timeout, a result of a window or a limit alert is, however it was found.
struct Outcome {
  std::string rule;
  rules::KeyParts key;
  int64_t time = 0;
  struct Taken {
    uint32_t step = 0, stream = 0, partition = 0;
    int64_t offset = 0;
    auto operator<=>(const Taken&) const = default;
  };
  std::vector<Taken> evidence = {};
  uint64_t suppressed = 0;
  std::optional<rules::KeyParts> joint_key = {};  // by which it is still to be suppressed
  bool timeout = false;
  bool truncated = false;
  bool limit = false;  // P10; without evidence
  uint64_t count = 1;  // of matches (P6)
  struct Window {
    int64_t start = 0, end = 0;
    bool by_event = false;
    std::vector<std::string> fields;  // "name: JSON"
    auto operator<=>(const Window&) const = default;
  };
  std::optional<Window> window = {};
  auto operator<=>(const Outcome&) const = default;
};

// Null where the rules have errors; `diagnostics`, where given, takes them.
std::shared_ptr<const engine::CompiledRules> Compile(const Scenario& scenario,
                                                     std::string* diagnostics = nullptr);

// Builds the engine's form of an event. The result is valid until the next call.
class EventMaker {
 public:
  explicit EventMaker(const engine::CompiledRules& rules) : rules_(rules) {}
  const engine::Event& Make(const ScenarioEvent& event);

 private:
  const engine::CompiledRules& rules_;
  engine::EventBuilder builder_;
};

// Events in order of arrival, wherever they come from. What `at` gives is valid until its next
// call.
struct Feed {
  std::vector<ScenarioStream> streams;
  size_t size = 0;
  std::function<const engine::Event&(size_t)> at;
};
// Borrows both.
Feed FeedOf(const Scenario& scenario, const engine::CompiledRules& rules);

std::string Print(const Scenario& scenario);
std::string Print(const std::vector<Outcome>& outcomes);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_SCENARIO_H_
