#include "tests/model/rule_conditions.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "rules/model/joint_suppression.h"

namespace telltale::model {
namespace {

using engine::Event;
using engine::Value;
using engine::ValueKind;
using Key = rules::KeyParts;

engine::Value ToValue(const Datum& datum) {
  struct Visitor {
    Value operator()(Nothing nothing) const {
      return nothing == Nothing::kNull ? Value::Null()
                                       : Value::Error(engine::ErrorCode::kDivideByZero);
    }
    Value operator()(bool b) const { return Value::Bool(b); }
    Value operator()(int64_t i) const { return Value::Int(i); }
    Value operator()(uint64_t u) const { return Value::Uint(u); }
    Value operator()(double d) const { return Value::Double(d); }
    Value operator()(const std::string& text) const { return Value::String(text); }
    Value operator()(Instant instant) const {
      constexpr int64_t kNanoseconds = 1'000'000'000;
      const int64_t rest = (instant.nanoseconds % kNanoseconds + kNanoseconds) % kNanoseconds;
      return Value::Timestamp((instant.nanoseconds - rest) / kNanoseconds,
                              static_cast<uint32_t>(rest));
    }
  };
  return std::visit(Visitor(), datum);
}

// Lists, maps and the like are no values of the reference's aggregates.
Datum ToDatum(Value value) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return Nothing::kNull;
    case ValueKind::kBool:
      return value.as_bool();
    case ValueKind::kInt:
      return value.as_int();
    case ValueKind::kUint:
      return value.as_uint();
    case ValueKind::kDouble:
      return value.as_double();
    case ValueKind::kString:
      return std::string(value.as_string());
    default:
      return Nothing::kError;
  }
}

std::vector<engine::StepEvents> Steps(const std::vector<std::vector<const Event*>>& steps) {
  std::vector<engine::StepEvents> taken;
  for (const auto& events : steps)
    taken.push_back({events.data(), static_cast<uint32_t>(events.size())});
  return taken;
}

}  // namespace

