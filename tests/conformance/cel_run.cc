#include "tests/conformance/cel_run.h"

#include <memory>
#include <optional>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "rules/load/cel/cel.h"

namespace telltale::conformance {
namespace {

using engine::EventLayout;

rules::StreamCatalog CatalogOf(const CelCase& test) {
  rules::Stream stream;
  stream.name = "input";
  for (const Binding& binding : test.bindings) stream.fields[binding.path] = TypeOf(binding.value);
  return rules::StreamCatalog({std::move(stream)});
}

EventLayout LayoutOf(const rules::Expression& expression) {
  std::vector<engine::Field> fields;
  for (const rules::FieldRead& read : expression.reads)
    fields.push_back({.path = read.path, .type = {}, .as_double = read.as_double_only});
  return EventLayout(std::move(fields));
}

// The suite turns the check off for some of its cases, and the files do not say for which.
std::optional<rules::Expression> CompileCase(const CelCase& test,
                                             const rules::StreamCatalog& catalog, bool unchecked,
                                             rules::Diagnostics& diagnostics) {
  rules::Scope scope;
  scope.streams = &catalog;
  scope.event = 0;
  scope.unchecked = unchecked;
  const rules::LocatedText text(test.expr,
                                std::make_shared<const rules::SourceFile>("case.yml", test.expr));
  return rules::Compile(text, scope, rules::Type::Dyn(), diagnostics);
}

const CelValue* Member(const CelValue* map, const std::string& name) {
  if (map == nullptr || map->kind != CelValue::Kind::kMap) return nullptr;
  for (size_t i = 0; i + 1 < map->items.size(); i += 2) {
    const CelValue& key = map->items[i];
    if (key.kind == CelValue::Kind::kString && key.text == name) return &map->items[i + 1];
  }
  return nullptr;
}

// What a path means: the longest binding that begins it, and from there on members of its value.
const CelValue* Find(const CelCase& test, const rules::FieldPath& path) {
  const Binding* longest = nullptr;
  for (const Binding& binding : test.bindings) {
    const bool begins = binding.path.size() <= path.size() &&
                        std::equal(binding.path.begin(), binding.path.end(), path.begin());
    if (begins && (longest == nullptr || binding.path.size() > longest->path.size()))
      longest = &binding;
  }
  if (longest == nullptr) return nullptr;
  const CelValue* value = &longest->value;
  for (size_t i = longest->path.size(); i < path.size(); ++i) value = Member(value, path[i]);
  return value;
}

std::string OneLine(const rules::Diagnostics& diagnostics) {
  std::string text;
  for (const rules::Diagnostic& diagnostic : diagnostics.list()) {
    if (diagnostic.severity != rules::Severity::kError) continue;
    absl::StrAppend(&text, text.empty() ? "" : "; ", "error[", diagnostic.code.id,
                    "]: ", diagnostic.message);
  }
  return text;
}

const Deviation* FindDeviation(const std::vector<Deviation>& deviations, const CelCase& test) {
  for (const Deviation& deviation : deviations) {
    if (deviation.name == test.name && deviation.expr == test.expr) return &deviation;
  }
  return nullptr;
}

void Tell(std::ostream& report, const CelCase& test, const Outcome& outcome,
          const std::string& expected, const std::string& remark) {
  report << "FAIL " << test.name << ": " << test.expr << "\n  expected " << expected
         << "\n  got      " << outcome.text << "\n";
  if (!remark.empty()) report << "  " << remark << "\n";
}

}  // namespace

Outcome RunCase(const CelCase& test) {
  const rules::StreamCatalog catalog = CatalogOf(test);
  rules::Diagnostics diagnostics;
  auto expression = CompileCase(test, catalog, false, diagnostics);
  if (!expression.has_value() && test.expect.has_value()) {
    rules::Diagnostics ignored;
    expression = CompileCase(test, catalog, true, ignored);
  }
  if (!expression.has_value()) return {Outcome::Kind::kError, OneLine(diagnostics)};
  const std::vector<EventLayout> layouts = {LayoutOf(*expression)};
  const auto program = engine::Compile(*expression, layouts);
  if (!program.ok()) return {Outcome::Kind::kFailure, program.status().ToString()};

  engine::EventBuilder builder;
  builder.Begin(0, layouts[0].slot_count());
  for (uint32_t slot = 0; slot < layouts[0].slot_count(); ++slot) {
    const CelValue* value = Find(test, layouts[0].fields()[slot].path);
    if (value != nullptr) Fill(*value, builder, builder.slot(slot));
  }
  engine::Frame frame;
  frame.event = builder.Finish(0, 0, 0);
  engine::Scratch scratch;
  const CelValue value = FromEngine(engine::Evaluate(**program, frame, scratch));
  const bool error = value.kind == CelValue::Kind::kError;
  return {error ? Outcome::Kind::kError : Outcome::Kind::kValue, Text(value)};
}

std::string Expected(const CelCase& test) {
  return test.expect.has_value() ? Text(*test.expect) : "an error";
}

bool Meets(const CelCase& test, const Outcome& outcome) {
  if (!test.expect.has_value()) return outcome.kind == Outcome::Kind::kError;
  return outcome.kind == Outcome::Kind::kValue && outcome.text == Text(*test.expect);
}

Tally RunCases(const std::vector<CelCase>& cases, const std::vector<Deviation>& deviations,
               std::ostream& report) {
  Tally tally;
  for (const CelCase& test : cases) {
    const Outcome outcome = RunCase(test);
    const Deviation* deviation = FindDeviation(deviations, test);
    if (deviation == nullptr) {
      if (Meets(test, outcome)) {
        ++tally.passed;
      } else {
        ++tally.failed;
        Tell(report, test, outcome, Expected(test), "");
      }
    } else if (Meets(test, outcome)) {
      ++tally.failed;
      Tell(report, test, outcome, deviation->gives,
           "the case passes: its entry in the list of deviations is stale");
    } else if (outcome.text != deviation->gives) {
      ++tally.failed;
      Tell(report, test, outcome, deviation->gives, "(so says the list of deviations)");
    } else {
      ++tally.deviating;
    }
  }
  LimitDeviating(cases.size(), tally, report);
  return tally;
}

}  // namespace telltale::conformance
