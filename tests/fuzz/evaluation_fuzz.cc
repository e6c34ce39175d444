// Any bytes as a condition, evaluated on events whose fields hold all kinds of values: what
// compiles has a value or an error within its budget, the same one each time, whatever the scratch
// was used for before, and Test says what Evaluate gives.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "rules/load/cel/cel.h"

namespace telltale::engine {
namespace {

constexpr size_t kEvents = 8;
constexpr std::string_view kLiterals[] = {
    "null", "true",  "0",        "-7",       "9223372036854775807", "3u",
    "2.5",  "1e308", "''",       "'DE'",     "'10.1.2.3'",          "'2026-03-01T10:00:00Z'",
    "'1h'", "b'ab'", "['a', 1]", "[1, 2.5]", "{'a': 1, 'b': 'x'}",  "[{'a': 1}, {'a': 2}]"};

void Require(bool condition) {
  if (!condition) std::abort();
}

const rules::StreamCatalog& Catalog() {
  static const rules::StreamCatalog catalog(
      std::vector<rules::Stream>{{.name = "s", .topic = "s", .fields = {}}});
  return catalog;
}

rules::Scope EventScope() {
  rules::Scope scope;
  scope.streams = &Catalog();
  scope.event = 0;
  scope.steps = {{.name = "one", .stream = 0, .index = 0, .is_list = false},
                 {.name = "many", .stream = 0, .index = 1, .is_list = true}};
  return scope;
}

struct Compiled {
  std::shared_ptr<const Program> program;
  std::vector<EventLayout> layouts;
};

Compiled CompileText(const std::string& text) {
  rules::Diagnostics diagnostics;
  const auto expression =
      rules::Compile(rules::LocatedText(text), EventScope(), rules::Type::Dyn(), diagnostics);
  if (!expression) return {};
  std::vector<Field> fields;
  for (const rules::FieldRead& read : expression->reads) {
    fields.push_back({.path = read.path, .type = {}, .as_double = false});
  }
  Compiled compiled;
  compiled.layouts.emplace_back(std::move(fields));
  auto program = Compile(*expression, compiled.layouts);
  if (!program.ok()) return {};  // larger than a program may be
  compiled.program = *std::move(program);
  return compiled;
}

Value Literal(size_t number) {
  static const std::vector<Compiled> literals = [] {
    std::vector<Compiled> all;
    for (const std::string_view text : kLiterals) all.push_back(CompileText(std::string(text)));
    return all;
  }();
  static Scratch scratch;
  Require(literals[number].program != nullptr);
  return Evaluate(*literals[number].program, Frame(), scratch);
}

// An event with something in each slot, or nothing.
void Fill(EventBuilder& builder, uint32_t slots, size_t seed) {
  builder.Begin(0, slots);
  for (uint32_t slot = 0; slot < slots; ++slot) {
    const size_t choice = (seed * 7 + slot * 5) % (std::size(kLiterals) + 1);
    if (choice < std::size(kLiterals)) builder.SetCopy(builder.slot(slot), Literal(choice));
  }
}

std::string Text(Value value) {
  if (value.is(ValueKind::kError)) return "error";
  std::string text;
  AppendJson(value, text);
  return text;
}

void Run(const std::string& text) {
  const Compiled compiled = CompileText(text);
  if (compiled.program == nullptr) return;
  const auto slots = static_cast<uint32_t>(compiled.layouts[0].fields().size());
  std::vector<EventBuilder> builders(kEvents);
  std::vector<const Event*> events;
  for (size_t i = 0; i < kEvents; ++i) {
    Fill(builders[i], slots, i);
    events.push_back(builders[i].Finish(static_cast<int64_t>(i) * 1'000'000'007, 0, 0));
  }
  static Scratch used;
  for (size_t i = 0; i < kEvents; ++i) {
    const StepEvents steps[] = {{events.data(), 1}, {events.data(), static_cast<uint32_t>(i)}};
    const Frame frame{.event = events[i], .steps = steps};
    Scratch fresh;
    const Value value = Evaluate(*compiled.program, frame, fresh);
    const std::string first = Text(value);
    const Verdict expected = !value.is(ValueKind::kBool) ? Verdict::kError
                             : value.as_bool()           ? Verdict::kTrue
                                                         : Verdict::kFalse;
    const bool same = Text(Evaluate(*compiled.program, frame, used)) == first &&
                      Test(*compiled.program, frame, used) == expected;
    if (!same)
      std::fprintf(stderr, "%s\n  on event %zu is not always %s\n", text.c_str(), i, first.c_str());
    Require(same);
  }
}

}  // namespace
}  // namespace telltale::engine

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  telltale::engine::Run(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
