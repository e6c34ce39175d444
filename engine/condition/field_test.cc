#include "engine/condition/field_test.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "engine/condition/calendar.h"
#include "engine/condition/number_text.h"
#include "engine/condition/text_find.h"

namespace telltale::engine {
namespace {

constexpr std::string_view kPrefix = "@sigma.";
constexpr std::string_view kAny = "any.";
constexpr std::string_view kCased = "_cased";
constexpr int64_t kSecond = 1'000'000'000;

bool IsNumeric(Value value) {
  return value.is(ValueKind::kInt) || value.is(ValueKind::kUint) || value.is(ValueKind::kDouble);
}

// The text by which patterns see the value; none: it has none.
std::optional<std::string_view> TextOf(Value value, NumberBuffer& buffer) {
  switch (value.kind()) {
    case ValueKind::kString:
      return value.as_string();
    case ValueKind::kInt:
      return IntText(value.as_int(), buffer);
    case ValueKind::kUint:
      return UintText(value.as_uint(), buffer);
    case ValueKind::kDouble:
      return DoubleText(value.as_double(), buffer);
    case ValueKind::kBool:
      return value.as_bool() ? std::string_view("true") : std::string_view("false");
    default:
      return std::nullopt;
  }
}

// A number, or a text that is one.
std::optional<Value> AsNumber(Value value) {
  if (IsNumeric(value)) return value;
  return value.is(ValueKind::kString) ? NumberOf(value.as_string()) : std::nullopt;
}

// The number without its fraction, downwards: of 1767225600.25 seconds the second counts.
std::optional<int64_t> WholeOf(Value number) {
  if (!number.is(ValueKind::kDouble)) return IntegralValue(number);
  return IntegralValue(Value::Double(std::floor(number.as_double())));
}

bool SameText(std::string_view a, std::string_view b, bool cased) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [cased](char x, char y) {
           return cased ? x == y : FoldByte(x) == FoldByte(y);
         });
}

// In the scratch's memory; none: the budget is spent.
std::optional<std::string_view> Folded(std::string_view text, Scratch& scratch) {
  char* folded = scratch.Allocate(text.size());
  if (folded == nullptr) return std::nullopt;
  std::transform(text.begin(), text.end(), folded, FoldByte);
  return std::string_view(folded, text.size());
}

// Both are the event's, and may be large: the search is one that takes linear time.
bool HasText(std::string_view text, std::string_view part, bool cased, Scratch& scratch) {
  if (part.size() > text.size()) return false;
  if (cased) return FindText(text, part) != std::string_view::npos;
  const std::optional<std::string_view> folded = Folded(text, scratch);
  const std::optional<std::string_view> wanted = Folded(part, scratch);
  return folded && wanted && FindText(*folded, *wanted) != std::string_view::npos;
}

