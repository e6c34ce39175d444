#include "engine/window/window_grid.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

constexpr int64_t kDay = int64_t{24} * 3600 * 1'000'000'000;
constexpr absl::CivilDay kEpoch(1970, 1, 1);

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

absl::StatusOr<WindowGrid> WindowGrid::Make(const rules::Window& window) {
  WindowGrid grid;
  grid.every_ = window.kind == rules::WindowKind::kTumbling ? window.size : window.every;
  grid.offset_ = window.offset;
  if (window.zone.empty()) return grid;
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(window.zone, &zone)) {
    return absl::InvalidArgumentError(
        absl::StrCat("this machine has no time zone '", window.zone, "'"));
  }
  grid.zone_ = zone;
  return grid;
}

TimeRange WindowGrid::At(int64_t time) const {
  if (zone_) return InZone(time);
  const int64_t shifted = Minus(time, offset_);
  // The remainder is taken before anything is multiplied, which could overflow.
  const int64_t into = ((shifted % every_) + every_) % every_;
  const int64_t start = Minus(time, into);
  return {.start = start, .end = Plus(start, every_)};
}

int64_t WindowGrid::NumberAt(int64_t time) const {
  if (!zone_) return FloorDivide(Minus(time, offset_), every_);
  const int64_t shifted = Shifted(time);
  const int64_t days = every_ / kDay;
  const absl::CivilDay today = absl::ToCivilDay(absl::FromUnixNanos(shifted), *zone_);
  int64_t number = FloorDivide(today - kEpoch, days);
  while (Midnight((number + 1) * days) <= shifted) ++number;
  return number;
}

int64_t WindowGrid::BeginOf(int64_t number) const {
  __extension__ using Wide = __int128;
  if (zone_) return Plus(Midnight(number * (every_ / kDay)), offset_);
  return static_cast<int64_t>(
      std::clamp<Wide>(static_cast<Wide>(number) * every_ + offset_, kNever, kForever));
}

// Midnights beyond the end of time are all there, so nothing may lie behind it.
int64_t WindowGrid::Shifted(int64_t time) const {
  return std::min(Minus(time, offset_), kForever - 1);
}

int64_t WindowGrid::Midnight(int64_t day) const {
  return absl::ToUnixNanos(absl::FromCivil(kEpoch + day, *zone_));
}

// Days are known by their midnights alone, so that a moment belongs to one of them also where the
// clock goes back over midnight.
TimeRange WindowGrid::InZone(int64_t time) const {
  const int64_t shifted = Shifted(time);
  const int64_t days = every_ < kDay ? 1 : every_ / kDay;
  const absl::CivilDay today = absl::ToCivilDay(absl::FromUnixNanos(shifted), *zone_);
  int64_t first = FloorDivide(today - kEpoch, days) * days;
  while (Midnight(first + days) <= shifted) first += days;
  TimeRange range{.start = Midnight(first), .end = Midnight(first + days)};
  if (every_ < kDay) {
    const int64_t into = (shifted - range.start) % every_;
    range.start = shifted - into;
    range.end = std::min(range.end, Plus(range.start, every_));
  }
  return {.start = Plus(range.start, offset_), .end = Plus(range.end, offset_)};
}

}  // namespace telltale::engine
