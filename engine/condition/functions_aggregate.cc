// sum, avg, min and max of lists of numbers.
#include <cmath>
#include <limits>

#include "engine/condition/exact_sum.h"
#include "engine/condition/native.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

__extension__ using Wide = __int128;  // the exact sum of up to 2^32 whole numbers

Value Overflow() { return Value::Error(ErrorCode::kOverflow); }

// The numbers of a list, in one pass; ok() tells an error.
class Totals {
 public:
  explicit Totals(Value list, Scratch& scratch) {
    if (!list.is(ValueKind::kList)) {
      error_ = NoOverload();
      return;
    }
    if (!scratch.Charge(list.size())) {
      error_ = Spent();
      return;
    }
    for (uint32_t i = 0; i < list.size() && ok(); ++i) Take(list.elements()[i].Load());
  }

  bool ok() const { return !error_.is(ValueKind::kError); }
  Value error() const { return error_; }

  Value Sum(bool real) const {
    if (doubles_ || (real && count_ == 0)) return Value::Double(exact_.Round());
    if (!ints_ && count_ > 0) {
      return whole_ > std::numeric_limits<uint64_t>::max()
                 ? Overflow()
                 : Value::Uint(static_cast<uint64_t>(whole_));
    }
    if (whole_ > std::numeric_limits<int64_t>::max() ||
        whole_ < std::numeric_limits<int64_t>::min())
      return Overflow();
    return Value::Int(static_cast<int64_t>(whole_));
  }

  Value Average() const {
    if (count_ == 0) return Value::Error(ErrorCode::kDivideByZero);
    ExactSum sum = exact_;
    if (!doubles_) AddWhole(whole_, sum);
    return Value::Double(sum.Round() / count_);
  }

 private:
  static void AddWhole(Wide whole, ExactSum& sum) {
    // Both parts are exact doubles or whole numbers: there are at most 2^32 of them.
    const auto high = static_cast<int64_t>(whole >> 64);
    sum.Add(std::ldexp(static_cast<double>(high), 64));
    sum.AddUint(static_cast<uint64_t>(whole));
  }

  void Take(Value value) {
    ++count_;
    switch (value.kind()) {
      case ValueKind::kInt:
        ints_ = true;
        whole_ += value.as_int();
        return;
      case ValueKind::kUint:
        whole_ += value.as_uint();
        return;
      case ValueKind::kDouble:
        doubles_ = true;
        exact_.Add(value.as_double());
        return;
      case ValueKind::kError:
        error_ = value;
        return;
      case ValueKind::kAbsent:
        error_ = Value::Error(ErrorCode::kNoSuchField);
        return;
      default:
        error_ = NoOverload();
    }
  }

 public:
  // The whole numbers go to the doubles where there are any.
  void Settle() {
    if (doubles_ && whole_ != 0) AddWhole(whole_, exact_);
  }

 private:
  ExactSum exact_;
  Wide whole_ = 0;
  uint32_t count_ = 0;
  bool ints_ = false;
  bool doubles_ = false;
  Value error_ = Value::Absent();
};

Value Extreme(Value list, Order wanted, Scratch& scratch) {
  if (!list.is(ValueKind::kList)) return NoOverload();
  if (list.size() == 0) return Value::Error(ErrorCode::kOutOfRange);
  if (!scratch.Charge(list.size())) return Spent();
  Value best = list.elements()[0].Load();
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value value = list.elements()[i].Load();
    if (value.is(ValueKind::kError)) return value;
    if (value.is(ValueKind::kAbsent)) return Value::Error(ErrorCode::kNoSuchField);
    const bool number =
        value.is(ValueKind::kInt) || value.is(ValueKind::kUint) || value.is(ValueKind::kDouble);
    if (!number) return NoOverload();
    const Order order = OrderOf(value, best);
    if (order == wanted) best = value;
    if (order == Order::kUnordered &&
        !(best.is(ValueKind::kDouble) && std::isnan(best.as_double())))
      best = value;
  }
  return best;
}

// `real`: the sum of nothing is 0.0.
template <bool real>
Value Sum(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  Totals totals(args[0], scratch);
  if (!totals.ok()) return totals.error();
  totals.Settle();
  return totals.Sum(real);
}

Value Average(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  Totals totals(args[0], scratch);
  if (!totals.ok()) return totals.error();
  totals.Settle();
  return totals.Average();
}

Value Least(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return Extreme(args[0], Order::kLess, scratch);
}

Value Greatest(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return Extreme(args[0], Order::kGreater, scratch);
}

// "@sum" is the sum of doubles, by the list's type.
constexpr NativeFunction kNatives[] = {
    {"sum", Sum<false>}, {"@sum", Sum<true>}, {"avg", Average}, {"min", Least}, {"max", Greatest},
};

}  // namespace

NativeTable AggregateNatives() { return kNatives; }

}  // namespace telltale::engine
