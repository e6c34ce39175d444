#include "engine/runtime/router.h"

#include <algorithm>

namespace telltale::engine {

Router::Router(const Routing& routing) : routing_(routing) {
  for (const StreamRouting& stream : routing.streams) {
    memos_.emplace_back(stream.predicates.size());
    keys_.emplace_back(stream.extractors.size());
    tallies_.emplace_back(stream.errors.tallies.size());
  }
  for (const Lane& lane : routing.lanes) counters_.emplace_back(lane.rules.size());
}

const std::vector<Destination>& Router::Route(const Event& event) {
  const StreamRouting& stream = routing_.streams[event.stream];
  ++stamp_;
  fitting_.clear();
  destinations_.clear();
  fits_.clear();
  for (const auto& index : stream.indexes) {
    const Value field = event.slot(index.slot);
    if (const std::vector<uint32_t>* roles = index.Find(field)) {
      for (const uint32_t role : *roles) Try(role, event, stream);
    } else if (IsUnreadable(field)) {
      CountErrors(index.on_error, event, stream);
    }
  }
  found_.clear();
  for (const DetectionIndex& index : stream.detections)
    index.Find(event.slot(index.slot()), folded_, found_);
  // A list, and an `or`, may find a role more than once.
  if (found_.size() > 1) {
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  }
  for (const uint32_t role : found_) Try(role, event, stream);
  for (const uint32_t role : stream.unindexed) Try(role, event, stream);
  if (fitting_.size() > 1) std::sort(fitting_.begin(), fitting_.end());
  // Roles are in order of lane and rule.
  for (size_t begin = 0; begin < fitting_.size();) {
    const uint32_t lane = stream.roles[fitting_[begin]].lane;
    size_t end = begin + 1;
    while (end < fitting_.size() && stream.roles[fitting_[end]].lane == lane) ++end;
    RouteInLane(std::span(fitting_).subspan(begin, end - begin), event, stream);
    begin = end;
  }
  return destinations_;
}

// Within a lane, roles whose extractors give the same key go together.
void Router::RouteInLane(std::span<const uint32_t> roles, const Event& event,
                         const StreamRouting& stream) {
  hits_.clear();
  for (const uint32_t index : roles) {
    const Role& role = stream.roles[index];
    const Keys& keys = KeysOf(role.extractor, event, stream);
    if (keys.missed > 0 && !role.witness())
      counters_[role.lane][role.rule].missing_keys.Add(keys.missed);
    if (roles.size() == 1 && keys.hashes.size() == 1)
      return AddDestination(role, keys.hashes.front(), stream);
    for (const Hash128& key : keys.hashes) hits_.push_back({.key = key, .role = index});
  }
  // Mostly there is one key, and they are in order.
  if (!std::is_sorted(hits_.begin(), hits_.end())) std::sort(hits_.begin(), hits_.end());
  for (size_t h = 0; h < hits_.size(); ++h) {
    const Role& role = stream.roles[hits_[h].role];
    if (h == 0 || hits_[h].key != hits_[h - 1].key) {
      AddDestination(role, hits_[h].key, stream);
    } else if (fits_.back().rule != role.rule) {
      fits_.push_back({.rule = role.rule, .steps = role.steps, .stops = role.stops});
      ++destinations_.back().fit_count;
    } else {
      fits_.back().steps |= role.steps;
      fits_.back().stops |= role.stops;
    }
  }
}

void Router::AddDestination(const Role& role, const Hash128& key, const StreamRouting& stream) {
  destinations_.push_back({.lane = role.lane,
                           .key = key,
                           .keyless = stream.extractors[role.extractor].keyless(),
                           .first_fit = static_cast<uint32_t>(fits_.size()),
                           .fit_count = 1});
  fits_.push_back({.rule = role.rule, .steps = role.steps, .stops = role.stops});
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
  fitting_.push_back(role_index);
}

void Router::CountErrors(uint32_t number, const Event& event, const StreamRouting& stream) {
  const ErrorNode& node = stream.errors.nodes[number];
  for (const uint32_t predicate : node.tests) {
    if (Predicate(predicate, event, stream) == Verdict::kFalse) return;
  }
  if (node.tally) tallies_[event.stream][*node.tally].Add();
  for (const uint32_t part : node.parts) CountErrors(part, event, stream);
  for (const EqualityIndex<uint32_t>& index : node.indexes) {
    const Value field = event.slot(index.slot);
    if (const uint32_t* found = index.Find(field)) {
      CountErrors(*found, event, stream);
    } else if (IsUnreadable(field)) {
      CountErrors(index.on_error, event, stream);
    }
  }
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

const Router::Keys& Router::KeysOf(uint32_t extractor, const Event& event,
                                   const StreamRouting& stream) {
  Keys& keys = keys_[event.stream][extractor];
  if (keys.stamp == stamp_) return keys;
  keys.stamp = stamp_;
  keys.missed = stream.extractors[extractor].Find(event, scratch_, key_memory_, keys.hashes);
  return keys;
}

std::vector<std::vector<Router::Counts>> Router::counts() const {
  std::vector<std::vector<Counts>> counts;
  for (const std::vector<Counters>& lane : counters_) {
    std::vector<Counts>& rules = counts.emplace_back();
    for (const Counters& counters : lane) {
      rules.push_back({.condition_errors = counters.condition_errors.Get(),
                       .missing_keys = counters.missing_keys.Get()});
    }
  }
  for (size_t s = 0; s < tallies_.size(); ++s) {
    const StreamRouting& stream = routing_.streams[s];
    for (size_t t = 0; t < tallies_[s].size(); ++t) {
      const uint64_t errors = tallies_[s][t].Get();
      if (errors == 0) continue;
      for (const uint32_t role : stream.errors.tallies[t])
        counts[stream.roles[role].lane][stream.roles[role].rule].condition_errors += errors;
    }
  }
  return counts;
}

}  // namespace telltale::engine
