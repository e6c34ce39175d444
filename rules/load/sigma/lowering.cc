#include "rules/load/sigma/lowering.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "rules/load/cel/reads.h"

namespace telltale::rules::sigma {
namespace {

ExprPtr Node(ExprKind kind, Type type) {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->type = std::move(type);
  return expr;
}

Type TypeOf(const Constant& constant) {
  constexpr TypeKind kKinds[] = {TypeKind::kNull, TypeKind::kBool,   TypeKind::kInt,
                                 TypeKind::kUint, TypeKind::kDouble, TypeKind::kString,
                                 TypeKind::kBytes};
  return Type::Of(kKinds[constant.index()]);
}

ExprPtr ListOf(const std::vector<Constant>& constants) {
  ExprPtr list = Node(ExprKind::kList, Type::List(Type::Dyn()));
  list->args.reserve(constants.size());
  for (const Constant& constant : constants) list->args.push_back(ConstantOf(constant));
  return list;
}

ExprPtr Call(std::string name, std::vector<ExprPtr> args) {
  ExprPtr call = Node(ExprKind::kCall, Type::Of(TypeKind::kBool));
  call->name = std::move(name);
  call->args = std::move(args);
  return call;
}

ExprPtr Join(const char* name, std::vector<ExprPtr>& operands, size_t begin, size_t end) {
  if (end - begin == 1) return std::move(operands[begin]);
  const size_t middle = begin + (end - begin) / 2;
  ExprPtr left = Join(name, operands, begin, middle);
  return Pair(name, std::move(left), Join(name, operands, middle, end));
}

class Lowering {
 public:
  Lowering(StreamIndex stream, const FieldMapping& fields, const StreamCatalog& streams)
      : stream_(stream), fields_(fields), streams_(streams) {}

  ExprPtr Run(const Detection& detection) const {
    switch (detection.kind) {
      case Detection::Kind::kTest:
        return Test(detection.test);
      case Detection::Kind::kNot:
        return Negation(Run(detection.parts.front()));
      case Detection::Kind::kAll:
      case Detection::Kind::kAny:
        break;
    }
    std::vector<ExprPtr> parts;
    for (const Detection& part : detection.parts) parts.push_back(Run(part));
    return detection.kind == Detection::Kind::kAll ? AllOf(std::move(parts))
                                                   : AnyOf(std::move(parts));
  }

 private:
  ExprPtr Field(const std::string& name) const {
    return FieldOf(EventOf(stream_), fields_.PathOf(name));
  }

  ExprPtr Test(const FieldTest& test) const {
    std::vector<ExprPtr> args;
    args.push_back(test.field.empty() ? EventOf(stream_) : Field(test.field));
    if (!test.other_field.empty()) {
      args.push_back(Field(test.other_field));
      return Call(test.function, std::move(args));
    }
    if (!test.relation.empty()) {
      args.push_back(ConstantOf(test.relation));
      args.push_back(ConstantOf(streams_[stream_].time_unit_ns));  // of a time that is a number
    }
    args.push_back(ListOf(test.values));
    return Call(test.function, std::move(args));
  }

  const StreamIndex stream_;
  const FieldMapping& fields_;
  const StreamCatalog& streams_;
};

}  // namespace

ExprPtr ConstantOf(Constant constant) {
  ExprPtr expr = Node(ExprKind::kConstant, TypeOf(constant));
  expr->constant = std::move(constant);
  return expr;
}

ExprPtr Pair(const char* name, ExprPtr a, ExprPtr b) {
  std::vector<ExprPtr> args;
  args.push_back(std::move(a));
  args.push_back(std::move(b));
  return Call(name, std::move(args));
}

ExprPtr Negation(ExprPtr operand) {
  std::vector<ExprPtr> args;
  args.push_back(std::move(operand));
  return Call("!_", std::move(args));
}

ExprPtr WindowValue(uint32_t call, Type type) {
  ExprPtr value = Node(ExprKind::kAggregate, std::move(type));
  value->index = call;
  return value;
}

ExprPtr Lower(const Detection& detection, StreamIndex stream, const FieldMapping& fields,
              const StreamCatalog& streams) {
  return Lowering(stream, fields, streams).Run(detection);
}

ExprPtr AllOf(std::vector<ExprPtr> operands) {
  if (operands.empty()) return ConstantOf(true);
  return Join("_&&_", operands, 0, operands.size());
}

ExprPtr AnyOf(std::vector<ExprPtr> operands) {
  if (operands.empty()) return ConstantOf(false);
  return Join("_||_", operands, 0, operands.size());
}

ExprPtr FieldOf(ExprPtr event, FieldPath path, bool test) {
  ExprPtr field = Node(ExprKind::kField, test ? Type::Of(TypeKind::kBool) : Type::Dyn());
  field->path = std::move(path);
  field->test = test;
  field->args.push_back(std::move(event));
  return field;
}

ExprPtr EventOf(StreamIndex stream) { return Node(ExprKind::kEvent, Type::Event(stream)); }

ExprPtr StepOf(uint32_t step, StreamIndex stream) {
  ExprPtr expr = Node(ExprKind::kStep, Type::Event(stream));
  expr->index = step;
  return expr;
}

ExprPtr Choose(ExprPtr condition, ExprPtr then, ExprPtr otherwise) {
  ExprPtr choice = Node(ExprKind::kCall, Type::Dyn());
  choice->name = "_?_:_";
  choice->args.push_back(std::move(condition));
  choice->args.push_back(std::move(then));
  choice->args.push_back(std::move(otherwise));
  return choice;
}

Expression MakeExpression(ExprPtr root, LocatedText text) {
  Expression expression;
  expression.text = std::move(text);
  Reads reads = CollectReads(*root);
  expression.reads = std::move(reads.fields);
  expression.steps = std::move(reads.steps);
  expression.root = std::move(root);
  return expression;
}

}  // namespace telltale::rules::sigma
