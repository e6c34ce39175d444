#include "rules/load/sigma/detection_reader.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "rules/load/sigma/condition.h"

namespace telltale::rules::sigma {
namespace {

constexpr std::string_view kCondition = "condition";
constexpr std::string_view kTimeframe = "timeframe";
constexpr size_t kMostChoices = 200;  // of `N of ...`, which is spelt out

std::optional<Detection> ReadSearch(const Node& node, ReadContext& context);

std::optional<Detection> ReadMap(const Node& node, ReadContext& context) {
  if (node.entries.empty()) {
    context.diagnostics.Error(kEmptyValue, node.span, "this map is empty: say what has to fit");
    return std::nullopt;
  }
  bool good = true;
  std::vector<Detection> parts;
  for (const Entry& entry : node.entries) {
    const FieldKey key = ParseKey(entry.key, context.diagnostics);
    std::optional<Detection> part = ReadFieldTest(key, entry.value, context);
    good = good && part.has_value();
    if (part) parts.push_back(*std::move(part));
  }
  if (!good) return std::nullopt;
  return Detection::Join(Detection::Kind::kAll, std::move(parts));
}

std::optional<Detection> ReadList(const Node& node, ReadContext& context) {
  if (node.items.empty()) {
    context.diagnostics.Error(kEmptyValue, node.span, "this list is empty: nothing would fit");
    return std::nullopt;
  }
  bool good = true;
  std::vector<Detection> parts;
  std::vector<const Node*> keywords;
  for (const Node& item : node.items) {
    if (item.is_scalar()) {
      keywords.push_back(&item);
      continue;
    }
    std::optional<Detection> part = ReadSearch(item, context);
    good = good && part.has_value();
    if (part) parts.push_back(*std::move(part));
  }
  if (!keywords.empty()) {
    std::optional<Detection> part = ReadKeywords(keywords, context);
    good = good && part.has_value();
    if (part) parts.push_back(*std::move(part));
  }
  if (!good) return std::nullopt;
  return Detection::Join(Detection::Kind::kAny, std::move(parts));
}

std::optional<Detection> ReadSearch(const Node& node, ReadContext& context) {
  switch (node.kind) {
    case NodeKind::kMap:
      return ReadMap(node, context);
    case NodeKind::kSequence:
      return ReadList(node, context);
    default:
      return ReadKeywords({&node}, context);
  }
}

// At least `least` of the parts from `from` on, spelt out in ands and ors.
Detection AtLeast(const std::vector<Detection>& parts, size_t from, size_t least) {
  if (least == 0) return Detection{};
  const size_t left = parts.size() - from;
  std::vector<Detection> rest(parts.begin() + static_cast<std::ptrdiff_t>(from), parts.end());
  if (least == left) return Detection::Join(Detection::Kind::kAll, std::move(rest));
  if (least == 1) return Detection::Join(Detection::Kind::kAny, std::move(rest));
  std::vector<Detection> with;
  with.push_back(parts[from]);
  with.push_back(AtLeast(parts, from + 1, least - 1));
  std::vector<Detection> either;
  either.push_back(Detection::Join(Detection::Kind::kAll, std::move(with)));
  either.push_back(AtLeast(parts, from + 1, least));
  return Detection::Join(Detection::Kind::kAny, std::move(either));
}

// How many ways there are to choose, up to kMostChoices.
size_t Choices(size_t of, size_t least) {
  size_t choices = 1;
  for (size_t i = 0; i < least && choices <= kMostChoices; ++i)
    choices = choices * (of - i) / (i + 1);
  return choices;
}

struct Identifier {
  std::optional<Detection> detection;  // none: its mistakes were told
  Span span;
  bool used = false;
};

// Puts the identifiers into the condition.
class Resolver {
 public:
  Resolver(std::map<std::string, Identifier>& identifiers, Diagnostics& diagnostics)
      : identifiers_(identifiers), diagnostics_(diagnostics) {}

  Detection Run(const Condition& condition) {
    switch (condition.kind) {
      case Condition::Kind::kName:
        return Name(condition);
      case Condition::Kind::kQuantity:
        return Quantity(condition);
      case Condition::Kind::kNot:
        return Detection::Not(Run(condition.parts.front()));
      case Condition::Kind::kAnd:
      case Condition::Kind::kOr:
        break;
    }
    std::vector<Detection> parts;
    for (const Condition& part : condition.parts) parts.push_back(Run(part));
    return Detection::Join(
        condition.kind == Condition::Kind::kAnd ? Detection::Kind::kAll : Detection::Kind::kAny,
        std::move(parts));
  }

 private:
  static Detection Use(Identifier& identifier) {
    identifier.used = true;
    return identifier.detection.value_or(Detection{});
  }

  Detection Name(const Condition& condition) {
    const auto found = identifiers_.find(condition.name);
    if (found != identifiers_.end()) return Use(found->second);
    Unknown(condition, "there is no search identifier '" + condition.name + "'").suggestion =
        Nearest(condition.name, Names());
    return {};
  }

