// A checked rule: everything that its author said, with every name resolved and every condition
// type checked.
//
// This is the whole interface between the language (rules/) and the engine: the loader makes it,
// the pattern compiler, the reference matcher in tests/model and the listings read it. Numbers such
// as P6 are sections of rules/SEMANTICS.md.
//
// Owner: RuleSet, shared as std::shared_ptr<const RuleSet>. Thread: immutable, any. Units:
// durations and times are int64 nanoseconds (T8).
#ifndef TELLTALE_RULES_MODEL_RULE_H_
#define TELLTALE_RULES_MODEL_RULE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/aggregate.h"
#include "rules/model/expression.h"
#include "rules/model/level.h"
#include "rules/model/named_list.h"
#include "rules/model/output.h"
#include "rules/model/pattern.h"
#include "rules/model/source.h"
#include "rules/model/stream.h"
#include "rules/model/table.h"

namespace telltale::rules {

enum class Mode : uint8_t {
  kLive,
  kShadow,
  kOff,
  kBuildingBlock,  // feeds other rules and sends nothing (A5); as long as nothing reads it, as off
};
enum class MatchMode : uint8_t {
  kAll,
  kFirst,
  kLatest,
  kCount,  // all of them, of which is only told how many an event completes
};
// P6: no partial match takes the place of another.
constexpr bool KeepsAll(MatchMode mode) {
  return mode == MatchMode::kAll || mode == MatchMode::kCount;
}
enum class SkipKind : uint8_t { kNoSkip, kSkipToNext, kSkipPastLast, kSkipToFirst, kSkipToLast };
enum class OnLimit : uint8_t { kEvictOldest, kRejectNew };
enum class WarmUp : uint8_t { kQuiet, kAssumeEmpty };

// Which events a step or an absence speaks of: those of a stream, whose key is found by `by`, and
// that fit `where`.
struct Selector {
  StreamIndex stream = 0;
  std::vector<Expression>
      by;             // as many as the rule has key parts; the rule's own, or the step's (K2)
  uint32_t each = 0;  // a bit for each part that is `each(...)`: its value is a list, of which
                      // every element gives a key (K1)
  std::optional<Expression> where;  // none: every event of the stream fits
  // `include: suppressed`, of the alerts' stream (A5). It stands in `where`, too, as what is said
  // of alerts that are kept back.
  bool include_suppressed = false;
};

struct Step {
  std::string name;
  Selector selector;
  bool list = false;  // conditions see a list of its events: it repeats, or a group around it does
  Span span;
};

struct Absence {
  Selector selector;
  std::optional<int64_t> within;  // of a leading or a trailing one (P4)
  Span span;
};

// What ends a repeat, or drops the partial matches of a key (P5).
struct Until {
  Selector selector;
  Span span;
};

struct AfterMatch {
  SkipKind kind = SkipKind::kNoSkip;
  uint32_t step = 0;  // of kSkipToFirst and kSkipToLast
};

// Caps per key (P10). They are part of the rule's meaning.
struct Limits {
  uint32_t partial_matches = 1000;
  uint32_t events = 10000;  // held by the partial matches, or the window, of one key
  uint32_t matches_per_event = 1000;
  OnLimit on_limit = OnLimit::kEvictOldest;
};

// Text with {{expression}} holes: literals[0] holes[0] literals[1] ... literals.size() ==
// holes.size() + 1.
struct Template {
  std::vector<std::string> literals;
  std::vector<Expression> holes;
};

struct Suppress {
  // Evaluated as alert expressions. Where a part of the rule's key is not among them, alerts of
  // different keys are decided together (joint_suppression.h).
  std::vector<Expression> by;
  std::vector<std::string> names;
  int64_t period = 0;
};

// Adds `score` to an alert's risk score where the condition is true of it.
struct RiskModifier {
  Expression where;
  int64_t score = 0;  // may be negative
};

// Whom or what an alert is about. The values of `id` become text as parts of keys do (K1); a list
// names several of one type.
struct Entity {
  std::string type;
  Expression id;
  std::optional<int64_t> risk_score;  // none: the alert's
};

inline constexpr int64_t kHighestRisk = 100;

struct AlertSpec {
  std::optional<Template> title;  // none: the rule's title
  int64_t risk_score = 0;
  std::vector<RiskModifier> risk_modifiers;
  std::vector<std::pair<std::string, Expression>> fields;
  std::vector<Entity> entities;
};

// Keeps back the alerts of which its condition is true, with a time before `expires`.
struct Exception {
  std::string name;
  Expression where;
  std::optional<int64_t> expires;  // none: never
  Span span;                       // of its name
};

using Fingerprint = std::array<uint64_t, 2>;

struct Rule {
  std::string id;
  std::string name;  // Sigma's, by which correlations and filters may refer to it; else empty
  std::string title;
  std::string description;
  Status status = Status::kUnspecified;
  Level level = Level::kMedium;
  Mode mode = Mode::kLive;
  std::vector<std::string> tags;
  std::string runbook;
  std::vector<std::string> allowed;  // codes of warnings that its author knows of

