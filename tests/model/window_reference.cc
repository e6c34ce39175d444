#include "tests/model/window_reference.h"

#include <algorithm>
#include <functional>
#include <map>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace telltale::model {
namespace {

using rules::Emit;
using rules::WindowKind;
__extension__ using Wide = __int128;

constexpr int64_t kDay = int64_t{24} * 3600 * 1'000'000'000;
constexpr int64_t kPanes = 64;  // of a sliding window that holds too much

int64_t FloorDivide(Wide a, int64_t b) { return static_cast<int64_t>(a / b - (a % b < 0 ? 1 : 0)); }

// The first moment of a zone's day; where it comes twice, the earlier one.
int64_t Midnight(int64_t day, const absl::TimeZone& zone) {
  const absl::TimeZone::TimeInfo midnight =
      zone.At(absl::CivilSecond(absl::CivilDay(1970, 1, 1) + day));
  const bool skipped = midnight.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return absl::ToUnixNanos(skipped ? midnight.trans : midnight.pre);
}

// The window of the zone in which the moment lies, before any shift.
Range InZone(const rules::Window& window, int64_t time) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(window.zone, &zone)) return {};
  const int64_t days = std::max(window.size / kDay, int64_t{1});
  int64_t number = FloorDivide(FloorDivide(time, kDay) - 2, days);
  while (Midnight((number + 1) * days, zone) <= time) ++number;
  Range range{Midnight(number * days, zone), Midnight((number + 1) * days, zone)};
  if (window.size >= kDay) return range;
  while (range.start + window.size <= time) range.start += window.size;
  range.end = std::min(range.end, range.start + window.size);
  return range;
}

class Windows {
 public:
  Windows(const rules::Aggregate& aggregate, uint32_t most_events,
          const std::vector<WindowEvent>& events, const Having& having, int64_t watermark,
          const PaneValue& of)
      : aggregate_(aggregate),
        window_(aggregate.window),
        most_events_(most_events),
        events_(events),
        having_(having),
        watermark_(watermark),
        of_(of) {}

  AskedWindow Ask(int64_t time) {
    Members members;
    for (size_t event = 0; event < events_.size(); ++event) Take(members, event);
    Expire(members, time);
    return {.values = ValuesOf(members, {time - window_.size, time}),
            .truncated = in_panes_,
            .limited = std::move(found_.limited)};
  }

  WindowsFound Run() {
    switch (window_.kind) {
      case WindowKind::kSliding:
        Slide();
        break;
      case WindowKind::kTumbling:
      case WindowKind::kHopping:
        StandInLine();
        break;
      case WindowKind::kSession:
        Sessions();
        break;
    }
    return std::move(found_);
  }

 private:
  using Members = std::vector<size_t>;  // of events_, in total order

  // A window at the moment at which it is looked at.
  struct View {
    Members members;
    Range window;
    int64_t time = 0;
    std::optional<size_t> by = std::nullopt;
    int64_t looks_back_to = 0;
  };

  // --- Sliding windows: at each event, and after each expiry ---

  void Slide() {
    Members members;
    for (size_t event = 0; event < events_.size(); ++event) {
      if (events_[event].time >= watermark_) break;
      Take(members, event);
      LookSliding(members, events_[event].time, event);
    }
    Expire(members, watermark_);
  }

  void Take(Members& members, size_t event) {
    Expire(members, events_[event].time);
    LookBefore(members, events_[event].time);
    members.push_back(event);
    in_panes_ = in_panes_ || members.size() > most_events_;
    if (in_panes_) found_.limited.push_back(event);
  }

  // The last moment at which an event is in the window.
  int64_t LastMoment(size_t event) const {
    const int64_t time = events_[event].time;
    if (!in_panes_) return time + window_.size;
    // Of the pane [k * d / 64, (k + 1) * d / 64): the greatest time below its end.
    const Wide pane = FloorDivide(Wide{time} * kPanes, window_.size);
    const int64_t last = FloorDivide((pane + 1) * window_.size - 1, kPanes);
    return last + window_.size;
  }

  // All whose last moment is before `now`; those with the same one at once.
  void Expire(Members& members, int64_t now) {
    while (!members.empty()) {
      int64_t next = LastMoment(members.front());
      for (const size_t event : members) next = std::min(next, LastMoment(event));
      if (next >= now) return;
      std::erase_if(members, [&](size_t event) { return LastMoment(event) == next; });
      LookSliding(members, next, std::nullopt);
      if (members.empty()) in_panes_ = false;
    }
  }

