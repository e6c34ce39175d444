#include "rules/load/sigma/field_test.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "rules/load/sigma/modifier_check.h"
#include "rules/load/sigma/value_pattern.h"
#include "rules/model/address.h"

namespace telltale::rules::sigma {
namespace {

struct TimePart {
  Modifier modifier;
  const char* function;
  int64_t least;
  int64_t greatest;
};
constexpr TimePart kTimeParts[] = {
    {Modifier::kMinute, "@sigma.minute", 0, 59}, {Modifier::kHour, "@sigma.hour", 0, 23},
    {Modifier::kDay, "@sigma.day", 1, 31},       {Modifier::kWeek, "@sigma.week", 1, 53},
    {Modifier::kMonth, "@sigma.month", 1, 12},   {Modifier::kYear, "@sigma.year", 0, 9999}};

std::string RelationOf(const FieldKey& key) {
  if (Find(key, Modifier::kLess) != nullptr) return "<";
  if (Find(key, Modifier::kLessEqual) != nullptr) return "<=";
  if (Find(key, Modifier::kGreater) != nullptr) return ">";
  if (Find(key, Modifier::kGreaterEqual) != nullptr) return ">=";
  return "==";
}

class Reader {
 public:
  Reader(const FieldKey& key, ReadContext& context) : key_(key), context_(context) {}

  std::optional<Detection> Read(const std::vector<const Node*>& values) {
    const size_t told = context_.diagnostics.errors();
    const bool all = Find(key_, Modifier::kAll) != nullptr;
    std::vector<FieldTest> tests;
    for (const Node* value : values) {
      if (!value->is_scalar()) {
        context_.diagnostics.Error(kWrongKind, value->span,
                                   "a value must be text, a number, true, false or null, and this "
                                   "is " +
                                       std::string(KindName(value->kind)));
        continue;
      }
      std::optional<FieldTest> test = One(*value);
      if (!test) continue;
      // Values that any of will do are one test.
      if (!all && !tests.empty() && tests.back().function == test->function &&
          tests.back().other_field.empty()) {
        std::move(test->values.begin(), test->values.end(),
                  std::back_inserter(tests.back().values));
      } else {
        tests.push_back(*std::move(test));
      }
    }
    if (context_.diagnostics.errors() > told) return std::nullopt;
    if (all && values.size() == 1) WarnOfAll();
    std::vector<Detection> parts;
    for (FieldTest& test : tests) parts.push_back(Detection::Of(std::move(test)));
    Detection joined =
        Detection::Join(all ? Detection::Kind::kAll : Detection::Kind::kAny, std::move(parts));
    if (Find(key_, Modifier::kNeq) != nullptr) joined = Detection::Not(std::move(joined));
    return joined;
  }

 private:
  void WarnOfAll() {
    const PlacedModifier& all = *Find(key_, Modifier::kAll);
    context_.diagnostics.Warning(kAllOfOne, all.span, "'all' says nothing of a single value");
  }

  std::nullopt_t Refuse(const Node& value, const std::string& message) {
    context_.diagnostics.Error(kBadSigmaValue, value.span, message);
    return std::nullopt;
  }

  std::optional<FieldTest> One(const Node& value) {
    switch (ComparisonOf(key_)) {
      case Comparison::kText:
        return Text(value);
      case Comparison::kRegex:
        return Regex(value);
      case Comparison::kCidr:
        return Cidr(value);
      case Comparison::kExists:
        if (value.kind != NodeKind::kBool) return Refuse(value, "'exists' takes true or false");
        return Test("@sigma.exists", {value.boolean});
      case Comparison::kField:
        return Field(value);
      case Comparison::kNumber:
        if (value.kind != NodeKind::kInt && value.kind != NodeKind::kFloat)
          return Refuse(value, "'" + OrderName() + "' takes a number");
        return Test(OrderFunction(), {NumberOf(value)});
      case Comparison::kTime:
        return Time(value);
    }
    return std::nullopt;
  }

  FieldTest Test(std::string function, std::vector<Constant> values) const {
    if (key_.field.empty()) function.insert(std::string_view("@sigma.").size(), "any.");
    return {.function = std::move(function),
            .field = key_.field,
            .other_field = "",
            .relation = "",
            .values = std::move(values)};
  }

  std::string Cased(std::string function) const {
    return Find(key_, Modifier::kCased) != nullptr ? function + "_cased" : function;
  }

  static Constant NumberOf(const Node& value) {
    return value.kind == NodeKind::kInt ? Constant(value.integer) : Constant(value.number);
  }

  std::optional<FieldTest> Text(const Node& value) {
    const auto text_only =
        std::find_if(key_.modifiers.begin(), key_.modifiers.end(), [](const PlacedModifier& m) {
          return m.modifier != Modifier::kAll && m.modifier != Modifier::kNeq &&
                 m.modifier != Modifier::kCased;
        });
    const bool plain = text_only == key_.modifiers.end() && !key_.field.empty();
    if (value.kind == NodeKind::kNull || value.kind == NodeKind::kBool) {
      if (!plain && !key_.field.empty()) {
        return Refuse(value,
                      "'" + text_only->name + "' takes text, and this is " + KindName(value.kind));
      }
      if (value.kind == NodeKind::kNull) {
        if (key_.field.empty()) return Refuse(value, "null needs a field");
        return Test(Cased("@sigma.is"), {Constant(std::monostate())});
      }
      if (plain) return Test(Cased("@sigma.is"), {Constant(value.boolean)});
    }
    if (plain && (value.kind == NodeKind::kInt || value.kind == NodeKind::kFloat))
      return Test(Cased("@sigma.is"), {NumberOf(value)});
    const std::optional<std::vector<TextPattern>> patterns = PatternsOf(key_, value, context_);
    if (!patterns) return std::nullopt;
    std::vector<Constant> constants;
    for (const TextPattern& pattern : *patterns) constants.emplace_back(pattern.ToString());
    return Test(Cased("@sigma.is"), std::move(constants));
  }

