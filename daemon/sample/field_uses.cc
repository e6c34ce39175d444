#include "daemon/sample/field_uses.h"

#include <map>
#include <string_view>
#include <utility>

#include "daemon/sample/stream_profile.h"

namespace telltale::sample {
namespace {

using rules::Expr;
using rules::ExprKind;
using rules::TypeKind;

// What the place of a value asks of it.
enum class Want : uint8_t { kAnything, kNumber, kString, kBool, kUnknown };

Want WantOf(const rules::Type& type) {
  switch (type.kind) {
    case TypeKind::kInt:
    case TypeKind::kUint:
    case TypeKind::kDouble:
      return Want::kNumber;
    case TypeKind::kString:
      return Want::kString;
    case TypeKind::kBool:
      return Want::kBool;
    case TypeKind::kNull:
      return Want::kAnything;
    default:
      return Want::kUnknown;
  }
}

bool TakesTwoOfAKind(std::string_view name) {
  return name == "_==_" || name == "_!=_" || name == "_<_" || name == "_<=_" || name == "_>_" ||
         name == "_>=_" || name == "_+_" || name == "_-_" || name == "_*_" || name == "_/_" ||
         name == "_%_";
}

bool IsLogic(std::string_view name) { return name == "_&&_" || name == "_||_" || name == "!_"; }

bool IsOfStrings(std::string_view name) {
  return name == "startsWith" || name == "endsWith" || name == "matches" || name == "lowerAscii" ||
         name == "upperAscii";
}

class Collector {
 public:
  void Take(const rules::Expression& expression, Want want) {
    text_ = &expression.text;
    Visit(*expression.root, want);
  }
  void Take(const rules::Selector& selector) {
    for (const rules::Expression& by : selector.by) Take(by, Want::kAnything);
    if (selector.where) Take(*selector.where, Want::kBool);
  }
  std::vector<FieldUse> uses() && { return std::move(uses_); }

 private:
  void Visit(const Expr& expr, Want want) {
    if (expr.kind == ExprKind::kField) {
      if (!expr.path.empty()) Record(expr, want);
    } else if (expr.kind == ExprKind::kCall) {
      return VisitCall(expr, want);
    }
    VisitAll(expr, 0, Want::kUnknown);
  }

  void VisitAll(const Expr& expr, size_t from, Want want) {
    for (size_t i = from; i < expr.args.size(); ++i) Visit(*expr.args[i], want);
  }

  void VisitCall(const Expr& expr, Want want) {
    const std::string_view name = expr.name;
    const size_t count = expr.args.size();
    if (count == 2 && TakesTwoOfAKind(name)) {
      for (size_t i = 0; i < 2; ++i) Visit(*expr.args[i], WantOf(expr.args[1 - i]->type));
    } else if (IsLogic(name)) {
      VisitAll(expr, 0, Want::kBool);
    } else if (count == 3 && name == "_?_:_") {
      Visit(*expr.args[0], Want::kBool);
      VisitAll(expr, 1, want);
    } else if (count == 2 && name == "@in") {
      const rules::Type& list = expr.args[1]->type;
      const bool typed = list.kind == TypeKind::kList && list.element != nullptr;
      Visit(*expr.args[0], typed ? WantOf(*list.element) : Want::kUnknown);
      Visit(*expr.args[1], Want::kUnknown);
    } else if (count > 0 && expr.member && IsOfStrings(name)) {
      Visit(*expr.args[0], Want::kString);
      VisitAll(expr, 1, Want::kUnknown);
    } else {
      VisitAll(expr, 0, Want::kUnknown);
    }
  }

  // The path at the end of the node's text (`login.user` has it behind the step); where it is
  // written in another way, or in a macro's text, the whole node.
  rules::Span PlaceOf(const Expr& expr) const {
    const std::string_view text = text_->text();
    const std::string path = PathText(expr.path);
    const bool inside = expr.begin <= expr.end && expr.end <= text.size();
    if (inside && text.substr(expr.begin, expr.end - expr.begin).ends_with(path))
      return text_->Locate(expr.end - path.size(), expr.end);
    return text_->Locate(expr.begin, expr.end);
  }