  void LookSliding(const Members& members, int64_t time, std::optional<size_t> by) {
    const int64_t start = time - window_.size;
    Look({members, {start, time}, time, by, start});
  }

  // What has become false while nothing came and nothing left.
  void LookBefore(const Members& members, int64_t time) {
    if (members.empty() || !was_true_ || !HavingWanes()) return;
    was_true_ = having_(ValuesOf(members, {time - window_.size, time}));
  }

  bool HavingWanes() const {
    const std::function<bool(const rules::Expr&)> wanes = [&](const rules::Expr& expr) {
      if (expr.kind == rules::ExprKind::kAggregate &&
          aggregate_.calls[expr.index].function == rules::AggregateFunction::kDecayedSum)
        return true;
      return std::any_of(expr.args.begin(), expr.args.end(),
                         [&](const rules::ExprPtr& arg) { return wanes(*arg); });
    };
    return aggregate_.having && aggregate_.having->root && wanes(*aggregate_.having->root);
  }

  // --- Tumbling and hopping windows: at their end ---

  void StandInLine() {
    std::map<Range, Members> windows;
    for (size_t event = 0; event < events_.size(); ++event) {
      for (const Range& window : WindowsAt(window_, events_[event].time))
        windows[window].push_back(event);
    }
    for (const auto& [window, members] : windows) {
      if (aggregate_.emit == Emit::kAsReached) {
        Forget();
        LookAtEach(members, window, window.start);
        continue;
      }
      LookAtEnd(members, window);
      const Range next = NextOf(window);
      if (!windows.contains(next)) LookAtEnd({}, next);
    }
  }

  Range NextOf(const Range& window) const {
    if (window_.kind == WindowKind::kTumbling) return WindowsAt(window_, window.end).front();
    return {window.start + window_.every, window.end + window_.every};
  }

  void LookAtEnd(const Members& members, const Range& window) {
    if (window.end - 1 < watermark_)
      Look({members, window, window.end, std::nullopt, window.start});
  }

  // --- Sessions ---

  void Sessions() {
    for (size_t event = 0; event < events_.size();) {
      Members members = {event};
      const int64_t first = events_[event].time;
      int64_t known = 0;
      for (++event;; ++event) {
        known = events_[members.back()].time + window_.size;
        if (event == events_.size() || events_[event].time > known) break;
        if (window_.longest && events_[event].time - first > *window_.longest) {
          known = events_[event].time;
          break;
        }
        members.push_back(event);
      }
      const Range window{first, events_[members.back()].time};
      Forget();
      if (aggregate_.emit == Emit::kAsReached) {
        LookAtEach(members, window, first - window_.size);
      } else if (known < watermark_) {
        Look({members, window, known, std::nullopt, first - window_.size});
      }
    }
  }

  // --- One look ---

  // At each event, over those up to it.
  void LookAtEach(const Members& members, const Range& window, int64_t looks_back_to) {
    for (size_t size = 1; size <= members.size(); ++size) {
      const size_t event = members[size - 1];
      if (events_[event].time >= watermark_) return;
      Range now = window;
      if (window_.kind == WindowKind::kSession) now.end = events_[event].time;
      Look({{members.begin(), members.begin() + static_cast<std::ptrdiff_t>(size)},
            now,
            events_[event].time,
            event,
            looks_back_to});
    }
  }

  void Look(const View& view) {
    if (view.members.empty() && !aggregate_.on_empty) return Forget();
    const Tuple values = ValuesOf(view.members, view.window);
    if (IsResult(values)) {
      found_.results.push_back({.time = view.time,
                                .window = view.window,
                                .by = view.by,
                                .evidence = EvidenceOf(view.members, view.by),
                                .values = values,
                                .truncated = in_panes_,
                                .looks_back_to = LooksBackTo(view)});
    }
    if (view.members.empty()) Forget();
  }

  // What comes after an empty window begins with false, and any value of it is another.
  void Forget() {
    was_true_ = false;
    before_.reset();
  }

  Tuple ValuesOf(const Members& members, const Range& window) const {
    std::vector<const WindowEvent*> events;
    for (const size_t event : members) events.push_back(&events_[event]);
    Tuple values;
    for (size_t call = 0; call < aggregate_.calls.size(); ++call) {
      const rules::AggregateFunction function = aggregate_.calls[call].function;
      values.push_back(
          rules::IsOfBaseline(function)
              ? BaselineValue(aggregate_, function, events_, of_, window.start)
              : ValueOf(aggregate_.calls[call], call, events, window.start, window.end));
    }
    return values;
  }