class RuleConditions::View {
 public:
  explicit View(const Found& found) : steps_(Steps(found.steps)) {
    for (const Datum& value : found.values) values_.push_back(ToValue(value));
    frame_ = {.event = found.event,
              .steps = steps_.data(),
              .key = found.key.data(),
              .aggregates = values_.empty() ? nullptr : values_.data(),
              .match_count = found.count};
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  const engine::Frame& operator*() const { return frame_; }

 private:
  std::vector<engine::StepEvents> steps_;
  std::vector<Value> values_;
  engine::Frame frame_;
};

std::set<Key> RuleConditions::KeysOf(const rules::Selector& selector, const Event& event) {
  std::set<Key> keys = {Key()};
  for (size_t i = 0; i < selector.by.size(); ++i) {
    const std::set<rules::KeyPart> parts =
        PartsOf(selector.by[i], (selector.each >> i & 1) != 0, event);
    std::set<Key> longer;
    for (const Key& key : keys) {
      for (const rules::KeyPart& part : parts) {
        Key more = key;
        more.push_back(part);
        longer.insert(std::move(more));
      }
    }
    keys = std::move(longer);
  }
  while (keys.size() > rules::kMostKeysOfEvent) keys.erase(std::prev(keys.end()));
  return keys;
}

std::set<Key> RuleConditions::KeysOf(const Event& event) {
  std::set<Key> keys;
  const auto add = [&](const rules::Selector& selector) {
    if (selector.stream == event.stream) keys.merge(KeysOf(selector, event));
  };
  for (const rules::Step& step : rule_.steps) add(step.selector);
  for (const rules::Absence& absence : rule_.absences) add(absence.selector);
  for (const rules::Until& until : rule_.untils) add(until.selector);
  return keys;
}

bool RuleConditions::Test(const rules::Expression& where, const Event& event,
                          const std::vector<std::vector<const Event*>>& steps,
                          const Tuple& windows) {
  const std::vector<engine::StepEvents> taken = Steps(steps);
  std::vector<Value> values;
  for (const Datum& value : windows) values.push_back(ToValue(value));
  const engine::Frame frame{
      .event = &event, .steps = taken.data(), .key = nullptr, .aggregates = values.data()};
  return engine::Test(Program(where), frame, scratch_) == engine::Verdict::kTrue;
}

bool RuleConditions::Test(const rules::Expression& condition, const Found& found) {
  return engine::Test(Program(condition), *View(found), scratch_) == engine::Verdict::kTrue;
}

bool RuleConditions::Fits(const rules::Selector& selector, const Event& event, const Key& key) {
  return event.stream == selector.stream && KeysOf(selector, event).contains(key) &&
         (!selector.where || Test(*selector.where, event, {}));
}

Datum RuleConditions::ValueOf(const rules::Expression& expression, const Event& event) {
  return ToDatum(engine::Evaluate(Program(expression), engine::Frame{.event = &event}, scratch_));
}

Datum RuleConditions::ValueOf(const rules::Expression& expression, const Found& found) {
  return ToDatum(engine::Evaluate(Program(expression), *View(found), scratch_));
}

Key RuleConditions::SuppressionKey(const Found& found) {
  const View view(found);
  Key values;
  for (const rules::Expression& by : rule_.suppress->by) {
    rules::KeyPart& part = values.emplace_back();
    const Value value = engine::Evaluate(Program(by), *view, scratch_);
    if (!value.is(ValueKind::kNull)) engine::AppendText(value, part.emplace());
  }
  return values;
}

bool RuleConditions::IsExcepted(const Found& found, int64_t time) {
  const View view(found);
  return std::any_of(
      rule_.exceptions.begin(), rule_.exceptions.end(), [&](const rules::Exception& exception) {
        return time < exception.expires.value_or(INT64_MAX) &&
               engine::Test(Program(exception.where), *view, scratch_) == engine::Verdict::kTrue;
      });
}

std::vector<std::string> RuleConditions::Fields(const Found& found) {
  const View view(found);
  std::vector<std::string> fields;
  for (const auto& [name, expression] : rule_.alert.fields) {
    const Value value = engine::Evaluate(Program(expression), *view, scratch_);
    if (value.is(ValueKind::kError) || value.is(ValueKind::kAbsent)) continue;
    engine::AppendJson(value, fields.emplace_back(name + ": "));
  }
  return fields;
}

// The texts that one part has; where it has none, what stands for that, or nothing.
std::set<rules::KeyPart> RuleConditions::PartsOf(const rules::Expression& by, bool each,
                                                 const Event& event) {
  std::set<rules::KeyPart> parts;
  const auto add = [&](Value value) {
    std::string text;
    if (engine::KeyText(value, text)) parts.insert(text);
  };
  const Value value = engine::Evaluate(Program(by), engine::Frame{.event = &event}, scratch_);
  if (!each) add(value);
  if (each && value.is(ValueKind::kList)) {
    for (uint32_t i = 0; i < value.size(); ++i) add(value.elements()[i].Load());
  }
  if (parts.empty() && rule_.group_missing_key) parts.insert(std::nullopt);
  return parts;
}

const engine::Program& RuleConditions::Program(const rules::Expression& expression) {
  auto& program = programs_[&expression];
  if (program == nullptr) program = engine::Compile(expression, layouts_, &inputs_).value();
  return *program;
}

std::optional<uint64_t> AlertGate::Pass(const Found& found, int64_t time) {
  if (conditions_.IsExcepted(found, time)) return std::nullopt;
  const auto& suppress = conditions_.rule().suppress;
  if (!suppress) return 0;
  if (rules::SuppressesJointly(conditions_.rule())) {
    joint_key_ = conditions_.SuppressionKey(found);
    return 0;
  }
  const auto [episode, opened] =
      episodes_.try_emplace(conditions_.SuppressionKey(found), Episode{time, 0});
  if (!opened && time <= episode->second.start + suppress->period) {
    ++episode->second.kept_back;
    return std::nullopt;
  }
  return std::exchange(episode->second, {time, 0}).kept_back;
}

}  // namespace telltale::model
