#include "engine/window/accumulators.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "engine/condition/operations.h"
#include "engine/time/saturation.h"
#include "engine/window/value_hash.h"

namespace telltale::engine {
namespace {

constexpr uint8_t kThere = 1;
constexpr uint8_t kUnequal = 2;  // a value that equals nothing, of count_distinct

double DoubleOf(Value number) {
  if (number.is(ValueKind::kInt)) return static_cast<double>(number.as_int());
  if (number.is(ValueKind::kUint)) return static_cast<double>(number.as_uint());
  return number.as_double();
}

}  // namespace

// --- Life ---

Cells Accumulators::New() {
  if (plan_.accumulators.empty()) return nullptr;
  const Cells cells = cells_.New();
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    switch (KindOf(i)) {
      case AccumulatorKind::kCountIf:
      case AccumulatorKind::kSeen:
        cells[i] = 0;
        break;
      case AccumulatorKind::kDistinct:
        cells[i] = reinterpret_cast<uint64_t>(distincts_.New());
        break;
      case AccumulatorKind::kNumbers:
        cells[i] = reinterpret_cast<uint64_t>(totals_.New());
        break;
      case AccumulatorKind::kSquares:
        cells[i] = reinterpret_cast<uint64_t>(static_cast<Totals*>(squared_totals_.New()));
        break;
      case AccumulatorKind::kDecayed:
        cells[i] = reinterpret_cast<uint64_t>(decayed_.New());
        break;
      case AccumulatorKind::kLeast:
      case AccumulatorKind::kGreatest:
        cells[i] = reinterpret_cast<uint64_t>(extremes_.New());
        break;
      case AccumulatorKind::kQuantiles:
        cells[i] = reinterpret_cast<uint64_t>(quantiles_.New());
        break;
      case AccumulatorKind::kFirst:
      case AccumulatorKind::kLast:
        cells[i] = reinterpret_cast<uint64_t>(ends_.New());
        break;
      case AccumulatorKind::kOrdered: {
        cells[i] = reinterpret_cast<uint64_t>(starts_.New());
        std::fill_n(StartsOf(cells, i), OrderOf(i), kNever);
        break;
      }
    }
  }
  return cells;
}

void Accumulators::Free(Cells cells) {
  if (cells == nullptr) return;
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    switch (KindOf(i)) {
      case AccumulatorKind::kCountIf:
      case AccumulatorKind::kSeen:
        break;
      case AccumulatorKind::kDistinct:
        distincts_.Free(&At<Distinct>(cells, i));
        break;
      case AccumulatorKind::kNumbers:
        totals_.Free(&At<Totals>(cells, i));
        break;
      case AccumulatorKind::kSquares:
        squared_totals_.Free(&static_cast<SquaredTotals&>(At<Totals>(cells, i)));
        break;
      case AccumulatorKind::kDecayed:
        decayed_.Free(&At<DecayedTotal>(cells, i));
        break;
      case AccumulatorKind::kLeast:
      case AccumulatorKind::kGreatest:
        extremes_.Free(&At<Extremes>(cells, i));
        break;
      case AccumulatorKind::kQuantiles:
        quantiles_.Free(&At<Quantiles>(cells, i));
        break;
      case AccumulatorKind::kFirst:
      case AccumulatorKind::kLast: {
        Ends& ends = At<Ends>(cells, i);
        while (!ends.queue.empty()) DropBack(ends);
        ends_.Free(&ends);
        break;
      }
      case AccumulatorKind::kOrdered:
        starts_.Free(reinterpret_cast<uint64_t*>(cells[i]));
        break;
    }
  }
  cells_.Free(cells);
}

void Accumulators::TakeOver(Accumulators& old) {
  cells_ = std::move(old.cells_);
  starts_ = std::move(old.starts_);
  distincts_ = std::move(old.distincts_);
  totals_ = std::move(old.totals_);
  squared_totals_ = std::move(old.squared_totals_);
  decayed_ = std::move(old.decayed_);
  extremes_ = std::move(old.extremes_);
  quantiles_ = std::move(old.quantiles_);
  ends_ = std::move(old.ends_);
}

