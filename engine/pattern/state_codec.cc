#include "engine/pattern/state_codec.h"

#include "absl/strings/str_cat.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

enum Flag : uint8_t { kTruncated = 1, kLimited = 2 };

}  // namespace

void WriteHead(const StateHead& head, ByteWriter& out) {
  out.Byte(kStateVersion);
  out.Byte(static_cast<uint8_t>(head.representation));
  out.Hash(head.fingerprint);
  out.Fixed64(head.automaton);
  out.Hash(head.key);
}

absl::StatusOr<StateHead> ReadHead(ByteReader& in) {
  const uint8_t version = in.Byte();
  if (in.ok() && version != kStateVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "state of version ", version, ", where this build reads version ", kStateVersion));
  }
  StateHead head;
  head.representation = static_cast<Representation>(in.Byte());
  head.fingerprint = in.Hash();
  head.automaton = in.Fixed64();
  head.key = in.Hash();
  if (!in.ok()) return in.status();
  return head;
}

absl::Status CheckHead(const StateHead& head, Representation representation,
                       const Pattern& pattern) {
  const auto of_rule = [&](const std::string& what) {
    return absl::FailedPreconditionError(absl::StrCat("rule '", pattern.rule->id, "': ", what));
  };
  if (head.fingerprint != pattern.rule->fingerprint)
    return of_rule("state of another rule or of an earlier form of it");
  if (head.automaton != pattern.identity)
    return of_rule("state of another build, which numbers the rule's states otherwise");
  if (head.representation != representation)
    return of_rule(absl::StrCat("state in representation ", static_cast<int>(head.representation),
                                ", where the rule runs in ", static_cast<int>(representation)));
  return absl::OkStatus();
}

void WriteMarks(const KeyMarks& marks, ByteWriter& out) {
  out.Byte(
      static_cast<uint8_t>((marks.truncated ? kTruncated : 0) | (marks.limited ? kLimited : 0)));
  if (marks.limited) out.Zigzag(*marks.limited);
  out.Varint(marks.bars.seen().size());
  for (const int64_t seen : marks.bars.seen()) {
    out.Byte(seen == kNever ? 0 : 1);
    if (seen != kNever) out.Zigzag(seen);
  }
}

KeyMarks ReadMarks(const Pattern& pattern, ByteReader& in) {
  KeyMarks marks;
  const uint32_t flags = in.Below((kTruncated | kLimited) + 1, "flags");
  marks.truncated = (flags & kTruncated) != 0;
  if ((flags & kLimited) != 0) marks.limited = in.Zigzag();
  const size_t absences = in.Count();
  if (absences != 0 && absences != pattern.rule->absences.size())
    in.Fail("as many `not`s as the rule does not have");
  for (size_t absence = 0; absence < absences && in.ok(); ++absence) {
    const bool seen = in.Below(2, "mark") != 0;
    if (seen && (pattern.leading >> absence & 1) == 0) in.Fail("a `not` that is not leading");
    marks.bars.seen().push_back(seen ? in.Zigzag() : kNever);
  }
  return marks;
}

}  // namespace telltale::engine
