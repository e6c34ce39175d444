// Conditions made of the bytes: what is evaluated once, when a condition is compiled, is what the
// same condition gives where its constants come from an event. Some of them stand in both, so that
// folded and unfolded parts meet.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "rules/load/cel/cel.h"

namespace telltale::engine {
namespace {

constexpr int kDeepest = 5;
constexpr size_t kMostText = 4000;

constexpr std::string_view kLiterals[] = {"true",       "false",
                                          "null",       "0",
                                          "1",          "2",
                                          "(-1)",       "9223372036854775807",
                                          "1u",         "1.0",
                                          "2.5",        "(-0.0)",
                                          "1e308",      "''",
                                          "'a'",        "'DE'",
                                          "'1'",        "b'a'",
                                          "[]",         "['a', 'DE']",
                                          "[1, 2]",     "[1, 2.0, 3u]",
                                          "[2.5, 1.0]", "[true, false]",
                                          "{}",         "{'a': 1, 'DE': 'a'}",
                                          "{1: true}",  "[[1], ['a']]",
                                          "'^a+$'",     "'('",
                                          "'10.1.2.3'", "'10.0.0.0/8'",
                                          "'1h30m'",    "'2026-03-01T10:00:00Z'",
                                          "'aGk='",     "'%s and %d'"};
constexpr std::string_view kSets[] = {"['true', 'a']", "[0, 1]", "['false', 'DE', 2]"};
constexpr std::string_view kBinary[] = {"&&", "||", "==", "!=", "<", "<=", ">",
                                        ">=", "+",  "-",  "*",  "/", "%",  "in"};
constexpr std::string_view kUnary[] = {"!", "-"};
constexpr std::string_view kFunctions[] = {"size",
                                           "int",
                                           "uint",
                                           "double",
                                           "string",
                                           "bool",
                                           "bytes",
                                           "dyn",
                                           "lowerAscii",
                                           "upperAscii",
                                           "sum",
                                           "avg",
                                           "min",
                                           "max",
                                           "timestamp",
                                           "duration",
                                           "type",
                                           "ip",
                                           "cidr",
                                           "isIP",
                                           "base64.encode",
                                           "base64.decode",
                                           "lists.range",
                                           "math.abs",
                                           "math.ceil",
                                           "math.sign",
                                           "strings.quote",
                                           "optional.of",
                                           "optional.ofNonZeroValue"};
constexpr std::string_view kMembers[] = {
    "contains",  "startsWith", "endsWith", "matches", "indexOf",    "lastIndexOf", "charAt",
    "substring", "split",      "join",     "format",  "containsIP", "slice",       "orValue"};
constexpr std::string_view kMacros[] = {"all", "exists", "exists_one", "filter", "map"};

void Require(bool condition) {
  if (!condition) std::abort();
}

const rules::StreamCatalog& Catalog() {
  static const rules::StreamCatalog catalog(
      std::vector<rules::Stream>{{.name = "s", .topic = "s", .fields = {}}});
  return catalog;
}

// A program with the layout that it reads; null where the text has a mistake.
struct Compiled {
  std::shared_ptr<const Program> program;
  std::vector<EventLayout> layouts;
};

Compiled CompileText(const std::string& text) {
  rules::Scope scope;
  scope.streams = &Catalog();
  scope.event = 0;
  rules::Diagnostics diagnostics;
  const auto expression =
      rules::Compile(rules::LocatedText(text), scope, rules::Type::Dyn(), diagnostics);
  if (!expression) return {};
  std::vector<Field> fields;
  for (const rules::FieldRead& read : expression->reads) {
    fields.push_back({.path = read.path, .type = {}, .as_double = false});
  }
  Compiled compiled;
  compiled.layouts.emplace_back(std::move(fields));
  auto program = Compile(*expression, compiled.layouts);
  Require(program.ok());
  compiled.program = *std::move(program);
  return compiled;
}

// A condition as it is written with its constants, and with fields in their place.
class Writer {
 public:
  Writer(const uint8_t* data, size_t size) : data_(data), end_(data + size) {}

  struct Texts {
    std::string constants;
    std::string fields;
  };

  Texts Expression(int depth = 0) {
    const uint8_t kind = Byte();
    if (depth == kDeepest || used_ > kMostText) return Leaf();
    switch (kind % 11) {
      case 0:
      case 1:
        return Join("(", {Expression(depth + 1), Expression(depth + 1)},
                    " " + std::string(Of(kBinary)) + " ", ")");
      case 2:
        return Join(std::string(Of(kUnary)) + "(", {Expression(depth + 1)}, "", ")");
      case 3:
        return Join("(",
                    {Expression(depth + 1),
                     Join("", {Expression(depth + 1), Expression(depth + 1)}, " : ", "")},
                    " ? ", ")");
      case 4:
        return Join(std::string(Of(kFunctions)) + "(", {Expression(depth + 1)}, "", ")");
      case 5:
        return Join("", {Expression(depth + 1), Expression(depth + 1)},
                    "." + std::string(Of(kMembers)) + "(", ")");
      case 6:
        return Join("[", {Expression(depth + 1), Expression(depth + 1)}, ", ", "]");
      case 7:
        return Join("", {Expression(depth + 1), Expression(depth + 1)}, "[", "]");
      case 8:
        return Macro(depth);
      case 9: {
        const std::string set(Of(kSets));
        return Join("(", {Expression(depth + 1), {set, set}}, " in ", ")");
      }
      default:
        return Leaf();
    }
  }