void Accumulators::Relay(Cells cells, const std::function<EventHandle(EventHandle)>& relaid) {
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    if (KindOf(i) != AccumulatorKind::kFirst && KindOf(i) != AccumulatorKind::kLast) continue;
    FrontQueue<HeldEvent>& queue = At<Ends>(cells, i).queue;
    for (size_t e = 0; e < queue.size(); ++e) {
      const EventHandle before = queue[e].event;
      queue[e].event = relaid(before);
      events_.Unref(before);
    }
  }
}

// --- An event comes ---

Said Accumulators::Hear(size_t number, const Arrival& arrival, uint64_t& errors) {
  const AccumulatorPlan& plan = plan_.accumulators[number];
  if (plan.kind == AccumulatorKind::kOrdered) return {.tag = kThere, .word = 0};
  if (plan.kind == AccumulatorKind::kSeen)
    return {.tag = (plan.sources[0] & arrival.sources) != 0 ? kThere : uint8_t{0}, .word = 0};
  if (plan.kind == AccumulatorKind::kDistinct) return HearDistinct(plan, arrival, errors);
  const Frame frame{
      .event = &arrival.event, .steps = nullptr, .key = nullptr, .aggregates = nullptr};
  const Program& argument = *plan.arguments[arrival.source][0];
  if (plan.kind == AccumulatorKind::kCountIf) {
    const Verdict verdict = Test(argument, frame, scratch_);
    if (verdict == Verdict::kError) ++errors;
    return {.tag = verdict == Verdict::kTrue ? kThere : uint8_t{0}, .word = 0};
  }
  const Value value = Evaluate(argument, frame, scratch_);
  if (value.is(ValueKind::kNull)) return {};
  const bool any = plan.kind == AccumulatorKind::kFirst || plan.kind == AccumulatorKind::kLast;
  if (value.is(ValueKind::kError) || value.is(ValueKind::kAbsent) || (!any && !IsNumber(value))) {
    ++errors;
    return {};
  }
  if (plan.kind == AccumulatorKind::kDecayed &&
      !(std::fabs(DoubleOf(value)) <= DecayedTotal::kGreatest)) {
    ++errors;
    return {};
  }
  return any ? Said{.tag = kThere, .word = 0} : SaidOf(value);
}

Said Accumulators::HearDistinct(const AccumulatorPlan& plan, const Arrival& arrival,
                                uint64_t& errors) {
  const Frame frame{
      .event = &arrival.event, .steps = nullptr, .key = nullptr, .aggregates = nullptr};
  Said said{.tag = kThere, .word = 0};
  bool left_out = false;
  for (const ProgramPtr& argument : plan.arguments[arrival.source]) {
    const Value value = Evaluate(*argument, frame, scratch_);
    if (value.is(ValueKind::kError) || value.is(ValueKind::kAbsent)) {
      ++errors;
      return {};
    }
    left_out = left_out || value.is(ValueKind::kNull);
    const auto hash = ValueHash(value);
    if (!hash) said.tag = kUnequal;
    said.word = Combine(said.word, hash.value_or(0));
  }
  return left_out ? Said{} : said;
}

void Accumulators::Add(Cells cells, size_t number, const Said& said, const Arrival& arrival,
                       Use use) {
  switch (KindOf(number)) {
    case AccumulatorKind::kLeast:
    case AccumulatorKind::kGreatest:
      return AddExtreme(At<Extremes>(cells, number),
                        {.time = arrival.event.time, .value = NumberOf(said)},
                        KindOf(number) == AccumulatorKind::kLeast, use);
    case AccumulatorKind::kFirst:
    case AccumulatorKind::kLast: {
      if (arrival.held == kNoEvent) arrival.held = events_.Hold(arrival.event);
      return AddEnd(At<Ends>(cells, number),
                    {.time = arrival.event.time, .event = arrival.held, .source = arrival.source},
                    KindOf(number) == AccumulatorKind::kFirst, use);
    }
    case AccumulatorKind::kOrdered:
      return AddOrdered(number, StartsOf(cells, number), arrival);
    default:
      return AddAgain(cells, number, said, arrival.event.time, use);
  }
}

