#include "engine/reading/condition_parts.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "engine/pattern/pattern.h"

namespace telltale::engine {
namespace {

using rules::Expr;
using rules::ExprKind;

bool IsCall(const Expr& expr, std::string_view name) {
  return expr.kind == ExprKind::kCall && expr.name == name;
}

bool ReadsLocal(const Expr& expr) {
  return expr.kind == ExprKind::kLocal ||
         std::any_of(expr.args.begin(), expr.args.end(),
                     [](const auto& arg) { return ReadsLocal(*arg); });
}

void CollectBranches(const Expr& expr, bool is_branch, std::vector<const Expr*>& branches) {
  if (expr.kind == ExprKind::kMacro) {
    if (is_branch && !ReadsLocal(*expr.args[0])) branches.push_back(&expr);
    return;  // a macro's body has no value of its own
  }
  const bool logic = IsCall(expr, "_&&_") || IsCall(expr, "_||_");
  if (is_branch && !logic) branches.push_back(&expr);
  const bool choice = IsCall(expr, "_?_:_");
  for (size_t i = 0; i < expr.args.size(); ++i)
    CollectBranches(*expr.args[i], logic || (choice && i == 0), branches);
}

// What stands where a condition names a value of a window (W3): all of it has the name's place.
bool IsWindowValue(const Expr& expr) {
  return rules::ReadsWindow(expr) &&
         (expr.kind == ExprKind::kAggregate ||
          (expr.args[0]->begin == expr.begin && expr.args[0]->end == expr.end));
}

// What has a value without the rest: a field with the whole path to it, a step, a part of the key,
// a value of the window.
void CollectReads(const Expr& expr, std::vector<const Expr*>& reads) {
  const bool read = expr.kind == ExprKind::kField || expr.kind == ExprKind::kKey ||
                    expr.kind == ExprKind::kSelect || expr.kind == ExprKind::kMatchCount ||
                    IsWindowValue(expr);
  if (read && !ReadsLocal(expr) && expr.end > expr.begin) return reads.push_back(&expr);
  for (const auto& arg : expr.args) CollectReads(*arg, reads);
}

std::string_view ErrorText(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNone:
      break;
    case ErrorCode::kNoSuchField:
      return "no such field";
    case ErrorCode::kNoSuchKey:
      return "no such key";
    case ErrorCode::kNoSuchOverload:
      return "an operator or function does not take values of these types";
    case ErrorCode::kOverflow:
      return "overflow";
    case ErrorCode::kDivideByZero:
      return "a division by zero";
    case ErrorCode::kOutOfRange:
      return "an index or a number out of range";
    case ErrorCode::kBadFieldValue:
      return "a field's text is no JSON value";
    case ErrorCode::kTooDeep:
      return "a field is nested too deeply";
    case ErrorCode::kWrongFieldType:
      return "a field is not of the type that its stream declares";
    case ErrorCode::kBadPattern:
      return "a pattern does not compile";
    case ErrorCode::kBudget:
      return "the evaluation costs too much";
    default:
      break;
  }
  return "an error";
}

// Compiles and evaluates one part; a part that does not compile alone is an absent value.
class PartEvaluator {
 public:
  PartEvaluator(const std::vector<EventLayout>& layouts, const Inputs& inputs, const Frame& frame,
                Scratch& scratch)
      : layouts_(layouts), inputs_(inputs), frame_(frame), scratch_(scratch) {}

  // Valid until the next call.
  Value Evaluate(const rules::Expression& part) {
    auto program = Compile(part, layouts_, &inputs_);
    if (!program.ok()) return Value::Absent();
    program_ = *std::move(program);
    return engine::Evaluate(*program_, frame_, scratch_);
  }

  std::string Shown(const rules::Expression& part) {
    const Value value = Evaluate(part);
    if (value.is(ValueKind::kAbsent)) return "absent";
    if (value.is(ValueKind::kError)) {
      return value.error() == ErrorCode::kNoSuchField ? "absent"
                                                      : std::string(ErrorText(value.error()));
    }
    std::string json;
    AppendJson(value, json);
    return json;
  }

 private:
  const std::vector<EventLayout>& layouts_;
  const Inputs& inputs_;
  const Frame& frame_;
  Scratch& scratch_;
  std::shared_ptr<const Program> program_;
};

std::vector<ValueRead> Reads(const rules::Expression& part, PartEvaluator& evaluator) {
  std::vector<const Expr*> nodes;
  CollectReads(*part.root, nodes);
  std::vector<ValueRead> reads;
  std::set<std::string> seen;
  for (const Expr* node : nodes) {
    const rules::Expression read = PartOf(part, *node);
    if (!seen.insert(rules::ToString(*node)).second) continue;
    reads.push_back({PartText(read), evaluator.Shown(read)});
  }
  return reads;
}

}  // namespace

std::string PartText(const rules::Expression& part) {
  const std::string& text = part.text.text();
  const size_t begin = std::min<size_t>(part.root->begin, text.size());
  const size_t end = std::clamp<size_t>(part.root->end, begin, text.size());
  return text.substr(begin, end - begin);
}

rules::Span PartPlace(const rules::Expression& part) {
  return part.text.Locate(part.root->begin, part.root->end);
}

std::vector<rules::Expression> Branches(const rules::Expression& whole) {
  std::vector<const Expr*> nodes;
  CollectBranches(*whole.root, false, nodes);
  std::vector<rules::Expression> branches;
  for (const Expr* node : nodes) branches.push_back(PartOf(whole, *node));
  return branches;
}

std::vector<FailedPart> FailedParts(const rules::Expression& where,
                                    const std::vector<EventLayout>& layouts, const Inputs& inputs,
                                    const Frame& frame, Scratch& scratch) {
  std::vector<FailedPart> failed;
  PartEvaluator evaluator(layouts, inputs, frame, scratch);
  for (const rules::Expression& conjunct : Conjuncts(where)) {
    const Value value = evaluator.Evaluate(conjunct);
    if (value.is(ValueKind::kBool) && value.as_bool()) continue;
    FailedPart part;
    part.text = PartText(conjunct);
    part.place = PartPlace(conjunct);
    part.error = !value.is(ValueKind::kBool);
    if (part.error) {
      part.reason = value.is(ValueKind::kError)    ? ErrorText(value.error())
                    : value.is(ValueKind::kAbsent) ? ErrorText(ErrorCode::kNoSuchField)
                                                   : "it is no true or false";
    }
    part.reads = Reads(conjunct, evaluator);
    failed.push_back(std::move(part));
  }
  return failed;
}

}  // namespace telltale::engine
