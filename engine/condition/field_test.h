// What Sigma's detections ask of a field: the calls `@sigma.…` of an expression, made ready.
//
// A test is two-valued: true or false of whatever stands there, and never an error. A field that is
// absent, or cannot be read, fits nothing but the test for that (null and exists). A list fits when
// one of its elements does, a map never; a test of "any value" (`@sigma.any.…`) looks at all values
// at any depth of a map. Numbers and bools have a text, by which patterns see them; a number of a
// rule equals the same number, and a text that is it (V3).
//
//   @sigma.is[_cased](v, [text, number, bool, null ...])   any of them; texts are patterns
//   @sigma.regex(v, [regex ...])                           any of them, anywhere in the text
//   @sigma.cidr(v, [network ...])
//   @sigma.exists(v, [bool])
//   @sigma.lt lte gt gte(v, [number ...])
//   @sigma.equals_field contains_field starts_with_field ends_with_field[_cased](v, other)
//   @sigma.minute hour day week month year(v, relation, unit in ns, [number ...])
//
// Source: rules/SEMANTICS.md V3. Owner: the program. Thread: immutable once made, any. Errors:
// Compile fails for our own reasons only; the loader has checked the call.
#ifndef TELLTALE_ENGINE_CONDITION_FIELD_TEST_H_
#define TELLTALE_ENGINE_CONDITION_FIELD_TEST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "engine/condition/operations.h"
#include "engine/condition/scratch.h"
#include "engine/condition/text_matcher.h"
#include "engine/event/value.h"
#include "re2/re2.h"
#include "rules/model/address.h"
#include "rules/model/expression.h"

namespace telltale::engine {

class FieldTest {
 public:
  static bool IsTest(const rules::Expr& call) { return call.name.starts_with("@sigma."); }
  // REQUIRES: IsTest.
  static absl::StatusOr<std::unique_ptr<const FieldTest>> Compile(const rules::Expr& call);

  // `other`: the second field of a test that compares two. What it looks at is charged; the answer
  // means nothing where that spends the budget.
  bool Holds(Value subject, Value other, Scratch& scratch) const;
  bool takes_other() const { return kind_ >= Kind::kEqualsField && kind_ <= Kind::kEndsWithField; }

  // As the expression has it: "@sigma.is".
  const std::string& name() const { return name_; }

 private:
  enum class Kind : uint8_t {
    kIs,
    kRegex,
    kCidr,
    kExists,
    kOrder,
    kEqualsField,
    kContainsField,
    kStartsWithField,
    kEndsWithField,
    kTime,
  };
  enum class Part : uint8_t { kMinute, kHour, kDay, kWeek, kMonth, kYear };

  FieldTest() = default;
  bool SetKind(std::string_view name);
  void AddConstant(const rules::Constant& constant, std::vector<rules::TextPattern>& patterns);
  bool AddArgument(const rules::Expr& argument, std::vector<rules::TextPattern>& patterns);

  bool OfAny(Value value, Scratch& scratch) const;     // of all values in it, at any depth
  bool OfEach(Value value, Scratch& scratch) const;    // of a value, or any element of a list
  bool OfScalar(Value value, Scratch& scratch) const;  // REQUIRES: neither a list nor a map
  uint64_t CostOf(size_t text_size) const;
  bool Is(Value value) const;
  bool IsNumber(Value number) const;
  bool IsText(std::string_view text) const;
  bool IsWithin(std::string_view text) const;
  bool IsOrdered(Value number) const;
  bool HasTimePart(Value value) const;
  bool Compares(Value a, Value b, Scratch& scratch) const;

  std::string name_;
  Kind kind_ = Kind::kIs;
  bool any_ = false;
  bool cased_ = false;
  // kIs.
  bool null_ = false;
  bool true_ = false;
  bool false_ = false;
  absl::flat_hash_set<int64_t> integers_;
  std::vector<double> fractions_;
  std::optional<TextSet> texts_;
  std::vector<std::unique_ptr<re2::RE2>> regexes_;
  std::vector<rules::Network> networks_;
  bool wanted_ = true;                    // kExists
  Relation relation_ = Relation::kEqual;  // kOrder, kTime
  Part part_ = Part::kMinute;             // kTime
  int64_t unit_ = 1;                      // kTime: ns of a time that is a number
  std::vector<Value> numbers_;            // kOrder, kTime
};

// A text that is a number of JSON; none: it is none.
std::optional<Value> NumberOf(std::string_view text);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_FIELD_TEST_H_
