// Where tumbling windows, and the panes of hopping ones, begin and end (W1).
//
// Without a zone they are counted from the epoch. With one, days are the zone's, from midnight to
// midnight, be they of 23 hours or of 25; windows shorter than a day are counted from the zone's
// midnight in time that passes, and the last one of a day ends with it.
//
// Owner: the plan. Thread: immutable, any. Units: nanoseconds; what lies beyond int64 stays at its
// end. Errors: of making one, a zone that this machine does not have.
#ifndef TELLTALE_ENGINE_WINDOW_WINDOW_GRID_H_
#define TELLTALE_ENGINE_WINDOW_WINDOW_GRID_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "rules/model/aggregate.h"

namespace telltale::engine {

struct TimeRange {
  int64_t start = 0;
  int64_t end = 0;  // open
  bool Has(int64_t time) const { return start <= time && time < end; }
};

class WindowGrid {
 public:
  WindowGrid() = default;
  static absl::StatusOr<WindowGrid> Make(const rules::Window& window);

  // The one that the moment is in: of [start, start + every), in a zone as above.
  TimeRange At(int64_t time) const;
  // The same by number: one follows the other. REQUIRES: there is no zone, or they are whole days.
  int64_t NumberAt(int64_t time) const;
  int64_t BeginOf(int64_t number) const;

 private:
  TimeRange InZone(int64_t time) const;
  int64_t Shifted(int64_t time) const;  // by the offset
  int64_t Midnight(int64_t day) const;  // of the zone, since the epoch

  int64_t every_ = 1;
  int64_t offset_ = 0;
  std::optional<absl::TimeZone> zone_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_WINDOW_GRID_H_