// Of a number of JSON: -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?
bool IsJsonNumber(std::string_view text) {
  size_t at = 0;
  const auto digits = [&] {
    const size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at > begin;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool zero = at < text.size() && text[at] == '0';
  const size_t begin = at;
  if (!digits() || (zero && at > begin + 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!digits()) return false;
  }
  return at == text.size();
}

template <typename Number>
std::optional<Number> Read(std::string_view text) {
  Number number{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Value> NumberOf(std::string_view text) {
  if (text.empty() || !(text[0] == '-' || (text[0] >= '0' && text[0] <= '9')) ||
      !IsJsonNumber(text)) {
    return std::nullopt;
  }
  if (const auto integer = Read<int64_t>(text)) return Value::Int(*integer);
  if (const auto real = Read<double>(text)) return Value::Double(*real);
  return std::nullopt;
}

bool FieldTest::SetKind(std::string_view name) {
  name.remove_prefix(kPrefix.size());
  any_ = name.starts_with(kAny);
  if (any_) name.remove_prefix(kAny.size());
  cased_ = name.ends_with(kCased);
  if (cased_) name.remove_suffix(kCased.size());
  const struct {
    std::string_view name;
    Kind kind;
    Relation relation = Relation::kEqual;
    Part part = Part::kMinute;
  } kKinds[] = {{"is", Kind::kIs},
                {"regex", Kind::kRegex},
                {"cidr", Kind::kCidr},
                {"exists", Kind::kExists},
                {"lt", Kind::kOrder, Relation::kLess},
                {"lte", Kind::kOrder, Relation::kLessEqual},
                {"gt", Kind::kOrder, Relation::kGreater},
                {"gte", Kind::kOrder, Relation::kGreaterEqual},
                {"equals_field", Kind::kEqualsField},
                {"contains_field", Kind::kContainsField},
                {"starts_with_field", Kind::kStartsWithField},
                {"ends_with_field", Kind::kEndsWithField},
                {"minute", Kind::kTime, Relation::kEqual, Part::kMinute},
                {"hour", Kind::kTime, Relation::kEqual, Part::kHour},
                {"day", Kind::kTime, Relation::kEqual, Part::kDay},
                {"week", Kind::kTime, Relation::kEqual, Part::kWeek},
                {"month", Kind::kTime, Relation::kEqual, Part::kMonth},
                {"year", Kind::kTime, Relation::kEqual, Part::kYear}};
  for (const auto& known : kKinds) {
    if (known.name != name) continue;
    kind_ = known.kind;
    relation_ = known.relation;
    part_ = known.part;
    return true;
  }
  return false;
}

void FieldTest::AddConstant(const rules::Constant& constant,
                            std::vector<rules::TextPattern>& patterns) {
  if (const auto* text = std::get_if<std::string>(&constant)) {
    if (kind_ == Kind::kIs) {
      patterns.push_back(rules::TextPattern::Parse(*text));
    } else if (kind_ == Kind::kRegex) {
      re2::RE2::Options options;
      options.set_log_errors(false);
      regexes_.push_back(
          std::make_unique<re2::RE2>(re2::StringPiece(text->data(), text->size()), options));
    } else if (const auto network = rules::ParseNetwork(*text)) {
      networks_.push_back(*network);
    }
  } else if (const auto* truth = std::get_if<bool>(&constant)) {
    if (kind_ == Kind::kExists) wanted_ = *truth;
    (*truth ? true_ : false_) = true;
  } else if (const auto* integer = std::get_if<int64_t>(&constant)) {
    integers_.insert(*integer);
    numbers_.push_back(Value::Int(*integer));
  } else if (const auto* real = std::get_if<double>(&constant)) {
    const auto whole = IntegralValue(Value::Double(*real));
    if (whole) integers_.insert(*whole);
    if (!whole) fractions_.push_back(*real);
    numbers_.push_back(Value::Double(*real));
  } else {
    null_ = true;
  }
}

// The constants behind the field.
bool FieldTest::AddArgument(const rules::Expr& argument,
                            std::vector<rules::TextPattern>& patterns) {
  if (argument.kind == rules::ExprKind::kList) {
    for (const rules::ExprPtr& element : argument.args) {
      if (element->kind != rules::ExprKind::kConstant) return false;
      AddConstant(element->constant, patterns);
    }
    return true;
  }
  if (argument.kind != rules::ExprKind::kConstant) return takes_other();
  if (const auto* unit = std::get_if<int64_t>(&argument.constant)) unit_ = *unit;
  if (const auto* relation = std::get_if<std::string>(&argument.constant)) {
    relation_ = *relation == "<"    ? Relation::kLess
                : *relation == "<=" ? Relation::kLessEqual
                : *relation == ">"  ? Relation::kGreater
                : *relation == ">=" ? Relation::kGreaterEqual
                                    : Relation::kEqual;
  }
  return true;
}

absl::StatusOr<std::unique_ptr<const FieldTest>> FieldTest::Compile(const rules::Expr& call) {
  std::unique_ptr<FieldTest> test(new FieldTest());
  test->name_ = call.name;
  bool good = test->SetKind(call.name) && call.args.size() >= 2;
  std::vector<rules::TextPattern> patterns;
  for (size_t i = 1; good && i < call.args.size(); ++i)
    good = test->AddArgument(*call.args[i], patterns);
  good = good && std::all_of(test->regexes_.begin(), test->regexes_.end(),
                             [](const auto& regex) { return regex->ok(); });
  if (!good) return absl::InternalError("a test of a field that was not checked: " + call.name);
  test->texts_.emplace(patterns, test->cased_);
  return std::unique_ptr<const FieldTest>(std::move(test));
}

bool FieldTest::Holds(Value subject, Value other, Scratch& scratch) const {
  const bool absent =
      subject.is(ValueKind::kAbsent) ||
      (subject.is(ValueKind::kError) &&
       (subject.error() == ErrorCode::kNoSuchField || subject.error() == ErrorCode::kNoSuchKey));
  if (kind_ == Kind::kExists) return absent != wanted_;
  if (absent) return kind_ == Kind::kIs && null_;
  if (subject.is(ValueKind::kError)) return false;
  if (takes_other()) return Compares(subject, other, scratch);
  return any_ ? OfAny(subject, scratch) : OfEach(subject, scratch);
}

bool FieldTest::OfAny(Value value, Scratch& scratch) const {
  if (!value.is(ValueKind::kMap) && !value.is(ValueKind::kList)) return OfScalar(value, scratch);
  const bool map = value.is(ValueKind::kMap);
  for (uint32_t i = 0; i < value.size(); ++i) {
    if (!scratch.Charge(1)) return false;
    if (OfAny(map ? value.entries()[i].value.Load() : value.elements()[i].Load(), scratch))
      return true;
  }
  return false;
}

bool FieldTest::OfEach(Value value, Scratch& scratch) const {
  if (value.is(ValueKind::kMap)) return false;
  if (!value.is(ValueKind::kList)) return OfScalar(value, scratch);
  for (uint32_t i = 0; i < value.size(); ++i) {
    if (!scratch.Charge(1)) return false;
    if (OfEach(value.elements()[i].Load(), scratch)) return true;
  }
  return false;
}

// As functions are charged: a unit for 64 bytes looked at, for 16 by a regex.
uint64_t FieldTest::CostOf(size_t text_size) const {
  if (kind_ == Kind::kRegex) return uint64_t{text_size} / 16 * regexes_.size();
  return uint64_t{text_size} / 64 * texts_->passes();
}

bool FieldTest::OfScalar(Value value, Scratch& scratch) const {
  if (value.is(ValueKind::kString) && !scratch.Charge(CostOf(value.size()))) return false;
  switch (kind_) {
    case Kind::kIs:
      return Is(value);
    case Kind::kOrder: {
      const std::optional<Value> number = AsNumber(value);
      return number.has_value() && IsOrdered(*number);
    }
    case Kind::kTime:
      return HasTimePart(value);
    default:
      break;
  }
  NumberBuffer buffer;
  const std::optional<std::string_view> text = TextOf(value, buffer);
  if (!text.has_value()) return false;
  if (kind_ == Kind::kCidr) return IsWithin(*text);
  return std::any_of(regexes_.begin(), regexes_.end(), [&](const auto& regex) {
    return re2::RE2::PartialMatch({text->data(), text->size()}, *regex);
  });
}

bool FieldTest::Is(Value value) const {
  if (value.is(ValueKind::kNull)) return null_;
  if (value.is(ValueKind::kString)) return IsText(value.as_string());
  if (value.is(ValueKind::kBool) && (value.as_bool() ? true_ : false_)) return true;
  if (IsNumeric(value) && IsNumber(value)) return true;
  if (texts_->empty()) return false;
  NumberBuffer buffer;
  const std::optional<std::string_view> text = TextOf(value, buffer);
  return text.has_value() && texts_->Matches(*text);
}

bool FieldTest::IsNumber(Value number) const {
  if (const auto whole = IntegralValue(number)) return integers_.contains(*whole);
  if (!number.is(ValueKind::kDouble)) return false;
  return std::find(fractions_.begin(), fractions_.end(), number.as_double()) != fractions_.end();
}

bool FieldTest::IsText(std::string_view text) const {
  if (texts_->Matches(text)) return true;
  if ((true_ && SameText(text, "true", false)) || (false_ && SameText(text, "false", false)))
    return true;
  if (integers_.empty() && fractions_.empty()) return false;
  const std::optional<Value> number = NumberOf(text);
  return number.has_value() && IsNumber(*number);
}

bool FieldTest::IsWithin(std::string_view text) const {
  const auto address = rules::ParseAddress(text);
  if (!address) return false;
  return std::any_of(networks_.begin(), networks_.end(), [&](const rules::Network& network) {
    return network.address.size == address->size &&
           rules::SamePrefix(network.address.view(), address->view(), network.prefix);
  });
}

bool FieldTest::IsOrdered(Value number) const {
  return std::any_of(numbers_.begin(), numbers_.end(),
                     [&](Value bound) { return Satisfies(OrderOf(number, bound), relation_); });
}

bool FieldTest::HasTimePart(Value value) const {
  std::optional<DateParts> date;
  if (value.is(ValueKind::kString)) {
    date = DateOfText(value.as_string());
  } else if (const auto count = WholeOf(value)) {
    // A unit is a second or divides it.
    const int64_t per_second = std::max<int64_t>(kSecond / unit_, 1);
    const int64_t seconds = *count / per_second - (*count % per_second < 0 ? 1 : 0);
    constexpr int64_t kFarthest = 250'000'000'000;  // some 8,000 years
    if (seconds > -kFarthest && seconds < kFarthest) date = DateOfSeconds(seconds);
  }
  if (!date) return false;
  int part = -1;
  switch (part_) {
    case Part::kMinute:
      part = date->minute;
      break;
    case Part::kHour:
      part = date->hour;
      break;
    case Part::kDay:
      part = date->day;
      break;
    case Part::kWeek:
      part = WeekOf(*date);
      break;
    case Part::kMonth:
      part = date->month;
      break;
    case Part::kYear:
      part = date->year;
  }
  return part >= 0 && IsOrdered(Value::Int(part));
}

// Of any two of them, where one is a list.
bool FieldTest::Compares(Value a, Value b, Scratch& scratch) const {
  if (a.is(ValueKind::kList) || b.is(ValueKind::kList)) {
    const Value list = a.is(ValueKind::kList) ? a : b;
    for (uint32_t i = 0; i < list.size(); ++i) {
      const Value element = list.elements()[i].Load();
      if (!scratch.Charge(1)) return false;
      if (a.is(ValueKind::kList) ? Compares(element, b, scratch) : Compares(a, element, scratch))
        return true;
    }
    return false;
  }
  NumberBuffer buffer_a;
  NumberBuffer buffer_b;
  const std::optional<std::string_view> text = TextOf(a, buffer_a);
  const std::optional<std::string_view> other = TextOf(b, buffer_b);
  if (!text.has_value() || !other.has_value()) return false;
  if (!scratch.Charge((text->size() + other->size()) / 64)) return false;
  switch (kind_) {
    case Kind::kContainsField:
      return HasText(*text, *other, cased_, scratch);
    case Kind::kStartsWithField:
      return SameText(text->substr(0, other->size()), *other, cased_);
    case Kind::kEndsWithField:
      return text->size() >= other->size() &&
             SameText(text->substr(text->size() - other->size()), *other, cased_);
    default:
      break;
  }
  if (IsNumeric(a) || IsNumeric(b)) {
    const std::optional<Value> x = AsNumber(a);
    const std::optional<Value> y = AsNumber(b);
    if (x.has_value() && y.has_value()) return OrderOf(*x, *y) == Order::kEqual;
  }
  return SameText(*text, *other, cased_);
}

}  // namespace telltale::engine
