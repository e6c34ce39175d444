// What the tests of conditions share: expressions compiled by the real checker, evaluated over
// events that are written as CEL maps.
//
// The scope of every expression: the event of stream 0 ("logins", nothing declared), the steps
// `first` (an event), `many` (a list) and `maybe` (optional), all of stream 1 ("payments", whose
// amount is double and count is int). Thread: one.
#ifndef TELLTALE_TESTS_ENGINE_CONDITION_CASES_H_
#define TELLTALE_TESTS_ENGINE_CONDITION_CASES_H_

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/condition/program.h"
#include "engine/condition/scratch.h"
#include "rules/load/cel/cel.h"

namespace telltale::engine {

inline std::string ErrorText(ErrorCode code) {
  constexpr const char* kNames[] = {
      "none",           "no_such_field", "no_such_key",     "no_such_overload", "overflow",
      "divide_by_zero", "out_of_range",  "bad_field_value", "too_deep",         "wrong_field_type",
      "bad_pattern",    "budget",        "no_value"};
  return std::string("error: ") + kNames[static_cast<size_t>(code)];
}

// As JSON; uints with a u, bytes with a b before, errors by their names.
inline std::string ResultText(Value value) {
  if (value.is(ValueKind::kError)) return ErrorText(value.error());
  if (value.is(ValueKind::kAbsent)) return "absent";
  std::string text = value.is(ValueKind::kBytes) ? "b" : "";
  AppendJson(value, text);
  return value.is(ValueKind::kUint) ? text + "u" : text;
}

inline rules::LocatedText LocatedCel(const std::string& text) {
  return rules::LocatedText(text, std::make_shared<const rules::SourceFile>("rule.yml", text));
}

inline const rules::StreamCatalog& ConditionStreams() {
  static const rules::StreamCatalog catalog = [] {
    rules::Stream logins;
    logins.name = "logins";
    rules::Stream payments;
    payments.name = "payments";
    payments.fields[{"amount"}] = rules::Type::Of(rules::TypeKind::kDouble);
    payments.fields[{"count"}] = rules::Type::Of(rules::TypeKind::kInt);
    return rules::StreamCatalog({logins, payments});
  }();
  return catalog;
}

// The events that an expression sees, as CEL maps; empty texts: none.
struct Events {
  std::string event = "{}";
  std::string first = "{}";
  std::vector<std::string> many;
  std::string maybe;
};

// One compiled expression, with the layouts that it asks for.
class CompiledCondition {
 public:
  explicit CompiledCondition(const std::string& text, bool in_step = true) {
    rules::Scope scope;
    scope.streams = &ConditionStreams();
    if (in_step) {
      scope.event = 0;
    } else {
      scope.key_names = {"user_id", "device.id"};
    }
    scope.steps = {{.name = "first", .stream = 1, .index = 0, .is_list = false},
                   {.name = "many", .stream = 1, .index = 1, .is_list = true},
                   {.name = "maybe", .stream = 1, .index = 2, .is_list = false}};
    rules::Diagnostics diagnostics;
    const auto expression =
        rules::Compile(LocatedCel(text), scope, rules::Type::Dyn(), diagnostics);
    if (!expression.has_value()) {
      mistake_ = rules::Render(diagnostics);
      return;
    }
    MakeLayouts(*expression);
    auto program = Compile(*expression, layouts_);
    if (program.ok()) {
      program_ = *program;
    } else {
      mistake_ = program.status().ToString();
    }
  }

  bool ok() const { return program_ != nullptr; }
  const std::string& mistake() const { return mistake_; }
  const Program& program() const { return *program_; }
  const std::vector<EventLayout>& layouts() const { return layouts_; }

  // Builds the events' blocks; they and the frame live as long as this.
  const Frame& Bind(const Events& events) {
    builders_.clear();
    step_events_.clear();
    const auto build = [this](const std::string& text, uint32_t stream) {
      return Build(text, stream);
    };
    frame_.event = build(events.event, 0);
    step_events_.emplace_back().push_back(build(events.first, 1));
    step_events_.emplace_back();
    for (const std::string& text : events.many) step_events_.back().push_back(build(text, 1));
    step_events_.emplace_back();
    if (!events.maybe.empty()) step_events_.back().push_back(build(events.maybe, 1));
    steps_.clear();
    for (const auto& taken : step_events_)
      steps_.push_back({taken.data(), static_cast<uint32_t>(taken.size())});
    frame_.steps = steps_.data();
    frame_.key = key_.data();
    return frame_;
  }

  Value Evaluate(const Events& events) {
    return engine::Evaluate(*program_, Bind(events), scratch_);
  }
  std::string Result(const Events& events) {
    return ok() ? ResultText(Evaluate(events)) : mistake_;
  }
  Scratch& scratch() { return scratch_; }

 private:
  const rules::KeyParts key_ = {"u1", "d1"};

  void MakeLayouts(const rules::Expression& expression) {
    for (uint32_t stream = 0; stream < 2; ++stream) {
      std::vector<Field> fields;
      for (const rules::FieldRead& read : expression.reads) {
        if (read.stream == stream)
          fields.push_back({.path = read.path, .type = {}, .as_double = read.as_double_only});
      }
      layouts_.emplace_back(std::move(fields));
    }
  }

  const Event* Build(const std::string& text, uint32_t stream) {
    const Value map = Constant(text);
    const std::vector<Field>& fields = layouts_[stream].fields();
    EventBuilder& builder = builders_.emplace_back();
    builder.Begin(stream, static_cast<uint32_t>(fields.size()));
    for (uint32_t i = 0; i < fields.size(); ++i) {
      Value value = map;
      for (const std::string& name : fields[i].path) value = Member(value, name);
      if (!value.is(ValueKind::kAbsent)) builder.SetCopy(builder.slot(i), value);
    }
    return builder.Finish(0, 0, 0);
  }

  static Value Member(Value map, const std::string& name) {
    if (!map.is(ValueKind::kMap)) return Value::Absent();
    for (uint32_t i = 0; i < map.size(); ++i) {
      if (map.entries()[i].key.Load().as_string() == name) return map.entries()[i].value.Load();
    }
    return Value::Absent();
  }

  Value Constant(const std::string& text) {
    rules::Scope scope;
    scope.streams = &ConditionStreams();
    rules::Diagnostics diagnostics;
    const auto expression =
        rules::Compile(LocatedCel(text), scope, rules::Type::Dyn(), diagnostics);
    if (!expression.has_value()) {
      mistake_ = rules::Render(diagnostics);
      return Value::Absent();
    }
    constants_.push_back(*Compile(*expression, {EventLayout(), EventLayout()}));
    return engine::Evaluate(*constants_.back(), Frame(), constant_scratch_);
  }

  std::vector<EventLayout> layouts_;
  std::shared_ptr<const Program> program_;
  std::string mistake_;
  Scratch scratch_;
  Scratch constant_scratch_;
  std::vector<std::shared_ptr<const Program>> constants_;
  std::deque<EventBuilder> builders_;
  std::deque<std::vector<const Event*>> step_events_;
  std::vector<StepEvents> steps_;
  Frame frame_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_TESTS_ENGINE_CONDITION_CASES_H_
