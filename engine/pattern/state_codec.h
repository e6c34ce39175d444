// The byte form of what a rule keeps of one key: a record that can be written at any moment between
// two events, and read again as if nothing had happened.
//
// A record says first what it is: the version of this form, in which representation the partial
// matches are, the rule's fingerprint, the identity of its automaton, and the key; then flags
// (truncated, limited), where limited the hour of it (P10), and what leading `not`s have seen: 0,
// or the number of the rule's `not`s and of each whether it was seen, and when. What follows is the
// representation's own. Deadlines follow from what is there, so timers are armed anew.
//
// Owner: the caller. Thread: the shard's. Errors: DATA_LOSS for bytes that are no record,
// FAILED_PRECONDITION for a record of another version, representation, rule or automaton.
#ifndef TELLTALE_ENGINE_PATTERN_STATE_CODEC_H_
#define TELLTALE_ENGINE_PATTERN_STATE_CODEC_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "engine/event/bytes.h"
#include "engine/event/hash.h"
#include "engine/pattern/bars.h"
#include "engine/pattern/pattern.h"

namespace telltale::engine {

inline constexpr uint8_t kStateVersion = 1;

// Part of the byte form.
enum class Representation : uint8_t {
  kExplicit = 1,  // partial matches one by one (matcher_codec.cc)
  kForest = 2,    // those that an event has made alike as one (forest_codec.cc)
  kWindow = 3,    // a window (engine/window/window_codec.h)
  kTerms = 4,     // terms that were seen (engine/window/terms_codec.cc)
  kMeasured = 5,  // a pattern and the windows that it reads (engine/window/measured_matcher.h)
  kBaseline = 6,  // a window and what is usual for its key (engine/window/baseline_matcher.h)
};

struct StateHead {
  Representation representation = Representation::kExplicit;
  rules::Fingerprint fingerprint{};
  uint64_t automaton = 0;  // Pattern::identity
  Hash128 key{};
};

// What a key has in every representation.
struct KeyMarks {
  bool truncated = false;
  std::optional<int64_t> limited;  // the hour
  Bars bars;
};

void WriteHead(const StateHead& head, ByteWriter& out);
// Whatever rule it is of: to find out where a record belongs.
absl::StatusOr<StateHead> ReadHead(ByteReader& in);
// Whether a state of this head can go on in this pattern.
absl::Status CheckHead(const StateHead& head, Representation representation,
                       const Pattern& pattern);

void WriteMarks(const KeyMarks& marks, ByteWriter& out);
KeyMarks ReadMarks(const Pattern& pattern, ByteReader& in);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_STATE_CODEC_H_
