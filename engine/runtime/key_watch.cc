#include "engine/runtime/key_watch.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace telltale::engine {
namespace {

EventBlock Copied(const Event& event) {
  std::vector<uint64_t> block(event.byte_size / sizeof(uint64_t));
  std::memcpy(block.data(), &event, event.byte_size);
  return std::make_shared<const std::vector<uint64_t>>(std::move(block));
}

bool BlockBefore(const EventBlock& a, const EventBlock& b) {
  return Before(*reinterpret_cast<const Event*>(a->data()),
                *reinterpret_cast<const Event*>(b->data()));
}

}  // namespace

absl::Status CheckWatch(const rules::Rule& rule, const rules::KeyParts& key) {
  if (!rule.Runs()) return absl::InvalidArgumentError(absl::StrCat("rule '", rule.id, "' is off"));
  if (key.size() != rule.key_names.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the key of rule '", rule.id, "' has ", rule.key_names.size(),
        rule.key_names.size() == 1 ? " part" : " parts", ", and here are ", key.size()));
  }
  return absl::OkStatus();
}

KeyWatches::Watch* KeyWatches::Find(const std::string& rule, const rules::KeyParts& key) const {
  const auto found = std::find_if(watches_.begin(), watches_.end(), [&](const auto& watch) {
    return watch->known.its_rule().id == rule && watch->known.key == key;
  });
  return found == watches_.end() ? nullptr : found->get();
}

absl::Status KeyWatches::Begin(const std::shared_ptr<const CompiledRules>& rules, uint32_t rule,
                               const rules::KeyParts& key, const WatchLimits& limits,
                               int64_t since) {
  const rules::Rule& its = rules->rules->rules[rule];
  if (absl::Status status = CheckWatch(its, key); !status.ok()) return status;
  if (Find(its.id, key) != nullptr) return absl::OkStatus();
  auto watched = rules_.find(rule);
  if (watched == rules_.end()) {
    auto reading = RuleReading::Make(its, rules->layouts, *rules->inputs);
    if (!reading.ok()) return reading.status();
    watched = rules_.emplace(rule, WatchedRule{*std::move(reading), {}}).first;
  }
  auto watch = std::make_unique<Watch>();
  watch->known = {.rules = rules, .rule = rule, .key = key, .since = since};
  watch->limits = limits;
  watched->second.keys.emplace(key, watch.get());
  watches_.push_back(std::move(watch));
  size_ = watches_.size();
  return absl::OkStatus();
}

bool KeyWatches::End(const std::string& rule, const rules::KeyParts& key) {
  const Watch* watch = Find(rule, key);
  if (watch == nullptr) return false;
  const auto watched = rules_.find(watch->known.rule);
  watched->second.keys.erase(key);
  if (watched->second.keys.empty()) rules_.erase(watched);
  std::erase_if(watches_, [watch](const auto& other) { return other.get() == watch; });
  size_ = watches_.size();
  return true;
}

// Events come nearly in order: what is behind others moves only a few.
void KeyWatches::Keep(Watch& watch, const EventBlock& block) {
  std::deque<EventBlock>& blocks = watch.blocks;
  watch.bytes += block->size() * sizeof(uint64_t);
  blocks.insert(std::upper_bound(blocks.begin(), blocks.end(), block, BlockBefore), block);
  while (blocks.size() > watch.limits.events || watch.bytes > watch.limits.bytes) {
    watch.bytes -= blocks.front()->size() * sizeof(uint64_t);
    blocks.pop_front();
    ++watch.known.forgotten;
  }
}

void KeyWatches::Note(const Event& event) {
  ++noted_;
  EventBlock block;
  for (auto& [rule, watched] : rules_) {
    for (uint32_t role = 0; role < watched.reading.roles(); ++role) {
      for (const rules::KeyParts& key : watched.reading.KeysOf(role, event, scratch_)) {
        const auto found = watched.keys.find(key);
        if (found == watched.keys.end() || found->second->noted == noted_) continue;
        found->second->noted = noted_;
        if (block == nullptr) block = Copied(event);
        Keep(*found->second, block);
      }
    }
  }
}

void KeyWatches::Restart(const std::shared_ptr<const CompiledRules>& rules, int64_t since) {
  const std::vector<std::unique_ptr<Watch>> before = std::exchange(watches_, {});
  size_ = 0;
  rules_.clear();
  const std::vector<rules::Rule>& all = rules->rules->rules;
  for (const auto& watch : before) {
    const std::string& id = watch->known.its_rule().id;
    const auto rule = std::find_if(all.begin(), all.end(),
                                   [&](const rules::Rule& other) { return other.id == id; });
    if (rule == all.end()) continue;
    // Where the rule is off now, or its key another, there is nothing to watch any more.
    Begin(rules, static_cast<uint32_t>(rule - all.begin()), watch->known.key, watch->limits, since)
        .IgnoreError();
  }
}

void KeyWatches::ForgetPartition(uint32_t partition) {
  for (const auto& watch : watches_) {
    std::erase_if(watch->blocks, [&](const EventBlock& block) {
      const Event& event = *reinterpret_cast<const Event*>(block->data());
      if (event.partition != partition) return false;
      watch->bytes -= event.byte_size;
      ++watch->known.forgotten;
      return true;
    });
  }
}

std::vector<WatchedKey> KeyWatches::Watched() const {
  std::vector<WatchedKey> keys;
  for (const auto& watch : watches_) {
    keys.push_back(watch->known);
    keys.back().blocks.assign(watch->blocks.begin(), watch->blocks.end());
  }
  return keys;
}

}  // namespace telltale::engine
