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
  hits_.clear();
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
        if (!role.witness()) counters_[lane][role.rule].missing_keys.Add();
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
          fits_.push_back({.rule = fitting.rule, .steps = 0, .stops = 0});
          ++destination.fit_count;
        }
        fits_.back().steps |= fitting.steps;
        fits_.back().stops |= fitting.stops;
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
