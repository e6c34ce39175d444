#include "engine/runtime/router.h"

#include <algorithm>
#include <optional>

namespace telltale::engine {
namespace {

// An integer that equals the number by CEL's ==, if there is one.
std::optional<int64_t> AsInteger(Value value) {
  switch (value.kind()) {
    case ValueKind::kInt:
      return value.as_int();
    case ValueKind::kUint:
      if (value.as_uint() <= static_cast<uint64_t>(INT64_MAX))
        return static_cast<int64_t>(value.as_uint());
      return std::nullopt;
    case ValueKind::kDouble: {
      const double d = value.as_double();
      if (d >= -0x1p63 && d < 0x1p63 && d == static_cast<double>(static_cast<int64_t>(d)))
        return static_cast<int64_t>(d);
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

Router::Router(const Routing& routing) : routing_(routing) {
  for (const StreamRouting& stream : routing.streams) {
    memos_.emplace_back(stream.predicates.size());
    keys_.emplace_back(stream.extractors.size());
  }
  for (const Lane& lane : routing.lanes) counters_.emplace_back(lane.rules.size());
}

const std::vector<Destination>& Router::Route(const Event& event) {
  const StreamRouting& stream = routing_.streams[event.stream];
  ++stamp_;
  hits_.clear();
  destinations_.clear();
  fits_.clear();
  for (const EqualityIndex& index : stream.indexes) {
    const Value value = event.slot(index.slot);
    const std::vector<uint32_t>* roles = nullptr;
    if (value.is(ValueKind::kString)) {
      const std::string_view text = value.as_string();
      if (const auto it = index.by_text.find(absl::string_view(text.data(), text.size()));
          it != index.by_text.end())
        roles = &it->second;
    } else if (const auto integer = AsInteger(value)) {
      if (const auto it = index.by_integer.find(*integer); it != index.by_integer.end())
        roles = &it->second;
    }
    if (roles == nullptr) continue;
    for (const uint32_t role : *roles) Try(role, event, stream);
  }
  for (const uint32_t role : stream.unindexed) Try(role, event, stream);
  if (hits_.empty()) return destinations_;
  if (hits_.size() > 1) std::sort(hits_.begin(), hits_.end());

  // Roles are in order of lane and rule; within a lane, those whose extractors give the same key go
  // together.
  for (size_t begin = 0; begin < hits_.size();) {
    const uint32_t lane = stream.roles[hits_[begin]].lane;
    size_t end = begin + 1;
    while (end < hits_.size() && stream.roles[hits_[end]].lane == lane) ++end;
    const size_t first_destination = destinations_.size();
    for (size_t h = begin; h < end; ++h) {
      const Role& role = stream.roles[hits_[h]];
      const Key& key = KeyOf(role.extractor, event, stream);
      if (key.missing) {
        counters_[lane][role.rule].missing_keys.Add();
        continue;
      }
      const bool known =
          std::any_of(destinations_.begin() + static_cast<ptrdiff_t>(first_destination),
                      destinations_.end(), [&](const Destination& d) { return d.key == key.hash; });
      if (known) continue;
      Destination destination{.lane = lane,
                              .key = key.hash,
                              .keyless = stream.extractors[role.extractor].empty(),
                              .first_fit = static_cast<uint32_t>(fits_.size()),
                              .fit_count = 0};
      for (size_t other = h; other < end; ++other) {
        const Role& fitting = stream.roles[hits_[other]];
        const Key& other_key = KeyOf(fitting.extractor, event, stream);
        if (other_key.missing || other_key.hash != key.hash) continue;
        if (destination.fit_count == 0 || fits_.back().rule != fitting.rule) {
          fits_.push_back({.rule = fitting.rule, .steps = 0, .absences = 0});
          ++destination.fit_count;
        }
        fits_.back().steps |= fitting.steps;
        fits_.back().absences |= fitting.absences;
      }
      destinations_.push_back(destination);
    }
    begin = end;
  }
  return destinations_;
}

void Router::Try(uint32_t role_index, const Event& event, const StreamRouting& stream) {
  const Role& role = stream.roles[role_index];
  bool error = false;
  for (const uint32_t predicate : role.predicates) {
    switch (Predicate(predicate, event, stream)) {
      case Verdict::kTrue:
        break;
      case Verdict::kFalse:
        return;
      case Verdict::kError:
        error = true;
        break;
    }
  }
  if (error) {
    counters_[role.lane][role.rule].condition_errors.Add();
    return;
  }
  hits_.push_back(role_index);
}

Verdict Router::Predicate(uint32_t predicate, const Event& event, const StreamRouting& stream) {
  Memo& memo = memos_[event.stream][predicate];
  if (memo.stamp != stamp_) {
    memo.stamp = stamp_;
    memo.verdict = Test(*stream.predicates[predicate],
                        Frame{.event = &event, .steps = nullptr, .key = nullptr}, scratch_);
  }
  return memo.verdict;
}

const Router::Key& Router::KeyOf(uint32_t extractor, const Event& event,
                                 const StreamRouting& stream) {
  Key& key = keys_[event.stream][extractor];
  if (key.stamp == stamp_) return key;
  key.stamp = stamp_;
  key.missing = false;
  hasher_.Clear();
  for (const ProgramPtr& part : stream.extractors[extractor]) {
    key_text_.clear();
    const Value value =
        Evaluate(*part, Frame{.event = &event, .steps = nullptr, .key = nullptr}, scratch_);
    if (!KeyText(value, key_text_)) {
      key.missing = true;
      return key;
    }
    hasher_.Add(key_text_);
  }
  key.hash = hasher_.Finish();
  return key;
}

}  // namespace telltale::engine
