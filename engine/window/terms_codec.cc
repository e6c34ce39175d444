// The terms of one key in their byte form. After the head (state_codec.h): whether a limit has
// acted (P10), and where it has the hour; whether the key is quiet, and where it is until when; the
// number of its terms, and of each, from the one seen first on, its name and when it was seen last,
// as the difference from the one before.
#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/pattern/state_codec.h"
#include "engine/time/saturation.h"
#include "engine/window/new_terms_matcher.h"

namespace telltale::engine {

void NewTermsMatcher::ForEachKey(const std::function<void(const Hash128&)>& visit) const {
  keys_.ForEach([&](uint32_t number) { visit(keys_[number].key); });
  limited_.ForEach([&](const Hash128& key) {
    if (keys_.Find(key) == kNoState) visit(key);
  });
}

void NewTermsMatcher::Encode(const Hash128& key, const LayoutBook&, std::string& bytes) const {
  ByteWriter out(bytes);
  WriteHead({.representation = Representation::kTerms,
             .fingerprint = plan_.rule->fingerprint,
             .automaton = 0,
             .key = key},
            out);
  const std::optional<int64_t> limited = limited_.HourOfKey(key);
  out.Byte(limited ? 1 : 0);
  if (limited) out.Zigzag(*limited);
  const uint32_t number = keys_.Find(key);
  const bool quiet = number != kNoState && keys_[number].quiet_until != kNever;
  out.Byte(quiet ? 1 : 0);
  if (quiet) out.Zigzag(keys_[number].quiet_until);
  std::vector<const Term*> terms;
  for (uint32_t term = number == kNoState ? kNoState : keys_[number].newest; term != kNoState;
       term = terms_[term].before)
    terms.push_back(&terms_[term]);
  std::sort(terms.begin(), terms.end(), [](const Term* a, const Term* b) {
    return a->last != b->last ? a->last < b->last : a->key < b->key;
  });
  out.Varint(terms.size());
  int64_t before = 0;
  for (const Term* term : terms) {
    out.Hash(term->key);
    out.Zigzag(Difference(term->last, before));
    before = term->last;
  }
}

absl::Status NewTermsMatcher::Decode(std::string_view bytes, EventDecoder&) {
  ByteReader in(bytes);
  const absl::StatusOr<StateHead> head = ReadHead(in);
  if (!head.ok()) return head.status();
  if (head->fingerprint != plan_.rule->fingerprint ||
      head->representation != Representation::kTerms) {
    return absl::FailedPreconditionError(absl::StrCat(
        "rule '", plan_.rule->id, "': state of another rule or of an earlier form of it"));
  }
  if (keys_.Find(head->key) != kNoState) return absl::AlreadyExistsError("the key has a state");
  std::optional<int64_t> limited;
  if (in.Below(2, "mark") != 0) limited = in.Zigzag();
  const uint32_t number = keys_.Add(head->key);
  KeyState& state = keys_[number];
  state.quiet_until = kNever;
  if (in.Below(2, "mark") != 0) state.quiet_until = in.Zigzag();
  int64_t before = 0;
  for (size_t left = in.Count(); left > 0 && in.ok(); --left) {
    const Hash128 name = in.Hash();
    before = Sum(before, in.Zigzag());
    if (!in.ok()) break;
    if (terms_.Find(name) != kNoState) {
      in.Fail("a term that was seen twice");
      break;
    }
    order_.Insert(terms_, Remember(number, name, before));
  }
  in.End();
  if (!in.ok()) {
    while (state.newest != kNoState) Forget(state.newest);
    keys_.Remove(number);
    return in.status();
  }
  if (limited) limited_.Restore(head->key, *limited);
  if (state.quiet_until != kNever) quiet_.push_back(number);
  if (state.terms == 0 && state.quiet_until == kNever) keys_.Remove(number);
  const int64_t next = NextDeadline();
  if (next < armed_) {
    armed_ = next;
    timers_.Arm({.deadline = next, .rule = number_, .key = 0});
  }
  return absl::OkStatus();
}

}  // namespace telltale::engine
