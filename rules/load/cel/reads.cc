#include "rules/load/cel/reads.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace telltale::rules {
namespace {

// What becomes of the value of an expression.
enum class Use {
  kWhole,   // anything may be done with it
  kDouble,  // it is computed or compared with a double (V5)
  kFields,  // only fields of the events in it are read, which are recorded where that is done
};

bool IsDouble(const Type& type) { return type.kind == TypeKind::kDouble; }

bool IsEvents(const Type& type) {
  return type.kind == TypeKind::kEvent ||
         (type.kind == TypeKind::kList && type.element != nullptr &&
          type.element->kind == TypeKind::kEvent);
}

uint32_t StreamOf(const Type& type) {
  return type.kind == TypeKind::kEvent ? type.stream : type.element->stream;
}

bool IsArithmetic(std::string_view name) {
  return name == "_+_" || name == "_-_" || name == "_*_" || name == "_/_" || name == "_%_";
}

bool IsComparison(std::string_view name) {
  return name == "_==_" || name == "_!=_" || name == "_<_" || name == "_<=_" || name == "_>_" ||
         name == "_>=_";
}

class Collector {
 public:
  Reads Run(const Expr& expr) {
    Visit(expr, Use::kWhole);
    Reads reads;
    for (const auto& [place, uses] : fields_) {
      reads.fields.push_back({place.first, place.second, uses.as_double && !uses.otherwise});
    }
    reads.steps.assign(steps_.begin(), steps_.end());
    return reads;
  }

 private:
  struct Uses {
    bool as_double = false;
    bool otherwise = false;
  };

  void Record(uint32_t stream, const FieldPath& path, bool as_double) {
    Uses& uses = fields_[{stream, path}];
    (as_double ? uses.as_double : uses.otherwise) = true;
  }

  void Visit(const Expr& expr, Use use) {
    switch (expr.kind) {
      case ExprKind::kStep:
        steps_.insert(expr.index);
        [[fallthrough]];
      case ExprKind::kEvent:
      case ExprKind::kLocal:
        if (use != Use::kFields && IsEvents(expr.type)) Record(StreamOf(expr.type), {}, false);
        return;
      case ExprKind::kField:
        return VisitField(expr, use);
      case ExprKind::kTime:
        return Visit(*expr.args[0], Use::kFields);
      case ExprKind::kCall:
        return VisitCall(expr, use);
      case ExprKind::kList:
        return VisitAll(expr, 0, IsEvents(expr.type) ? use : Use::kWhole);
      case ExprKind::kMacro:
        return VisitMacro(expr, use);
      default:
        return VisitAll(expr, 0, Use::kWhole);
    }
  }

  void VisitAll(const Expr& expr, size_t from, Use use) {
    for (size_t i = from; i < expr.args.size(); ++i) Visit(*expr.args[i], use);
  }

  void VisitField(const Expr& expr, Use use) {
    const Expr& base = *expr.args[0];
    if (!expr.path.empty()) {
      if (expr.test) {
        fields_[{base.type.stream, expr.path}];  // whether it is there says nothing of its type
      } else {
        const TypeKind kind = expr.optional && expr.type.element != nullptr
                                  ? expr.type.element->kind
                                  : expr.type.kind;
        Record(base.type.stream, expr.path, use == Use::kDouble && kind == TypeKind::kDyn);
      }
    }
    Visit(base, Use::kFields);
  }

  void VisitCall(const Expr& expr, Use use) {
    const std::string_view name = expr.name;
    if (IsArithmetic(name) && IsEvents(expr.type))
      return VisitAll(expr, 0, use);  // lists, one after the other
    if (IsArithmetic(name) || IsComparison(name)) {
      const bool wanted = IsArithmetic(name) && use == Use::kDouble;
      for (size_t i = 0; i < 2; ++i) {
        Visit(*expr.args[i],
              wanted || IsDouble(expr.args[1 - i]->type) ? Use::kDouble : Use::kWhole);
      }
    } else if (name == "-_") {
      Visit(*expr.args[0], use);
    } else if (name == "double") {
      Visit(*expr.args[0], Use::kDouble);
    } else if (name == "orValue") {
      const bool wanted = use == Use::kDouble || IsDouble(expr.args[1]->type);
      Visit(*expr.args[0], wanted ? Use::kDouble : Use::kWhole);
      Visit(*expr.args[1], use == Use::kDouble ? use : Use::kWhole);
    } else if (name == "_?_:_") {
      Visit(*expr.args[0], Use::kWhole);
      VisitAll(expr, 1, use == Use::kFields && !IsEvents(expr.type) ? Use::kWhole : use);
    } else if (name == "_[_]" && IsEvents(expr.args[0]->type) &&
               expr.args[0]->type.kind == TypeKind::kList) {
      Visit(*expr.args[0], use);
      Visit(*expr.args[1], Use::kWhole);
    } else if (name == "size" && expr.args[0]->type.kind == TypeKind::kList) {
      Visit(*expr.args[0], Use::kFields);
    } else {
      VisitAll(expr, 0, Use::kWhole);
    }
  }

  // The elements are read in the body; those of a filter are its result, too.
  void VisitMacro(const Expr& expr, Use use) {
    const Type& type = expr.args[0]->type;
    const bool elements = expr.name == "filter" || expr.name == "sortBy";
    const bool body = expr.name == "map" || expr.name == "transformList" || expr.name == "cel.bind";
    const bool events = expr.name == "cel.bind" ? IsEvents(type) : type.kind == TypeKind::kList;
    Visit(*expr.args[0], !events ? Use::kWhole : elements ? use : Use::kFields);
    VisitAll(expr, 1, body && IsEvents(expr.type) ? use : Use::kWhole);
  }

  std::map<std::pair<uint32_t, FieldPath>, Uses> fields_;
  std::set<uint32_t> steps_;
};

}  // namespace

Reads CollectReads(const Expr& expr) { return Collector().Run(expr); }

}  // namespace telltale::rules