  void Record(const Expr& expr, Want want) {
    const rules::StreamIndex stream = expr.args[0]->type.stream;
    const auto [known, added] = known_.try_emplace({stream, expr.path}, uses_.size());
    const rules::Span place = PlaceOf(expr);
    if (added) {
      FieldUse use;
      use.stream = stream;
      use.path = expr.path;
      use.span = place;
      use.wanted = place;
      uses_.push_back(std::move(use));
    }
    if (expr.test) return;  // has() asks for no type
    FieldUse& use = uses_[known->second];
    use.type = expr.type;
    if (expr.optional) use.type = rules::Type::Dyn();
    if (expr.optional || want == Want::kUnknown) use.otherwise = true;
    if (expr.optional || want == Want::kAnything || want == Want::kUnknown) return;
    if (!use.with_numbers && !use.with_strings && !use.with_bools) use.wanted = place;
    use.with_numbers |= want == Want::kNumber;
    use.with_strings |= want == Want::kString;
    use.with_bools |= want == Want::kBool;
  }

  const rules::LocatedText* text_ = nullptr;
  std::map<std::pair<rules::StreamIndex, rules::FieldPath>, size_t> known_;
  std::vector<FieldUse> uses_;
};

// What an aggregate wants of its arguments.
Want WantOf(rules::AggregateFunction function) {
  switch (function) {
    case rules::AggregateFunction::kCountIf:
      return Want::kBool;
    case rules::AggregateFunction::kCountDistinct:
    case rules::AggregateFunction::kFirst:
    case rules::AggregateFunction::kLast:
      return Want::kAnything;
    default:
      return Want::kNumber;
  }
}

// What a window and new terms read of each event.
void TakeWindow(const rules::Rule& rule, Collector& collector) {
  const auto take = [&](const std::vector<std::vector<rules::Expression>>& by_source, Want want) {
    for (const std::vector<rules::Expression>& expressions : by_source) {
      for (const rules::Expression& expression : expressions) collector.Take(expression, want);
    }
  };
  if (rule.aggregate) {
    rule.aggregate->ForEachCall(
        [&](const rules::AggregateCall& call) { take(call.arguments, WantOf(call.function)); });
  }
  for (const rules::StepWindow& window : rule.windows) {
    for (const rules::AggregateCall& call : window.aggregate.calls)
      take(call.arguments, WantOf(call.function));
  }
  if (rule.new_terms) take(rule.new_terms->fields, Want::kAnything);
}

}  // namespace

std::vector<FieldUse> FieldUses(const rules::Rule& rule) {
  Collector collector;
  for (const rules::Step& step : rule.steps) collector.Take(step.selector);
  for (const rules::Absence& absence : rule.absences) collector.Take(absence.selector);
  for (const rules::Until& until : rule.untils) collector.Take(until.selector);
  for (const rules::Exception& exception : rule.exceptions)
    collector.Take(exception.where, Want::kBool);
  if (rule.suppress) {
    for (const rules::Expression& by : rule.suppress->by) collector.Take(by, Want::kAnything);
  }
  if (rule.alert.title) {
    for (const rules::Expression& hole : rule.alert.title->holes)
      collector.Take(hole, Want::kAnything);
  }
  for (const rules::RiskModifier& modifier : rule.alert.risk_modifiers)
    collector.Take(modifier.where, Want::kBool);
  TakeWindow(rule, collector);
  for (const auto& [name, field] : rule.result_fields()) collector.Take(field, Want::kAnything);
  if (rule.output && rule.output->key) collector.Take(*rule.output->key, Want::kAnything);
  for (const rules::Entity& entity : rule.alert.entities)
    collector.Take(entity.id, Want::kAnything);
  return std::move(collector).uses();
}

}  // namespace telltale::sample