  int64_t LooksBackTo(const View& view) const {
    if (!aggregate_.baseline) return view.looks_back_to;
    return std::min(view.looks_back_to, BaselineBegin(aggregate_, view.window.start));
  }

  bool IsResult(const Tuple& values) {
    const bool is_true = !aggregate_.having || having_(values);
    switch (aggregate_.emit) {
      case Emit::kEveryWindow:
        return is_true;
      case Emit::kOnChange: {
        const Tuple now = WithoutTimes(values);
        const bool changed = !before_ || !SameTuple(now, *before_);
        before_ = now;
        return changed && is_true;
      }
      case Emit::kEdge:
      case Emit::kAsReached:
        break;
    }
    const bool was_true = was_true_;
    was_true_ = is_true;
    return is_true && !was_true;
  }

  Tuple WithoutTimes(const Tuple& values) const {
    Tuple compared;
    for (size_t call = 0; call < values.size(); ++call) {
      const rules::AggregateFunction function = aggregate_.calls[call].function;
      if (function == rules::AggregateFunction::kStart) continue;
      if (function == rules::AggregateFunction::kEnd) continue;
      compared.push_back(values[call]);
    }
    return compared;
  }

  // The last ones, as many as the rule shows; the deciding event, which is the last one, always.
  Members EvidenceOf(const Members& members, const std::optional<size_t>& by) const {
    const size_t shown =
        std::min<size_t>(members.size(), std::max<size_t>(aggregate_.evidence, by ? 1 : 0));
    return {members.end() - static_cast<std::ptrdiff_t>(shown), members.end()};
  }

  const rules::Aggregate& aggregate_;
  const rules::Window& window_;
  const uint32_t most_events_;
  const std::vector<WindowEvent>& events_;
  const Having& having_;
  const int64_t watermark_;
  const PaneValue& of_;
  bool in_panes_ = false;  // the cap has acted since the window was empty
  bool was_true_ = false;
  std::optional<Tuple> before_;  // values of the last look
  WindowsFound found_;
};

}  // namespace

std::vector<Range> WindowsAt(const rules::Window& window, int64_t time) {
  const int64_t shifted = time - window.offset;
  std::vector<Range> windows;
  if (!window.zone.empty()) {
    windows.push_back(InZone(window, shifted));
  } else {
    // The last window that has begun, and those before it that have not ended.
    int64_t start = FloorDivide(shifted, window.every) * window.every;
    for (; start + window.size > shifted; start -= window.every)
      windows.insert(windows.begin(), {start, start + window.size});
  }
  for (Range& range : windows) {
    range.start += window.offset;
    range.end += window.offset;
  }
  return windows;
}

WindowsFound FindWindows(const rules::Aggregate& aggregate, uint32_t most_events,
                         const std::vector<WindowEvent>& events, const Having& having,
                         int64_t watermark, const PaneValue& of) {
  return Windows(aggregate, most_events, events, having, watermark, of).Run();
}

AskedWindow AskWindow(const rules::Aggregate& aggregate, uint32_t most_events,
                      const std::vector<WindowEvent>& events, int64_t time) {
  const Having none;
  const PaneValue no_pane;
  return Windows(aggregate, most_events, events, none, std::numeric_limits<int64_t>::max(), no_pane)
      .Ask(time);
}

TermsFound FindNewTerms(int64_t history, uint32_t most_terms,
                        const std::vector<Sighting>& sightings) {
  TermsFound found;
  std::vector<Sighting> remembered;  // each term with its last sighting
  std::optional<int64_t> quiet_until;
  for (size_t i = 0; i < sightings.size(); ++i) {
    const Sighting& now = sightings[i];
    std::erase_if(remembered,
                  [&](const Sighting& other) { return other.time < now.time - history; });
    const auto known =
        std::find_if(remembered.begin(), remembered.end(),
                     [&](const Sighting& other) { return SameTuple(other.term, now.term); });
    if (known != remembered.end()) {
      known->time = now.time;
    } else if (remembered.size() >= most_terms) {
      quiet_until = now.time + history;
      found.limited.push_back(i);
    } else {
      remembered.push_back(now);
      if (!quiet_until || now.time > *quiet_until) found.results.push_back(i);
    }
  }
  return found;
}

}  // namespace telltale::model
