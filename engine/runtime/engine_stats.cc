// What the engine counts, for whoever asks.
#include <mutex>
#include <utility>

#include "engine/runtime/engine_impl.h"

namespace telltale::engine {

namespace {

void AddCounts(const PublishedSet& set, CountsById& to) {
  const std::vector<std::vector<Router::Counts>> counts = set.router->counts();
  for (size_t l = 0; l < counts.size(); ++l) {
    const std::vector<uint32_t>& indexes = set.rules->routing->lanes[l].rules;
    for (size_t number = 0; number < indexes.size(); ++number) {
      Router::Counts& sum = to[set.rules->rules->rules[indexes[number]].id];
      sum.condition_errors += counts[l][number].condition_errors;
      sum.missing_keys += counts[l][number].missing_keys;
    }
  }
}

// By name: while rules change, a shard may still count for those of the set before.
void AddExceptions(const rules::Rule& rule, const RuleCounters& counters,
                   std::vector<ExceptionStats>& stats) {
  for (size_t i = 0; i < rule.exceptions.size() && i < counters.excepted_by.size(); ++i) {
    for (ExceptionStats& entry : stats) {
      if (entry.name == rule.exceptions[i].name) entry.alerts += counters.excepted_by[i].Get();
    }
  }
}

}  // namespace

// A rule that stays goes on counting where it was, and what the sets that end count is its, too.
void EngineImpl::Publish() {
  const std::lock_guard<std::mutex> lock(published_mutex_);
  for (const PublishedSet& set : published_) {
    if (set.generation < sets_.front().generation()) AddCounts(set, ended_counts_);
  }
  CountsById staying;
  for (const rules::Rule& rule : sets_.back().compiled().rules->rules) {
    if (const auto it = ended_counts_.find(rule.id); it != ended_counts_.end()) staying.insert(*it);
  }
  ended_counts_ = std::move(staying);
  published_.clear();
  for (const ActiveRules& set : sets_) {
    published_.push_back(
        {.generation = set.generation(), .rules = set.shared(), .router = set.router()});
  }
}

EngineStats EngineImpl::Stats() const {
  EngineStats stats;
  std::vector<PublishedSet> sets;
  CountsById routed;
  {
    const std::lock_guard<std::mutex> lock(published_mutex_);
    sets = published_;
    routed = ended_counts_;
  }
  for (const PublishedSet& set : sets) AddCounts(set, routed);
  stats.generation = generation_.load();
  std::map<std::string, RuleStats> by_id;
  for (const rules::Rule& rule : sets.back().rules->rules->rules) {
    RuleStats& entry = by_id[rule.id];
    entry.id = rule.id;
    entry.level = rules::LevelName(rule.level);
    for (const rules::Exception& exception : rule.exceptions)
      entry.exceptions.push_back({.name = exception.name});
    if (const auto it = routed.find(rule.id); it != routed.end()) {
      entry.condition_errors = it->second.condition_errors;
      entry.missing_keys = it->second.missing_keys;
    }
  }
  for (const Lane& lane : sets.back().rules->routing->lanes) {
    if (lane.at_once) continue;
    for (const uint32_t rule : lane.rules)
      by_id[sets.back().rules->rules->rules[rule].id].waits_for = lane.sources;
  }
  for (const auto& worker : workers_) {
    const Shard::Counts counts = worker->shard->counts();
    for (size_t i = 0; i < counts.table->size(); ++i) {
      const auto it = by_id.find(counts.rules->rules->rules[i].id);
      if (it == by_id.end()) continue;
      const RuleCounters& counters = (*counts.table)[i];
      it->second.matches += counters.matches.Get();
      it->second.alerts += counters.alerts.Get();
      it->second.suppressed += counters.suppressed.Get();
      it->second.excepted += counters.excepted.Get();
      AddExceptions(counts.rules->rules->rules[i], counters, it->second.exceptions);
      it->second.duplicates += counters.duplicates.Get();
      it->second.warm_up_quiet += counters.warm_up_quiet.Get();
      it->second.condition_errors += counters.condition_errors.Get();
      it->second.limit_hits += counters.limit_hits.Get();
      it->second.ties += counters.ties.Get();
      it->second.early += static_cast<int64_t>(counters.early.Get());
      it->second.retracted += counters.retracted.Get();
      it->second.partial_matches += static_cast<int64_t>(counters.partial_matches.Get());
      it->second.buffered_events += static_cast<int64_t>(counters.buffered_events.Get());
    }
    stats.held_bytes += worker->shard->held_bytes();
    stats.queue_depth.push_back(static_cast<int64_t>(worker->queue.size()));
  }
  for (const auto& [id, counts] : joint_.counts()) {
    const auto it = by_id.find(id);
    if (it == by_id.end()) continue;
    it->second.alerts += counts.alerts;
    it->second.suppressed += counts.suppressed;
  }
  for (auto& [id, entry] : by_id) stats.rules.push_back(std::move(entry));
  stats.buffered_events = buffered_events_.load(std::memory_order_relaxed);
  stats.buffered_bytes = BufferedBytes();
  stats.watched_keys = watches_.size();
  stats.alerts_read = alerts_read_.load(std::memory_order_relaxed);
  stats.alerts_late = alerts_late_.load(std::memory_order_relaxed);
  for (size_t stream = 0; stream + 1 < streams_.size(); ++stream)  // but for that of alerts
    stats.watermarks.push_back(streams_[stream].watermark.load(std::memory_order_relaxed));
  return stats;
}

}  // namespace telltale::engine
