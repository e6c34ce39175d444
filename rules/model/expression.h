// The abstract syntax of a condition, as the parser builds it and the checker completes it.
//
// The parser makes kConstant, kIdent, kSelect, kCall, kList, kMap and kMacro nodes only. The
// checker resolves names: no kIdent is left afterwards; what reads an event becomes kEvent, kStep,
// kLocal, kKey, kAggregate or kMatchCount, and a chain of selections on an event of a known stream
// becomes one kField with the whole path, so that the engine can read it from a slot. kSelect stays
// where the operand is a map or dyn.
//
// Source: the CEL specification's grammar and macros. Owner: a node owns its children. Thread:
// immutable after the check. Offsets are bytes in Expression::text.
#ifndef TELLTALE_RULES_MODEL_EXPRESSION_H_
#define TELLTALE_RULES_MODEL_EXPRESSION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "rules/model/field_path.h"
#include "rules/model/source.h"
#include "rules/model/type.h"

namespace telltale::rules {

struct Bytes {
  std::string data;
  bool operator==(const Bytes&) const = default;
};

// A type as a value, by CEL's name for it: "int", "google.protobuf.Timestamp".
struct TypeName {
  std::string name;
  bool operator==(const TypeName&) const = default;
};

// null, bool, int, uint, double, string, bytes, type.
using Constant =
    std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string, Bytes, TypeName>;

enum class ExprKind : uint8_t {
  kConstant,  // constant
  kIdent,     // name (parser only; ".name" where written so); `test` for has(name)
  kSelect,    // args[0].name; `test` for has(args[0].name)
  // name(args...); operators by their CEL names (_&&_, _||_, !_, -_, _+_, _==_, _<_, @in, _[_],
  // _?_:_, _?._, _[?_]); `member`: written as args[0].name(args[1]...). ?_(x), an element of a list
  // or a value of a map only: it is there where the optional x has a value.
  kCall,
  kList,  // args
  kMap,   // args: key, value, key, value ...
  // What runs over a list or a map args[0] with a `variable` of its own, `local` its number. Its
  // body follows: a predicate (all, exists, exists_one, filter), what to make (map, transformList,
  // transformMap, transformMapEntry, sortBy), or a predicate and then that. With `variable2`
  // (`local2`) they stand for the index and the element, or the key and the value; alone it stands
  // for the element, or the key. In optMap and optFlatMap it stands for the value of the optional
  // args[0], in cel.bind for args[0] itself.
  kMacro,
  kEvent,  // the event being tested
  kStep,   // an earlier step's event, or the list of them where the step repeats: `index`
  kLocal,  // the variable of an enclosing macro: `index` is its number there
  kKey,    // a part of the correlation key, as text: `index`
  // A value of the window that the expression is about: `index` in Aggregate::calls; in conditions
  // of a sequence among the calls of all of its windows (W3). What is evaluated for each event
  // stands there, not below the node.
  kAggregate,
  kMatchCount,  // how many matches an alert stands for (P6), an int
  kTime,        // the time of the event args[0], a timestamp
  // `path` of the event that args[0] (kEvent, kStep, kLocal, _[_] ...) gives; `test` for has(...);
  // `optional`: an optional, which has no value where the field is absent. An empty path with
  // `test`: whether the step args[0] took an event at all, as an optional one may not have.
  kField,
  kNamedList,  // lists.`name`
  kTable,      // tables.`name`: args[0] of _[_], or args[1] of @in, and nowhere else
};

// Expr::local and local2 of a macro that the checker has not numbered yet.
inline constexpr uint32_t kUnnumberedLocal = UINT32_MAX;

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Expr {
  ExprKind kind = ExprKind::kConstant;
  uint32_t begin = 0;  // the node's text, [begin, end)
  uint32_t end = 0;
  uint32_t name_begin = 0;  // where a select's field, or a call's name or operator, stands
  Type type;                // set by the checker
  Constant constant;
  std::string name;
  bool test = false;
  bool member = false;
  bool optional = false;
  std::string variable;
  std::string variable2;  // empty: the macro has one variable
  uint32_t local = 0;
  uint32_t local2 = 0;
  uint32_t index = 0;
  FieldPath path;
  std::vector<ExprPtr> args;
};

// A field of a stream's events that an expression reads; the empty path is the whole event.
struct FieldRead {
  StreamIndex stream = 0;
  FieldPath path;
  bool as_double_only = false;  // used as a double wherever this expression reads it (V5)
  auto operator<=>(const FieldRead&) const = default;
};

// A parsed and checked expression with the text that it came from.
struct Expression {
  LocatedText text;
  std::shared_ptr<const Expr> root;
  std::vector<FieldRead> reads;  // sorted, unique
  uint32_t locals = 0;           // how many macro variables there are in all
  std::vector<uint32_t> steps;   // the steps that it refers to, ascending
  const Type& type() const { return root->type; }
};

// The canonical form: fully parenthesised, names resolved, no layout. Fingerprints (A1) and golden
// tests use it.
std::string ToString(const Expr& expr);

// Whether it reads a value of a window.
bool ReadsWindow(const Expr& expr);

ExprPtr Clone(const Expr& expr);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_EXPRESSION_H_
