// The byte form of a pattern's state with that of the windows that it reads (measured_matcher.h).
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/event/bytes.h"
#include "engine/event/hash.h"
#include "engine/pattern/state_codec.h"
#include "engine/window/measured_matcher.h"

namespace telltale::engine {

// Each part names its own; what is left is how many there are.
uint64_t MeasuredMatcher::Identity() const {
  return PartHasher().Add(pattern_.identity).Add(windows_.size()).Finish()[0];
}

void MeasuredMatcher::Encode(const Hash128& key, const LayoutBook& layouts,
                             std::string& bytes) const {
  ByteWriter out(bytes);
  WriteHead({.representation = Representation::kMeasured,
             .fingerprint = pattern_.rule->fingerprint,
             .automaton = Identity(),
             .key = key},
            out);
  const std::optional<int64_t> limited = limited_.HourOfKey(key);
  out.Byte(limited ? 1 : 0);
  if (limited) out.Zigzag(*limited);
  const auto part = [&](const RuleMatcher& matcher) {
    std::string own;
    if (matcher.Keeps(key)) matcher.Encode(key, layouts, own);
    out.Text(own);
  };
  for (const Window& window : windows_) part(*window.matcher);
  part(*matcher_);
}

absl::Status MeasuredMatcher::Decode(std::string_view bytes, EventDecoder& events) {
  ByteReader in(bytes);
  const absl::StatusOr<StateHead> head = ReadHead(in);
  if (!head.ok()) return head.status();
  if (head->fingerprint != pattern_.rule->fingerprint ||
      head->representation != Representation::kMeasured || head->automaton != Identity()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "rule '", pattern_.rule->id, "': state of another rule or of an earlier form of it"));
  }
  if (Keeps(head->key)) return absl::AlreadyExistsError("the key has a state");
  std::optional<int64_t> limited;
  if (in.Below(2, "mark") != 0) limited = in.Zigzag();
  if (absl::Status decoded = DecodeParts(head->key, in, events); !decoded.ok()) {
    for (const Window& window : windows_) window.matcher->ForgetKey(head->key);
    return decoded;
  }
  if (limited) limited_.Restore(head->key, *limited);
  return absl::OkStatus();
}

// The pattern comes last, for it cannot be made to forget a key.
absl::Status MeasuredMatcher::DecodeParts(const Hash128& key, ByteReader& in,
                                          EventDecoder& events) {
  const auto part = [&](RuleMatcher& matcher, std::string_view own) -> absl::Status {
    if (own.empty()) return absl::OkStatus();
    ByteReader of_part(own);
    const absl::StatusOr<StateHead> head = ReadHead(of_part);
    if (!head.ok()) return head.status();
    if (head->key != key) return absl::DataLossError("a part of another key's state");
    return matcher.Decode(own, events);
  };
  for (const Window& window : windows_) {
    const std::string_view own = in.Text();
    if (!in.ok()) return in.status();
    if (absl::Status decoded = part(*window.matcher, own); !decoded.ok()) return decoded;
  }
  const std::string_view own = in.Text();
  in.End();
  if (!in.ok()) return in.status();
  return part(*matcher_, own);
}

}  // namespace telltale::engine
