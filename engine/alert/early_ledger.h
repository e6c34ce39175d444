// What was told of a rule's keys before it is settled, and has not come to its end (T5): by key the
// alerts that are outstanding, with their revisions.
//
// A picture of a key is the set of alerts that its events would give if no others came. What a new
// picture changes in the one before is told: a new alert as early, one that is no more as
// retracted, one that says something else as early again. Revisions rise with each; an alert that
// was taken back is remembered, without what it said, for as long as it can come again. The settled
// alert is the last word.
//
// An alert is *awaited* where its events are to be read again, after a restart or a switch of rules
// (C2): no picture takes it back, its watermark does.
//
// Owner: a speculation. Thread: the shard's. Units: nanoseconds of event time. Memory: bounded by
// what waits to be settled.
#ifndef TELLTALE_ENGINE_ALERT_EARLY_LEDGER_H_
#define TELLTALE_ENGINE_ALERT_EARLY_LEDGER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/alert/alert.h"
#include "engine/event/bytes.h"
#include "engine/event/hash.h"
#include "engine/pattern/rule_matcher.h"

namespace telltale::engine {

class EarlyLedger {
 public:
  // `longest_wait`: how far behind the watermark the time of an alert can be.
  explicit EarlyLedger(int64_t longest_wait) : longest_wait_(longest_wait) {}

  // The picture of the key has one alert more. What is told goes to `out`.
  void Add(const Hash128& key, Alert alert, std::vector<Alert>& out);
  // This is the picture of the key now.
  void Replace(const Hash128& key, std::vector<Alert>& picture, std::vector<Alert>& out);
  // What was told of a match of these rules and stands: the alert that is settled of it says the
  // same, but for what suppression makes of it, and may be made of it. Null: that is not known.
  Alert* ToldOf(const Match& match, const rules::RuleSet& rules);
  // The alert is settled: gives it its status and revision.
  void Finish(const Hash128& key, Alert& alert);
  bool Knows(const Hash128& key) const { return keys_.contains(key); }
  // All events of the key are applied: what stands unsettled is taken back. `remembers`: something
  // is kept of the key, of which what was taken back may come again.
  void Conclude(const Hash128& key, bool remembers, std::vector<Alert>& out);

  // What was told of the key comes from events that are read again.
  void Await(const Hash128& key);
  void AwaitAll();
  // Takes back what is awaited in vain, and forgets what was taken back and cannot come again.
  void Pass(int64_t watermark, std::vector<Alert>& out);
  void RetractAll(std::vector<Alert>& out);
  // Goes on with what another one has told, of which all is awaited.
  void TakeOver(EarlyLedger&& old);
  void Clear();

  int64_t outstanding() const { return outstanding_; }
  int64_t retracted() const { return retracted_; }  // so far
  // visit(key) for each key of which something is known.
  template <typename Visit>
  void ForEachKey(const Visit& visit) const {
    for (const auto& [key, told] : keys_) visit(key);
  }

  // Of each alert its key, whether it stands, whether it is awaited, and alert_codec.h.
  void Encode(ByteWriter& out) const;
  // REQUIRES: nothing is known. Fails the reader where the bytes are broken.
  void Decode(const std::shared_ptr<const rules::RuleSet>& rules, const rules::Rule& rule,
              ByteReader& in);

 private:
  struct Told {
    Alert alert;
    bool stands = false;
    bool awaited = false;
  };
  using OfKey = HashMap<Told>;
  // When it is to be looked at again.
  struct Due {
    int64_t time = 0;
    Hash128 key{};
    Hash128 id{};
  };
  struct Later {
    bool operator()(const Due& a, const Due& b) const { return a.time > b.time; }
  };

  void Tell(Told& told, Alert alert, std::vector<Alert>& out);
  void Retract(const Hash128& key, Told& told, std::vector<Alert>& out);
  // The keys' alerts for which it is `true`, in T7's order.
  template <typename Wanted>
  void RetractIf(const Hash128& key, OfKey& of_key, const Wanted& wanted, std::vector<Alert>& out);
  int64_t DueTimeOf(const Told& told) const;
  void LookAgain(const Hash128& key, const Told& told);

  int64_t longest_wait_;
  HashMap<OfKey> keys_;
  std::vector<Due> due_;  // a heap
  int64_t outstanding_ = 0;
  int64_t retracted_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_ALERT_EARLY_LEDGER_H_