  std::vector<std::string>
      key_names;            // the text of each part of the rule's `by`; empty: one key for all (K2)
  std::vector<Step> steps;  // of the sequence; then the sources of `windows`
  std::vector<Absence> absences;
  std::vector<Until> untils;
  Place pattern;                         // a group, of which steps, absences and untils are parts
  std::optional<Aggregate> aggregate;    // then `steps` are its sources, any of them the pattern
  std::optional<NewTerms> new_terms;     // likewise
  std::vector<StepWindow> windows;       // that conditions of the sequence read (W3)
  std::optional<uint32_t> until;         // in `untils`: of the whole pattern
  std::optional<uint32_t> timeout_from;  // `on_timeout`: a step (P9)
  bool group_missing_key = false;        // `missing_key: group` (K1)
  std::optional<int64_t> within;
  MatchMode match = MatchMode::kAll;
  bool early = false;  // `emit: early`: results go out unsettled, and are put right (T5)
  AfterMatch after_match;
  Limits limits;
  WarmUp warm_up = WarmUp::kQuiet;
  std::vector<Exception> exceptions;  // before suppression; no part of the fingerprint
  std::optional<Suppress> suppress;
  AlertSpec alert;
  std::optional<Output> output;  // then `alert` is the default, and says nothing
  // A5, of a rule with a source that is the alerts' stream: the rules of its set whose alerts can
  // come to it, as indexes, ascending.
  std::vector<uint32_t> reads;
  std::vector<std::string> read_ids;  // of the same; only their alerts count as next (P2)
  bool reads_suppressed = false;      // `include: suppressed`: also what suppression keeps back
  bool feeds = false;                 // a rule that runs reads its alerts
  bool feeds_suppressed = false;      // also those that suppression keeps back
  bool starved = false;               // it is about alerts alone, and no rule's can come to it

  Fingerprint fingerprint{};
  Span span;  // of its id

  // What its results say: of its alert, or its output.
  const std::vector<std::pair<std::string, Expression>>& result_fields() const {
    return output ? output->fields : alert.fields;
  }
  // The streams that it names, ascending, each once.
  std::vector<StreamIndex> Streams() const;
  // How many of `steps` are the sequence's own.
  uint32_t SequenceSteps() const;
  // Whether events of a key have to meet: false of a rule over single events (K2).
  bool HoldsState() const;
  // How far the time of an alert may lie behind the event or the moment that makes it known: a
  // match that is complete waits for older ones (P7), or for its greedy end (P8). None: without a
  // bound.
  std::optional<int64_t> LongestWait() const;
  // Whether it takes part in what runs.
  bool Runs() const {
    return !starved && (mode == Mode::kLive || mode == Mode::kShadow ||
                        (mode == Mode::kBuildingBlock && feeds));
  }
};

struct RuleSet {
  std::shared_ptr<const StreamCatalog> streams;
  std::vector<Rule> rules;  // in order of their ids
  std::map<std::string, std::shared_ptr<const NamedList>, std::less<>> lists;
  std::shared_ptr<const TableCatalog> tables;  // null: none
};

// The fingerprint of A1 over the versioned canonical form, which CanonicalForm prints (for tests
// and `diff`).
std::string CanonicalForm(const Rule& rule, const StreamCatalog& streams);
Fingerprint ComputeFingerprint(const Rule& rule, const StreamCatalog& streams);
std::string ToHex(const Fingerprint& fingerprint);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_RULE_H_
