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

KeyWatches::Watch* KeyWatches::Find(const std::string& rule, const rules::KeyParts& key) {
  const auto found = std::find_if(watches_.begin(), watches_.end(), [&](const Watch& watch) {
    return watch.known.its_rule().id == rule && watch.known.key == key;
  });
  return found == watches_.end() ? nullptr : &*found;
}

absl::Status KeyWatches::Read(Watch& watch) {
  const CompiledRules& rules = *watch.known.rules;
  auto reading = RuleReading::Make(watch.known.its_rule(), rules.layouts, *rules.inputs);
  if (!reading.ok()) return reading.status();
  watch.reading = std::make_unique<RuleReading>(*std::move(reading));
  return absl::OkStatus();
}

absl::Status KeyWatches::Begin(const std::shared_ptr<const CompiledRules>& rules, uint32_t rule,
                               const rules::KeyParts& key, const WatchLimits& limits,
                               int64_t since) {
  const rules::Rule& its = rules->rules->rules[rule];
  if (absl::Status status = CheckWatch(its, key); !status.ok()) return status;
  if (Find(its.id, key) != nullptr) return absl::OkStatus();
  Watch watch{.known = {.rules = rules, .rule = rule, .key = key, .since = since},
              .limits = limits};
  if (absl::Status status = Read(watch); !status.ok()) return status;
  watches_.push_back(std::move(watch));
  return absl::OkStatus();
}

bool KeyWatches::End(const std::string& rule, const rules::KeyParts& key) {
  const Watch* watch = Find(rule, key);
  if (watch == nullptr) return false;
  watches_.erase(watches_.begin() + (watch - watches_.data()));
  return true;
}

bool KeyWatches::Concerns(const Watch& watch, const Event& event) {
  for (uint32_t role = 0; role < watch.reading->roles(); ++role) {
    if (watch.reading->Reaches(role, event, watch.known.key, scratch_) == RoleFit::kFits)
      return true;
  }
  return false;
}

// Events come nearly in order: what is behind others moves only a few.
void KeyWatches::Note(const Event& event) {
  for (Watch& watch : watches_) {
    if (!Concerns(watch, event)) continue;
    std::deque<EventBlock>& blocks = watch.blocks;
    EventBlock block = Copied(event);
    watch.bytes += event.byte_size;
    blocks.insert(std::upper_bound(blocks.begin(), blocks.end(), block, BlockBefore), block);
    while (blocks.size() > watch.limits.events || watch.bytes > watch.limits.bytes) {
      watch.bytes -= blocks.front()->size() * sizeof(uint64_t);
      blocks.pop_front();
      ++watch.known.forgotten;
    }
  }
}

void KeyWatches::Restart(const std::shared_ptr<const CompiledRules>& rules, int64_t since) {
  const std::vector<Watch> before = std::exchange(watches_, {});
  const std::vector<rules::Rule>& all = rules->rules->rules;
  for (const Watch& watch : before) {
    const std::string& id = watch.known.its_rule().id;
    const auto rule = std::find_if(all.begin(), all.end(),
                                   [&](const rules::Rule& other) { return other.id == id; });
    if (rule == all.end()) continue;
    // Where the rule is off now, or its key another, there is nothing to watch any more.
    Begin(rules, static_cast<uint32_t>(rule - all.begin()), watch.known.key, watch.limits, since)
        .IgnoreError();
  }
}

void KeyWatches::ForgetPartition(uint32_t partition) {
  for (Watch& watch : watches_) {
    std::erase_if(watch.blocks, [&](const EventBlock& block) {
      const Event& event = *reinterpret_cast<const Event*>(block->data());
      if (event.partition != partition) return false;
      watch.bytes -= event.byte_size;
      ++watch.known.forgotten;
      return true;
    });
  }
}

std::vector<WatchedKey> KeyWatches::Watched() const {
  std::vector<WatchedKey> keys;
  for (const Watch& watch : watches_) {
    keys.push_back(watch.known);
    keys.back().blocks.assign(watch.blocks.begin(), watch.blocks.end());
  }
  return keys;
}

}  // namespace telltale::engine
