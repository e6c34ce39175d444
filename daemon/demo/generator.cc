#include "daemon/demo/generator.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "daemon/demo/generator_plots.h"
#include "daemon/demo/generator_script.h"

namespace telltale::demo {
namespace {

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
// A user has at most one session in a slot: it begins in the first half of it and lasts at most 8
// minutes.
constexpr int64_t kSlot = 30 * kMinute;
constexpr uint64_t kEventsInTenSlots = 36;  // of a user, about
constexpr uint64_t kFewestSlots = 5;
constexpr uint64_t kEventsPerPlot = 2'000;
constexpr int64_t kBeyondAllWindows = 45 * kMinute;

// FNV-1a, mixed by the dice: the same on every machine.
uint32_t PartitionOf(const std::string& key, uint32_t partitions) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return static_cast<uint32_t>(Dice(hash).Below(partitions));
}

// --- Habits
// ---------------------------------------------------------------------------------------------------------

// Amounts that no rule looks at: below 400, or large ones from the user's own device.
int64_t HabitualCents(const User& user, Dice& dice) {
  if (user.pays_rent && dice.OneIn(8)) return dice.Between(105'000, 180'000);
  return dice.Between(350, 39'900);
}

void PaySome(Script& script, int64_t t) {
  const uint64_t payments = script.dice().Below(6);
  for (uint64_t i = 0; i < payments; ++i) {
    t += script.dice().Between(5 * kSecond, 60 * kSecond);
    script.Pays(t, HabitualCents(script.user(), script.dice()), script.user().device);
  }
}

// Two mistyped passwords at most.
void UsualSession(Script& script, int64_t t) {
  for (uint64_t failures = script.dice().Below(8) / 5 * (1 + script.dice().Below(2)); failures > 0;
       --failures) {
    script.LogsIn(t, {.result = "failure", .country = "", .mfa = "", .ip = ""});
    t += script.dice().Between(3 * kSecond, 12 * kSecond);
  }
  script.LogsIn(t, {.result = "success",
                    .country = "",
                    .mfa = script.dice().OneIn(3) ? "passed" : "",
                    .ip = ""});
  PaySome(script, t);
}

void SessionAbroad(Script& script, int64_t t) {
  script.LogsInAbroad(t);
  PaySome(script, t);
}

// A new device is used at once.
void DeviceSession(Script& script, int64_t t) {
  const std::string device = absl::StrCat(script.user().device, "b");
  script.LogsIn(t);
  t += script.dice().Between(20 * kSecond, 120 * kSecond);
  script.AddsDevice(t, device);
  t += script.dice().Between(10 * kSecond, 120 * kSecond);
  script.LogsIn(t, {.result = "success", .country = "", .mfa = "passed", .ip = ""});
  if (script.dice().OneIn(2)) script.ChangesDevice(t + 30 * kSecond, "renamed", device);
}

void Session(Script& script, int64_t t) {
  if (script.user().traveller) {
    script.dice().OneIn(3) ? SessionAbroad(script, t) : UsualSession(script, t);
  } else if (script.dice().OneIn(12)) {
    DeviceSession(script, t);
  } else {
    UsualSession(script, t);
  }
}

// --- All together
// ---------------------------------------------------------------------------------------------------

struct Played {
  const Plot* plot = nullptr;
  Outcome outcome;
  std::string user;
};

class Making {
 public:
  explicit Making(const GeneratorOptions& options) : options_(options), dice_(options.seed) {
    users_ = std::min<uint64_t>(
        std::max(options.users, 1u),
        std::max<uint64_t>(50, options.events * 10 / (kEventsInTenSlots * kFewestSlots)));
    slots_ = std::max(kFewestSlots, options.events * 10 / (kEventsInTenSlots * users_));
  }

  void Live() {
    const uint64_t plots =
        std::min(users_, std::max<uint64_t>(Plots().size(), options_.events / kEventsPerPlot));
    for (uint64_t i = 0; i < users_; ++i) {
      // The plots spread evenly over the users.
      const uint64_t plot = i * plots / users_;
      const bool plays = plot != (i + 1) * plots / users_;
      LiveOne(absl::StrFormat("u-%06d", i), plays ? &Plots()[plot % Plots().size()] : nullptr);
    }
    Close();
  }

  const std::vector<Draft>& drafts() const { return drafts_; }
  const std::vector<Played>& played() const { return played_; }

  // The numbers of the drafts in order of arrival: each up to the allowed disorder after its time,
  // and so never more than that behind one that arrived before it.
  std::vector<size_t> Arrivals() {
    std::vector<std::pair<int64_t, size_t>> arrivals;
    for (size_t i = 0; i < drafts_.size(); ++i) {
      int64_t delay = 0;
      if (options_.disorder_ms > 0) {
        delay = dice_.OneIn(10) ? dice_.Between(0, options_.disorder_ms - 1)
                                : dice_.Between(0, std::min<int64_t>(50, options_.disorder_ms - 1));
      }
      const bool closing = i >= first_closing_;
      arrivals.emplace_back(drafts_[i].time_ms + (closing ? options_.disorder_ms : delay), i);
    }
    std::sort(arrivals.begin(), arrivals.end());
    std::vector<size_t> order;
    for (const auto& [time, draft] : arrivals) order.push_back(draft);
    return order;
  }

  uint32_t PartitionOfDraft(size_t draft) const {
    if (draft >= first_closing_)
      return static_cast<uint32_t>((draft - first_closing_) / kDemoStreams);
    return PartitionOf(drafts_[draft].user, options_.partitions);
  }

 private:
  void LiveOne(const std::string& name, const Plot* plot) {
    User user = MakeUser(name, dice_);
    uint64_t plot_slot = slots_;  // none
    if (plot != nullptr) {
      user.traveller = false;
      plot_slot = 1 + dice_.Below(slots_ - 3);
    }
    Script script(user, dice_, drafts_);
    for (uint64_t slot = 0; slot < slots_; ++slot) {
      const int64_t begin = options_.start_ms + static_cast<int64_t>(slot) * kSlot;
      if (slot == plot_slot) {
        const int64_t start = begin + dice_.Between(2 * kMinute, 10 * kMinute);
        played_.push_back({plot, plot->play(script, start), name});
      } else if (slot != plot_slot + 1 && !dice_.OneIn(10)) {
        Session(script, begin + dice_.Between(0, kSlot / 2));
      }
    }
  }

  // Moves every partition's watermark past all windows.
  void Close() {
    first_closing_ = drafts_.size();
    int64_t last = options_.start_ms;
    for (const Draft& draft : drafts_) last = std::max(last, draft.time_ms);
    const int64_t end = last + kBeyondAllWindows + options_.disorder_ms;
    for (uint32_t partition = 0; partition < options_.partitions; ++partition) {
      const User user = MakeUser(absl::StrCat("closing-", partition), dice_);
      Script script(user, dice_, drafts_);
      script.LogsIn(end, {.result = "failure", .country = "", .mfa = "", .ip = ""});
      script.ChangesDevice(end, "removed", user.device);
      script.Pays(end, 100, user.device);
    }
  }

  const GeneratorOptions& options_;
  Dice dice_;
  uint64_t users_ = 0;
  uint64_t slots_ = 0;
  std::vector<Draft> drafts_;
  std::vector<Played> played_;
  size_t first_closing_ = 0;
};

}  // namespace

Generator::Generator(const GeneratorOptions& options) {
  Making making(options);
  making.Live();
  const std::vector<size_t> order = making.Arrivals();
  std::vector<size_t> place(order.size());
  std::map<std::pair<uint32_t, uint32_t>, int64_t> next_offset;
  events_.reserve(order.size());
  for (const size_t number : order) {
    const Draft& draft = making.drafts()[number];
    place[number] = events_.size();
    const uint32_t partition = making.PartitionOfDraft(number);
    events_.push_back({.stream = draft.stream,
                       .partition = partition,
                       .offset = next_offset[{draft.stream, partition}]++,
                       .time_ms = draft.time_ms,
                       .key = draft.user,
                       .json = draft.json});
  }
  for (const Played& played : making.played()) {
    if (played.outcome.evidence.empty()) {
      near_misses_.push_back({played.plot->rule, played.plot->shape, played.user});
      continue;
    }
    Planted planted{
        played.plot->rule, played.plot->shape, played.user, {}, played.outcome.alert_time_ms};
    for (const size_t number : played.outcome.evidence) planted.evidence.push_back(place[number]);
    planted_.push_back(std::move(planted));
  }
  std::sort(planted_.begin(), planted_.end(), [](const Planted& a, const Planted& b) {
    return std::tie(a.alert_time_ms, a.user) < std::tie(b.alert_time_ms, b.user);
  });
}

}  // namespace telltale::demo