  Detection Quantity(const Condition& condition) {
    std::vector<Detection> parts;
    for (auto& [name, identifier] : identifiers_) {
      const bool chosen =
          condition.name.empty() ? !name.starts_with('_') : FitsPattern(condition.name, name);
      if (chosen) parts.push_back(Use(identifier));
    }
    if (parts.empty()) {
      Unknown(condition, condition.name.empty()
                             ? "'them' is nothing: every search identifier begins with '_'"
                             : "no search identifier fits '" + condition.name + "'")
          .suggestion = Nearest(condition.name, Names());
      return {};
    }
    const size_t least = condition.least == kAllOfThem ? parts.size() : condition.least;
    if (least > parts.size()) {
      Unknown(condition, "there are only " + std::to_string(parts.size()) + " of them");
      return {};
    }
    if (Choices(parts.size(), least) > kMostChoices) {
      Unknown(condition, "that are too many choices: " + std::to_string(least) + " of " +
                             std::to_string(parts.size()));
      return {};
    }
    return AtLeast(parts, 0, least);
  }

  Diagnostic& Unknown(const Condition& condition, const std::string& message) {
    return diagnostics_.Error(kUnknownIdentifier, condition.span, message);
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [name, identifier] : identifiers_) names.push_back(name);
    return names;
  }

  std::map<std::string, Identifier>& identifiers_;
  Diagnostics& diagnostics_;
};

bool IsNegated(const Condition& condition, bool under_not) {
  if (condition.parts.empty()) return under_not;
  if (condition.kind == Condition::Kind::kNot) under_not = !under_not;
  return std::all_of(condition.parts.begin(), condition.parts.end(),
                     [&](const Condition& part) { return IsNegated(part, under_not); });
}

class MapReader {
 public:
  MapReader(const Node& node, const std::vector<std::string_view>& others, ReadContext& context)
      : node_(node), others_(others), context_(context) {}

  std::optional<ReadDetection> Run() {
    const size_t told = context_.diagnostics.errors();
    const Node* condition = node_.Find(kCondition);
    if (condition == nullptr) {
      context_.diagnostics.Error(kMissingKey, node_.span,
                                 "a detection needs a 'condition' over its search identifiers");
    }
    Identifiers();
    std::vector<Detection> conditions;
    LocatedText text;
    bool negated = true;
    for (const Node* item : ItemsOf(condition)) {
      if (!item->is_scalar() || item->kind == NodeKind::kNull) {
        context_.diagnostics.Error(
            kWrongKind, item->span,
            "a condition is text, and this is " + std::string(KindName(item->kind)));
        continue;
      }
      if (conditions.empty()) text = item->text;
      const std::optional<Condition> parsed =
          ParseCondition(item->text, ConditionOf::kDetection, context_.diagnostics);
      if (!parsed) continue;
      conditions.push_back(Resolver(identifiers_, context_.diagnostics).Run(*parsed));
      negated = negated && IsNegated(*parsed, false);
    }
    if (context_.diagnostics.errors() > told) return std::nullopt;
    WarnOfUnused();
    return ReadDetection{Detection::Join(Detection::Kind::kAny, std::move(conditions)), text,
                         negated};
  }

 private:
  // One condition, or a list of which any has to hold.
  std::vector<const Node*> ItemsOf(const Node* condition) {
    std::vector<const Node*> items;
    if (condition == nullptr) return items;
    if (condition->kind != NodeKind::kSequence) return {condition};
    if (condition->items.empty())
      context_.diagnostics.Error(kEmptyValue, condition->span, "'condition' is empty");
    for (const Node& item : condition->items) items.push_back(&item);
    return items;
  }

  void Identifiers() {
    for (const Entry& entry : node_.entries) {
      const std::string& name = entry.key.text();
      if (name == kCondition || std::find(others_.begin(), others_.end(), name) != others_.end())
        continue;
      if (name == kTimeframe) {
        context_.diagnostics.Warning(kTimeframeWithoutEffect, entry.key.Whole(),
                                     "'timeframe' is Sigma 1's and has no effect: the timespan is "
                                     "that of a correlation");
        continue;
      }
      identifiers_[name] = {ReadSearch(entry.value, context_), entry.key.Whole(), false};
    }
    if (!identifiers_.empty()) return;
    context_.diagnostics.Error(kMissingKey, node_.span,
                               "a detection needs a search identifier: what has to fit");
  }

  void WarnOfUnused() {
    for (const auto& [name, identifier] : identifiers_) {
      if (identifier.used || name.starts_with('_')) continue;
      context_.diagnostics.Warning(kUnusedIdentifier, identifier.span,
                                   "no condition asks for '" + name + "'");
    }
  }

  const Node& node_;
  const std::vector<std::string_view>& others_;
  ReadContext& context_;
  std::map<std::string, Identifier> identifiers_;
};

}  // namespace

std::optional<ReadDetection> ReadDetectionMap(const Node& node,
                                              const std::vector<std::string_view>& others,
                                              ReadContext& context) {
  if (node.kind != NodeKind::kMap) {
    context.diagnostics.Error(kWrongKind, node.span,
                              "a detection is a map of search identifiers and a condition, and "
                              "this is " +
                                  std::string(KindName(node.kind)));
    return std::nullopt;
  }
  return MapReader(node, others, context).Run();
}

std::optional<ReadDetection> ReadStepDetection(const Node& node, ReadContext& context) {
  if (node.kind == NodeKind::kMap && node.Find(kCondition) != nullptr)
    return ReadDetectionMap(node, {}, context);
  std::optional<Detection> detection = ReadSearch(node, context);
  if (!detection) return std::nullopt;
  LocatedText text = node.text;
  if (node.kind == NodeKind::kMap) text = node.entries.front().key;
  return ReadDetection{*std::move(detection), std::move(text), false};
}

}  // namespace telltale::rules::sigma