void Accumulators::AddAgain(Cells cells, size_t number, const Said& said, int64_t time, Use use) {
  switch (KindOf(number)) {
    case AccumulatorKind::kCountIf:
    case AccumulatorKind::kSeen:
      ++cells[number];
      return;
    case AccumulatorKind::kDistinct: {
      auto& distinct = At<Distinct>(cells, number);
      if (said.tag == kUnequal) return distinct.AddUnequal();
      return use == Use::kSliding ? distinct.AddOne(said.word) : distinct.Add(said.word);
    }
    case AccumulatorKind::kNumbers:
    case AccumulatorKind::kSquares: {
      At<Totals>(cells, number).Add(NumberOf(said));
      if (KindOf(number) == AccumulatorKind::kSquares)
        Totals::Square(NumberOf(said), SquaresOf(cells, number), 1);
      return;
    }
    case AccumulatorKind::kDecayed:
      return At<DecayedTotal>(cells, number)
          .Add(DoubleOf(NumberOf(said)), time, plan_.accumulators[number].half_life, 1);
    case AccumulatorKind::kQuantiles:
      return At<Quantiles>(cells, number).Add(DoubleOf(NumberOf(said)));
    default:
      return;
  }
}

uint64_t Accumulators::AddAll(Cells cells, const Arrival& arrival) {
  uint64_t errors = 0;
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    const Said said = Hear(i, arrival, errors);
    if (said.tag != 0) Add(cells, i, said, arrival, Use::kPane);
  }
  return errors;
}

// In a sliding window what is worse than a later one never counts again; the first of equal ones
// counts.
void Accumulators::AddExtreme(Extremes& extremes, const Timed& timed, bool least, Use use) {
  const Order wanted = least ? Order::kLess : Order::kGreater;
  FrontQueue<Timed>& queue = extremes.queue;
  if (use == Use::kPane && !queue.empty()) {
    if (GoesBefore(timed.value, queue.front().value, wanted)) queue.front() = timed;
    return;
  }
  while (!queue.empty() && GoesBefore(timed.value, queue.back().value, wanted)) queue.PopBack();
  queue.PushBack(timed);
}

// The last of a window is the only one that counts, for those before it leave before it.
void Accumulators::AddEnd(Ends& ends, const HeldEvent& event, bool first, Use use) {
  if (first && use == Use::kPane && !ends.queue.empty()) return;
  if (!first && !ends.queue.empty()) DropBack(ends);
  events_.Ref(event.event);
  ends.queue.PushBack(event);
}

// Of each place in the order, when the latest chain of events up to it began. From the last place
// on, so that an event that fits two places does not follow itself.
void Accumulators::AddOrdered(size_t number, int64_t* starts, const Arrival& arrival) const {
  for (size_t place = OrderOf(number); place-- > 0;) {
    if ((plan_.accumulators[number].sources[place] & arrival.sources) == 0) continue;
    starts[place] = place == 0 ? arrival.event.time : std::max(starts[place], starts[place - 1]);
  }
}

void Accumulators::DropFront(Ends& ends) {
  events_.Unref(ends.queue.front().event);
  ends.queue.PopFront();
}

void Accumulators::DropBack(Ends& ends) {
  events_.Unref(ends.queue.back().event);
  ends.queue.PopBack();
}

// --- An event leaves ---