  std::optional<FieldTest> Regex(const Node& value) {
    if (value.kind == NodeKind::kNull) return Refuse(value, "'re' takes a regular expression");
    std::string flags;
    if (Find(key_, Modifier::kIgnoreCase) != nullptr) flags += 'i';
    if (Find(key_, Modifier::kMultiLine) != nullptr) flags += 'm';
    if (Find(key_, Modifier::kDotAll) != nullptr) flags += 's';
    const std::string& text = value.text.text();
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::RE2 regex(text, options);
    if (!regex.ok()) {
      Diagnostic& error = context_.diagnostics.Error(kBadRegex, value.span,
                                                     "not a regular expression: " + regex.error());
      if (regex.error_code() == re2::RE2::ErrorBadPerlOp ||
          regex.error_code() == re2::RE2::ErrorBadEscape) {
        error.notes.push_back("expressions are RE2's: no look-around, no back-references");
      }
      return std::nullopt;
    }
    return Test("@sigma.regex", {flags.empty() ? text : "(?" + flags + ")" + text});
  }

  std::optional<FieldTest> Cidr(const Node& value) {
    std::vector<std::string> texts = {value.text.text()};
    if (const PlacedModifier* expand = Find(key_, Modifier::kExpand)) {
      std::optional<std::vector<std::string>> expanded = Expanded(*expand, value, context_);
      if (!expanded) return std::nullopt;
      texts = *std::move(expanded);
    }
    std::vector<Constant> networks;
    for (const std::string& text : texts) {
      const std::string_view mistake = NetworkMistake(text);
      if (!mistake.empty())
        return Refuse(value, "'" + text + "' is no network: " + std::string(mistake));
      networks.emplace_back(text);
    }
    return Test("@sigma.cidr", std::move(networks));
  }

  std::optional<FieldTest> Field(const Node& value) {
    const std::string& name = value.text.text();
    if (value.kind == NodeKind::kNull || name.empty())
      return Refuse(value, "'fieldref' takes the name of a field");
    if (ParseValue(name).HasWildcard())
      return Refuse(value, "the name of a field has no wildcards");
    std::string function = "@sigma.equals_field";
    if (Find(key_, Modifier::kContains) != nullptr) function = "@sigma.contains_field";
    if (Find(key_, Modifier::kStartsWith) != nullptr) function = "@sigma.starts_with_field";
    if (Find(key_, Modifier::kEndsWith) != nullptr) function = "@sigma.ends_with_field";
    FieldTest test = Test(Cased(std::move(function)), {});
    test.other_field = name;
    return test;
  }

  std::optional<FieldTest> Time(const Node& value) {
    for (const TimePart& part : kTimeParts) {
      const PlacedModifier* placed = Find(key_, part.modifier);
      if (placed == nullptr) continue;
      if (value.kind != NodeKind::kInt || value.integer < part.least ||
          value.integer > part.greatest) {
        return Refuse(value, "'" + placed->name + "' takes a number from " +
                                 std::to_string(part.least) + " to " +
                                 std::to_string(part.greatest));
      }
      FieldTest test = Test(part.function, {value.integer});
      test.relation = RelationOf(key_);
      return test;
    }
    return std::nullopt;
  }

  std::string OrderName() const {
    const auto found = std::find_if(key_.modifiers.begin(), key_.modifiers.end(),
                                    [](const PlacedModifier& m) { return IsOrder(m.modifier); });
    return found->name;
  }
  std::string OrderFunction() const {
    const std::string relation = RelationOf(key_);
    return relation == "<"    ? "@sigma.lt"
           : relation == "<=" ? "@sigma.lte"
           : relation == ">"  ? "@sigma.gt"
                              : "@sigma.gte";
  }

  const FieldKey& key_;
  ReadContext& context_;
};

}  // namespace

std::optional<Detection> ReadFieldTest(const FieldKey& key, const Node& value,
                                       ReadContext& context) {
  std::vector<const Node*> values;
  if (value.kind == NodeKind::kSequence) {
    for (const Node& item : value.items) values.push_back(&item);
  } else {
    values.push_back(&value);
  }
  if (values.empty()) {
    context.diagnostics.Error(kEmptyValue, value.span, "this list is empty: nothing would fit");
    return std::nullopt;
  }
  if (!key.good || !CheckModifiers(key, context.diagnostics)) return std::nullopt;
  return Reader(key, context).Read(values);
}

std::optional<Detection> ReadKeywords(const std::vector<const Node*>& values,
                                      ReadContext& context) {
  const FieldKey none;
  return Reader(none, context).Read(values);
}

}  // namespace telltale::rules::sigma
