#include "tests/model/window_values.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

namespace telltale::model {
namespace {

using rules::AggregateFunction;
__extension__ using Wide = __int128;

constexpr double kParts = 1024;  // numbers are whole multiples of 1 / kParts

// Exact for all three kinds, for a long double has 64 bits of digits.
static_assert(std::numeric_limits<long double>::digits >= 64);
std::optional<long double> Worth(const Datum& value) {
  if (const auto* i = std::get_if<int64_t>(&value)) return static_cast<long double>(*i);
  if (const auto* u = std::get_if<uint64_t>(&value)) return static_cast<long double>(*u);
  if (const auto* d = std::get_if<double>(&value)) return static_cast<long double>(*d);
  return std::nullopt;
}

Wide InParts(const Datum& number) {
  if (const auto* i = std::get_if<int64_t>(&number)) return Wide{*i} * static_cast<Wide>(kParts);
  if (const auto* u = std::get_if<uint64_t>(&number)) return Wide{*u} * static_cast<Wide>(kParts);
  const double parts = std::get<double>(number) * kParts;
  if (std::floor(parts) != parts || std::abs(parts) > 0x1p50) std::abort();  // no number of a test
  return static_cast<Wide>(parts);
}

template <typename Kind>
bool Any(const std::vector<Datum>& values) {
  return std::any_of(values.begin(), values.end(),
                     [](const Datum& value) { return std::holds_alternative<Kind>(value); });
}

Wide TotalOf(const std::vector<Datum>& numbers) {
  Wide total = 0;
  for (const Datum& number : numbers) total += InParts(number);
  return total;
}

double RealTotal(const std::vector<Datum>& numbers) {
  return static_cast<double>(TotalOf(numbers)) / kParts;  // rounds once: kParts is a power of two
}

// Of ints an int, of uints a uint, of ints and uints an int; with doubles among them a double.
Datum Sum(const std::vector<Datum>& numbers, bool real) {
  if (Any<double>(numbers) || (real && numbers.empty())) return RealTotal(numbers);
  const Wide total = TotalOf(numbers) / static_cast<Wide>(kParts);
  if (!numbers.empty() && !Any<int64_t>(numbers)) {
    if (total > Wide{std::numeric_limits<uint64_t>::max()}) return Nothing::kError;
    return static_cast<uint64_t>(total);
  }
  if (total > Wide{std::numeric_limits<int64_t>::max()} ||
      total < Wide{std::numeric_limits<int64_t>::min()}) {
    return Nothing::kError;
  }
  return static_cast<int64_t>(total);
}

// The population's: the root of n * (sum of squares) - (sum)^2, over n.
double Deviation(const std::vector<Datum>& numbers) {
  Wide squares = 0;
  for (const Datum& number : numbers) squares += InParts(number) * InParts(number);
  const Wide total = TotalOf(numbers);
  const auto count = static_cast<Wide>(numbers.size());
  return std::sqrt(static_cast<double>(count * squares - total * total)) / kParts /
         static_cast<double>(count);
}

// The middle of the bucket of a number: each power of two has 64, all as wide.
double MiddleOfBucket(double number) {
  if (number == 0) return 0;
  int exponent = 0;
  const double digits = std::frexp(std::abs(number), &exponent);  // 0.5 to 1
  const double middle = (std::floor(digits * 128) + 0.5) / 128;
  return std::copysign(std::ldexp(middle, exponent), number);
}

// Of many numbers it is told by their buckets (W5).
double Percentile(const std::vector<Datum>& numbers, double percent) {
  constexpr size_t kMostExact = 1'000;
  std::vector<double> sorted;
  for (const Datum& number : numbers) {
    const auto worth = static_cast<double>(*Worth(number));
    sorted.push_back(numbers.size() > kMostExact ? MiddleOfBucket(worth) : worth);
  }
  std::sort(sorted.begin(), sorted.end());
  const double rank = percent / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(rank);
  const double above = sorted[std::min(below + 1, sorted.size() - 1)];
  const double part = rank - static_cast<double>(below);
  return above == sorted[below] ? above : sorted[below] * (1 - part) + above * part;
}

constexpr int kDecayParts = 65'536;  // of a half-life

int64_t Floor(Wide a, Wide b) { return static_cast<int64_t>(a / b - (a % b < 0 ? 1 : 0)); }

// 2^(part / 65536) to a multiple of 2^-40. No such number lies so near to the middle between two of
// them that the digits of a long double could not tell.
long double Weight(int64_t part) {
  const long double exact = std::exp2(static_cast<long double>(part) / kDecayParts);
  return std::nearbyint(exact * 0x1p40L) / 0x1p40L;
}

struct Aged {
  double value = 0;
  int64_t time = 0;
};

// As W5 has it, from the definition: numbers of tests are few enough, and their windows short
// enough, for the sum to be exact in a wide whole number.
double DecayedSum(const std::vector<Aged>& values, int64_t half_life, int64_t at) {
  const auto part_of = [&](int64_t time) { return Floor(Wide{time} * kDecayParts, half_life); };
  const int64_t moment = part_of(at);
  const int64_t now = Floor(moment, kDecayParts);
  int64_t oldest = now;
  for (const Aged& value : values)
    oldest = std::min(oldest, Floor(part_of(value.time), kDecayParts));
  Wide sum = 0;  // in units of 2^(oldest - 60)
  for (const Aged& value : values) {
    const int64_t part = part_of(value.time);
    const int64_t half_lives = Floor(part, kDecayParts);
    const Wide term = static_cast<Wide>(std::nearbyint(value.value * 0x1p20)) *
                      static_cast<Wide>(Weight(part - half_lives * kDecayParts) * 0x1p40L);
    if (half_lives - oldest > 40 || std::abs(value.value) > 0x1p20) std::abort();
    sum += term << (half_lives - oldest);
  }
  const double whole = std::ldexp(static_cast<double>(sum), static_cast<int>(oldest - now) - 60);
  const int64_t rest = moment - now * kDecayParts;
  const double result =
      rest == 0 ? whole : whole * static_cast<double>(Weight(kDecayParts - rest) / 2);
  int exponent = 0;
  const double digits = std::frexp(result, &exponent);
  return std::ldexp(std::nearbyint(digits * 0x1p36), exponent - 36);
}

// The first of those than which none is less, or greater.
Datum Extreme(const std::vector<Datum>& numbers, bool least) {
  return *std::min_element(numbers.begin(), numbers.end(), [&](const Datum& a, const Datum& b) {
    return least ? *Worth(a) < *Worth(b) : *Worth(a) > *Worth(b);
  });
}

int64_t Distinct(const std::vector<Tuple>& tuples) {
  std::vector<Tuple> seen;
  for (const Tuple& tuple : tuples) {
    const auto same = [&](const Tuple& other) { return SameTuple(tuple, other); };
    if (std::none_of(seen.begin(), seen.end(), same)) seen.push_back(tuple);
  }
  return static_cast<int64_t>(seen.size());
}

// Whether there are events of these sources, each before the next.
bool Ordered(const std::vector<uint32_t>& places, const std::vector<const WindowEvent*>& events) {
  size_t next = 0;
  for (const WindowEvent* event : events)
    if (next < places.size() && (event->sources & places[next]) != 0) ++next;
  return next == places.size();
}

// What the events said, without those that said nothing.
std::vector<Tuple> Said(size_t number, const std::vector<const WindowEvent*>& events) {
  std::vector<Tuple> tuples;
  for (const WindowEvent* event : events) {
    const Tuple& tuple = event->said[number];
    if (!Any<Nothing>(tuple)) tuples.push_back(tuple);
  }
  return tuples;
}

Datum OfNumbers(const rules::AggregateCall& call, const std::vector<Tuple>& said) {
  std::vector<Datum> numbers;
  for (const Tuple& tuple : said)
    if (Worth(tuple[0])) numbers.push_back(tuple[0]);
  if (call.function == AggregateFunction::kSum)
    return Sum(numbers, call.type.kind == rules::TypeKind::kDouble);
  if (numbers.empty()) return Nothing::kError;
  switch (call.function) {
    case AggregateFunction::kAvg:
      return RealTotal(numbers) / static_cast<double>(numbers.size());
    case AggregateFunction::kStddev:
      return Deviation(numbers);
    case AggregateFunction::kPercentile:
      return Percentile(numbers, call.percentile);
    default:
      return Extreme(numbers, call.function == AggregateFunction::kMin);
  }
}

}  // namespace

bool SameValue(const Datum& a, const Datum& b) {
  const auto worth = Worth(a);
  return worth ? worth == Worth(b) : a == b;
}

bool SameTuple(const Tuple& a, const Tuple& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), SameValue);
}