void Accumulators::Remove(Cells cells, size_t number, const Said& said, int64_t time) {
  switch (KindOf(number)) {
    case AccumulatorKind::kCountIf:
    case AccumulatorKind::kSeen:
      --cells[number];
      return;
    case AccumulatorKind::kDistinct: {
      auto& distinct = At<Distinct>(cells, number);
      return said.tag == kUnequal ? distinct.RemoveUnequal() : distinct.RemoveOne(said.word);
    }
    case AccumulatorKind::kNumbers:
    case AccumulatorKind::kSquares: {
      At<Totals>(cells, number).Remove(NumberOf(said));
      if (KindOf(number) == AccumulatorKind::kSquares)
        Totals::Square(NumberOf(said), SquaresOf(cells, number), -1);
      return;
    }
    case AccumulatorKind::kDecayed:
      return At<DecayedTotal>(cells, number)
          .Add(DoubleOf(NumberOf(said)), time, plan_.accumulators[number].half_life, -1);
    case AccumulatorKind::kQuantiles:
      return At<Quantiles>(cells, number).Remove(DoubleOf(NumberOf(said)));
    default:
      return;
  }
}

void Accumulators::ForgetUpTo(Cells cells, int64_t time) {
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    switch (KindOf(i)) {
      case AccumulatorKind::kLeast:
      case AccumulatorKind::kGreatest: {
        FrontQueue<Timed>& queue = At<Extremes>(cells, i).queue;
        while (!queue.empty() && queue.front().time <= time) queue.PopFront();
        break;
      }
      case AccumulatorKind::kFirst:
      case AccumulatorKind::kLast: {
        Ends& ends = At<Ends>(cells, i);
        while (!ends.queue.empty() && ends.queue.front().time <= time) DropFront(ends);
        break;
      }
      default:
        break;
    }
  }
}

bool Accumulators::WantsValues(Cells cells, size_t number) const {
  return KindOf(number) == AccumulatorKind::kQuantiles &&
         At<Quantiles>(cells, number).wants_values();
}

void Accumulators::Restart(Cells cells, size_t number) { At<Quantiles>(cells, number).Clear(); }

void Accumulators::MoveToPanes(Cells cells, const std::function<Cells(int64_t)>& pane_of) {
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    switch (KindOf(i)) {
      case AccumulatorKind::kLeast:
      case AccumulatorKind::kGreatest: {
        const FrontQueue<Timed>& queue = At<Extremes>(cells, i).queue;
        for (size_t e = 0; e < queue.size(); ++e) {
          AddExtreme(At<Extremes>(pane_of(queue[e].time), i), queue[e],
                     KindOf(i) == AccumulatorKind::kLeast, Use::kPane);
        }
        break;
      }
      case AccumulatorKind::kFirst:
      case AccumulatorKind::kLast: {
        const FrontQueue<HeldEvent>& queue = At<Ends>(cells, i).queue;
        for (size_t e = 0; e < queue.size(); ++e) {
          AddEnd(At<Ends>(pane_of(queue[e].time), i), queue[e],
                 KindOf(i) == AccumulatorKind::kFirst, Use::kPane);
        }
        break;
      }
      default:
        break;
    }
  }
}

// --- Panes ---

void Accumulators::Join(Cells older, Cells newer, bool borrow) {
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    switch (KindOf(i)) {
      case AccumulatorKind::kCountIf:
      case AccumulatorKind::kSeen:
        older[i] += newer[i];
        break;
      case AccumulatorKind::kDistinct:
        At<Distinct>(older, i).Merge(At<Distinct>(newer, i));
        break;
      case AccumulatorKind::kNumbers:
      case AccumulatorKind::kSquares:
        At<Totals>(older, i).Merge(At<Totals>(newer, i));
        if (KindOf(i) == AccumulatorKind::kSquares) SquaresOf(older, i).Merge(SquaresOf(newer, i));
        break;
      case AccumulatorKind::kDecayed:
        At<DecayedTotal>(older, i).Merge(At<DecayedTotal>(newer, i));
        break;
      case AccumulatorKind::kLeast:
      case AccumulatorKind::kGreatest: {
        const FrontQueue<Timed>& queue = At<Extremes>(newer, i).queue;
        for (size_t e = 0; e < queue.size(); ++e) {
          AddExtreme(At<Extremes>(older, i), queue[e], KindOf(i) == AccumulatorKind::kLeast,
                     Use::kPane);
        }
        break;
      }
      case AccumulatorKind::kQuantiles:
        borrow ? At<Quantiles>(older, i).Borrow(At<Quantiles>(newer, i))
               : At<Quantiles>(older, i).Merge(At<Quantiles>(newer, i));
        break;
      case AccumulatorKind::kFirst:
      case AccumulatorKind::kLast: {
        const FrontQueue<HeldEvent>& queue = At<Ends>(newer, i).queue;
        for (size_t e = 0; e < queue.size(); ++e) {
          AddEnd(At<Ends>(older, i), queue[e], KindOf(i) == AccumulatorKind::kFirst, Use::kPane);
        }
        break;
      }
      case AccumulatorKind::kOrdered:
        // Each pane knows the chains up to it: the newest knows most.
        for (size_t place = 0; place < OrderOf(i); ++place) {
          StartsOf(older, i)[place] =
              std::max(StartsOf(older, i)[place], StartsOf(newer, i)[place]);
        }
        break;
    }
  }
}

