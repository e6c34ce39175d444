// The cells of a window's accumulators in their byte form: of each, in the plan's order, what its
// kind needs. Events are named by their numbers among those that the key holds.
#include "engine/window/accumulators.h"
#include "engine/window/window_codec.h"

namespace telltale::engine {

void Accumulators::AddHeld(Cells cells, HeldEventsEncoder& held) const {
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    if (KindOf(i) != AccumulatorKind::kFirst && KindOf(i) != AccumulatorKind::kLast) continue;
    const FrontQueue<HeldEvent>& queue = At<Ends>(cells, i).queue;
    for (size_t e = 0; e < queue.size(); ++e) held.Add(queue[e].event);
  }
}

void Accumulators::Encode(Cells cells, bool whole, const HeldEventsEncoder& held,
                          ByteWriter& out) const {
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    if (!whole && plan_.accumulators[i].tag != AccumulatorPlan::kNowhere) continue;
    switch (KindOf(i)) {
      case AccumulatorKind::kCountIf:
      case AccumulatorKind::kSeen:
        out.Varint(cells[i]);
        break;
      case AccumulatorKind::kDistinct:
        At<Distinct>(cells, i).Encode(out);
        break;
      case AccumulatorKind::kNumbers:
      case AccumulatorKind::kSquares:
        At<Totals>(cells, i).Encode(out);
        if (KindOf(i) == AccumulatorKind::kSquares) SquaresOf(cells, i).Encode(out);
        break;
      case AccumulatorKind::kDecayed:
        At<DecayedTotal>(cells, i).Encode(out);
        break;
      case AccumulatorKind::kLeast:
      case AccumulatorKind::kGreatest: {
        const FrontQueue<Timed>& queue = At<Extremes>(cells, i).queue;
        out.Varint(queue.size());
        for (size_t e = 0; e < queue.size(); ++e) {
          const Said said = SaidOf(queue[e].value);
          out.Zigzag(queue[e].time);
          out.Byte(said.tag);
          out.Fixed64(said.word);
        }
        break;
      }
      case AccumulatorKind::kQuantiles:
        At<Quantiles>(cells, i).Encode(out);
        break;
      case AccumulatorKind::kFirst:
      case AccumulatorKind::kLast: {
        const FrontQueue<HeldEvent>& queue = At<Ends>(cells, i).queue;
        out.Varint(queue.size());
        for (size_t e = 0; e < queue.size(); ++e) {
          out.Varint(queue[e].source);
          out.Varint(held.NumberOf(queue[e].event));
        }
        break;
      }
      case AccumulatorKind::kOrdered:
        for (size_t place = 0; place < OrderOf(i); ++place) out.Zigzag(StartsOf(cells, i)[place]);
        break;
    }
  }
}

void Accumulators::Decode(Cells cells, bool whole, const HeldEvents& held, ByteReader& in) {
  for (size_t i = 0; i < plan_.accumulators.size() && in.ok(); ++i) {
    if (!whole && plan_.accumulators[i].tag != AccumulatorPlan::kNowhere) continue;
    switch (KindOf(i)) {
      case AccumulatorKind::kCountIf:
      case AccumulatorKind::kSeen:
        cells[i] = ReadCount(in);
        break;
      case AccumulatorKind::kDistinct:
        At<Distinct>(cells, i).Decode(in);
        break;
      case AccumulatorKind::kNumbers:
      case AccumulatorKind::kSquares:
        At<Totals>(cells, i).Decode(in);
        if (KindOf(i) == AccumulatorKind::kSquares) SquaresOf(cells, i).Decode(in);
        break;
      case AccumulatorKind::kDecayed:
        At<DecayedTotal>(cells, i).Decode(in);
        break;
      case AccumulatorKind::kLeast:
      case AccumulatorKind::kGreatest:
        for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
          const int64_t time = in.Zigzag();
          Said said;
          said.tag = in.Byte();
          said.word = in.Fixed64();
          if (said.tag < static_cast<uint8_t>(ValueKind::kInt) ||
              said.tag > static_cast<uint8_t>(ValueKind::kDouble))
            in.Fail("a number of no kind");
          At<Extremes>(cells, i).queue.PushBack({.time = time, .value = NumberOf(said)});
        }
        break;
      case AccumulatorKind::kQuantiles:
        At<Quantiles>(cells, i).Decode(in);
        break;
      case AccumulatorKind::kFirst:
      case AccumulatorKind::kLast:
        for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
          HeldEvent event;
          event.source = in.Below(plan_.rule->steps.size(), "source");
          event.event = held.Next(*plan_.rule, event.source, in);
          if (!in.ok()) break;
          event.time = events_[event.event].time;
          events_.Ref(event.event);
          At<Ends>(cells, i).queue.PushBack(event);
        }
        break;
      case AccumulatorKind::kOrdered:
        for (size_t place = 0; place < OrderOf(i); ++place) StartsOf(cells, i)[place] = in.Zigzag();
        break;
    }
  }
}

}  // namespace telltale::engine