  // The constants that fields stand for: f0, f1 ...
  const std::vector<std::string_view>& fields() const { return fields_; }

 private:
  uint8_t Byte() { return data_ == end_ ? 0 : *data_++; }

  template <size_t N>
  std::string_view Of(const std::string_view (&words)[N]) {
    return words[Byte() % N];
  }

  Texts Join(std::string before, std::vector<Texts> parts, std::string between, std::string after) {
    Texts texts{before, before};
    for (size_t i = 0; i < parts.size(); ++i) {
      texts.constants += (i == 0 ? "" : between) + parts[i].constants;
      texts.fields += (i == 0 ? "" : between) + parts[i].fields;
    }
    texts.constants += after;
    texts.fields += after;
    used_ += before.size() + between.size() + after.size();
    return texts;
  }

  Texts Leaf() {
    const uint8_t how = Byte();
    if (how % 4 == 0 && locals_ > 0) {
      const std::string local = "v" + std::to_string(how / 4 % locals_);
      return {local, local};
    }
    const std::string_view literal = Of(kLiterals);
    used_ += literal.size();
    // dyn() keeps the checker from refusing what only the evaluation of fields can.
    const std::string constant = "dyn(" + std::string(literal) + ")";
    if (how % 8 == 1) return {std::string(literal), std::string(literal)};
    if (how % 4 == 1) return {constant, constant};
    fields_.push_back(literal);
    return {constant, "f" + std::to_string(fields_.size() - 1)};
  }

  Texts Macro(int depth) {
    const std::string_view name = Of(kMacros);
    const Texts range = Expression(depth + 1);
    const std::string variable = "v" + std::to_string(locals_++);
    std::vector<Texts> bodies = {Expression(depth + 1)};
    if (name == "map" && Byte() % 2 == 0) bodies.push_back(Expression(depth + 1));
    --locals_;
    return Join("", {range, Join(variable + ", ", std::move(bodies), ", ", ")")},
                "." + std::string(name) + "(", "");
  }

  const uint8_t* data_;
  const uint8_t* end_;
  size_t used_ = 0;
  uint32_t locals_ = 0;
  std::vector<std::string_view> fields_;
};

bool IsBudget(Value value) {
  return value.is(ValueKind::kError) && value.error() == ErrorCode::kBudget;
}

std::string Json(Value value) {
  std::string text;
  AppendJson(value, text);
  return text;
}

const Program& LiteralOf(std::string_view text) {
  static std::map<std::string_view, Compiled> literals;
  Compiled& literal = literals[text];
  if (literal.program == nullptr) literal = CompileText(std::string(text));
  return *literal.program;
}

// As the decoder has it: a path through what is no object leads to an absent field.
Value Member(Value value, std::string_view name) {
  if (!value.is(ValueKind::kMap)) return Value::Absent();
  for (uint32_t i = 0; i < value.size(); ++i) {
    const Value key = value.entries()[i].key.Load();
    if (key.is(ValueKind::kString) && key.as_string() == name) {
      return value.entries()[i].value.Load();
    }
  }
  return Value::Absent();
}

bool IsSame(Value a, Value b) {
  if (a.is(ValueKind::kError) || b.is(ValueKind::kError)) return a.kind() == b.kind();
  if (Json(a) == Json(b)) return true;
  const Value equal = Equals(a, b);
  return equal.is(ValueKind::kBool) && equal.as_bool();
}

void Run(const uint8_t* data, size_t size) {
  Writer writer(data, size);
  const Writer::Texts texts = writer.Expression();
  if (texts.constants.size() > rules::kMaxExpressionBytes / 2) return;
  const Compiled folded = CompileText(texts.constants);
  const Compiled unfolded = CompileText(texts.fields);
  if (folded.program == nullptr || unfolded.program == nullptr) return;

  const std::vector<Field>& fields = unfolded.layouts[0].fields();
  EventBuilder builder;
  builder.Begin(0, static_cast<uint32_t>(fields.size()));
  for (uint32_t slot = 0; slot < fields.size(); ++slot) {
    const rules::FieldPath& path = fields[slot].path;
    const size_t number = std::strtoul(path[0].c_str() + 1, nullptr, 10);
    Scratch scratch;
    Value value = Evaluate(LiteralOf(writer.fields().at(number)), Frame(), scratch);
    for (size_t i = 1; i < path.size(); ++i) value = Member(value, path[i]);
    builder.SetCopy(builder.slot(slot), value);
  }
  const Event* event = builder.Finish(0, 0, 0);

  Scratch one;
  Scratch other;
  const Frame frame{.event = event};
  const Value a = Evaluate(*folded.program, Frame(), one);
  const Value b = Evaluate(*unfolded.program, frame, other);
  if (IsBudget(a) || IsBudget(b)) return;
  if (!IsSame(a, b)) {
    std::fprintf(stderr, "%s\n  gives %s, and\n%s\n  gives %s\n", texts.constants.c_str(),
                 Json(a).c_str(), texts.fields.c_str(), Json(b).c_str());
    std::abort();
  }
}

}  // namespace
}  // namespace telltale::engine

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  telltale::engine::Run(data, size);
  return 0;
}