void Accumulators::CarryOrder(Cells from, Cells to) const {
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    if (KindOf(i) == AccumulatorKind::kOrdered)
      std::copy_n(StartsOf(from, i), OrderOf(i), StartsOf(to, i));
  }
}

// --- Values ---

Value Accumulators::Of(const CallPlan& call, Cells cells, uint64_t count, int64_t begin,
                       int64_t time) const {
  const size_t number = call.accumulator;
  switch (call.function) {
    case rules::AggregateFunction::kStart:
    case rules::AggregateFunction::kEnd:
    case rules::AggregateFunction::kBaselineAvg:
    case rules::AggregateFunction::kBaselineStddev:
    case rules::AggregateFunction::kBaselineMin:
    case rules::AggregateFunction::kBaselineMax:
    case rules::AggregateFunction::kBaselineSum:
    case rules::AggregateFunction::kBaselinePanes:
      return Value::Absent();  // the caller knows them
    case rules::AggregateFunction::kCount:
      return Value::Int(static_cast<int64_t>(count));
    case rules::AggregateFunction::kCountIf:
    case rules::AggregateFunction::kSeen:
    case rules::AggregateFunction::kCountDistinct:
      return Value::Int(static_cast<int64_t>(CountOf(number, cells)));
    case rules::AggregateFunction::kSum:
      return At<Totals>(cells, number).Sum(call.real);
    case rules::AggregateFunction::kDecayedSum:
      return Value::Double(
          At<DecayedTotal>(cells, number).At(time, plan_.accumulators[number].half_life));
    case rules::AggregateFunction::kAvg:
      return At<Totals>(cells, number).Average();
    case rules::AggregateFunction::kStddev:
      return At<Totals>(cells, number).Deviation(SquaresOf(cells, number));
    case rules::AggregateFunction::kMin:
    case rules::AggregateFunction::kMax: {
      const FrontQueue<Timed>& queue = At<Extremes>(cells, number).queue;
      return queue.empty() ? Value::Error(ErrorCode::kOutOfRange) : queue.front().value;
    }
    case rules::AggregateFunction::kPercentile: {
      const auto& quantiles = At<Quantiles>(cells, number);
      return quantiles.count() == 0 ? Value::Error(ErrorCode::kOutOfRange)
                                    : Value::Double(quantiles.At(call.percentile));
    }
    case rules::AggregateFunction::kFirst:
    case rules::AggregateFunction::kLast: {
      const FrontQueue<HeldEvent>& queue = At<Ends>(cells, number).queue;
      if (queue.empty()) return Value::Error(ErrorCode::kOutOfRange);
      const Frame frame{.event = &events_[queue.front().event],
                        .steps = nullptr,
                        .key = nullptr,
                        .aggregates = nullptr};
      return Evaluate(*plan_.accumulators[number].arguments[queue.front().source][0], frame,
                      scratch_);
    }
    case rules::AggregateFunction::kOrdered: {
      const int64_t start = StartsOf(cells, number)[OrderOf(number) - 1];
      return Value::Bool(start != kNever && start >= begin);
    }
  }
  return Value::Absent();
}

}  // namespace telltale::engine