Datum ValueOf(const rules::AggregateCall& call, size_t number,
              const std::vector<const WindowEvent*>& events, int64_t start, int64_t end) {
  switch (call.function) {
    case AggregateFunction::kStart:
      return Instant{start};
    case AggregateFunction::kEnd:
      return Instant{end};
    case AggregateFunction::kCount:
      return static_cast<int64_t>(events.size());
    case AggregateFunction::kSeen:
      return int64_t{std::count_if(events.begin(), events.end(), [&](const WindowEvent* event) {
        return (event->sources & call.sources[0]) != 0;
      })};
    case AggregateFunction::kOrdered:
      return Ordered(call.sources, events);
    default:
      break;
  }
  if (call.function == AggregateFunction::kDecayedSum) {
    std::vector<Aged> values;
    for (const WindowEvent* event : events) {
      if (const auto worth = Worth(event->said[number][0]))
        values.push_back({static_cast<double>(*worth), event->time});
    }
    return DecayedSum(values, call.half_life, end);
  }
  const std::vector<Tuple> said = Said(number, events);
  switch (call.function) {
    case AggregateFunction::kCountIf:
      return int64_t{std::count(said.begin(), said.end(), Tuple{true})};
    case AggregateFunction::kCountDistinct:
      return Distinct(said);
    case AggregateFunction::kFirst:
      return said.empty() ? Datum(Nothing::kError) : said.front()[0];
    case AggregateFunction::kLast:
      return said.empty() ? Datum(Nothing::kError) : said.back()[0];
    default:
      return OfNumbers(call, said);
  }
}

}  // namespace telltale::model
