#include "daemon/app/key_board.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace telltale::app {
namespace {

// In the newest rules; null: there is no such rule.
const rules::Rule* RuleOf(const engine::Engine& engine, const std::string& id) {
  for (const rules::Rule& rule : engine.RulesAt(engine::kMaxTime).rules->rules) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

absl::Status NoRule(const std::string& id) {
  return absl::NotFoundError(absl::StrCat("there is no rule '", id, "'"));
}

absl::Status NotWatched(const std::string& rule, const rules::KeyParts& key) {
  return absl::NotFoundError(
      absl::StrCat("key ", rules::ToText(key), " of rule '", rule, "' is not under watch"));
}

bool Is(const engine::WatchedKey& watched, const std::string& rule, const rules::KeyParts& key) {
  return watched.its_rule().id == rule && watched.key == key;
}

}  // namespace

absl::Status KeyBoard::Watch(const std::string& rule, const std::vector<std::string>& words) {
  absl::Status status;
  absl::Status called = on_engine_([&](engine::Engine& engine) {
    const rules::Rule* its = RuleOf(engine, rule);
    if (its == nullptr) {
      status = NoRule(rule);
      return;
    }
    const rules::KeyParts key = explain::KeyOfWords(*its, words);
    const std::vector<engine::WatchedKey> watched = engine.Watched();
    const bool known = std::any_of(watched.begin(), watched.end(),
                                   [&](const auto& one) { return Is(one, rule, key); });
    if (!known && watched.size() >= kMostKeys) {
      status = absl::ResourceExhaustedError(
          absl::StrCat(kMostKeys, " keys are under watch, and there may be no more"));
      return;
    }
    status = engine.Watch(rule, key, kLimits);
  });
  called.Update(status);
  return called;
}

absl::Status KeyBoard::Unwatch(const std::string& rule, const std::vector<std::string>& words) {
  absl::Status status;
  absl::Status called = on_engine_([&](engine::Engine& engine) {
    const rules::Rule* its = RuleOf(engine, rule);
    if (its == nullptr) {
      status = NoRule(rule);
      return;
    }
    const rules::KeyParts key = explain::KeyOfWords(*its, words);
    if (!engine.Unwatch(rule, key)) status = NotWatched(rule, key);
  });
  called.Update(status);
  return called;
}

absl::StatusOr<std::vector<engine::WatchedKey>> KeyBoard::Watched() {
  std::vector<engine::WatchedKey> watched;
  absl::Status called = on_engine_([&](engine::Engine& engine) { watched = engine.Watched(); });
  if (!called.ok()) return called;
  return watched;
}

absl::StatusOr<explain::KeyExplanation> KeyBoard::Explain(const std::string& rule,
                                                          const std::vector<std::string>& words) {
  absl::Status status;
  std::optional<engine::WatchedKey> found;
  absl::Status called = on_engine_([&](engine::Engine& engine) {
    const rules::Rule* its = RuleOf(engine, rule);
    if (its == nullptr) {
      status = NoRule(rule);
      return;
    }
    const rules::KeyParts key = explain::KeyOfWords(*its, words);
    for (engine::WatchedKey& watched : engine.Watched()) {
      if (Is(watched, rule, key)) found = std::move(watched);
    }
    if (!found) status = NotWatched(rule, key);
  });
  called.Update(status);
  if (!called.ok()) return called;
  return explain::Explain(*std::move(found));
}

}  // namespace telltale::app
