// The keys that a `by` gives of an event (K1): one, none, or with `each(...)` several.
//
// Of several the order is that of their parts' texts, so that what is beyond the bound does not
// hang on the order in which an event lists them. Owner: the holder; `inputs` outlive it. Thread:
// immutable; Scratch and KeyMemory are the caller's, one a thread. Errors: of compiling, a status.
#ifndef TELLTALE_ENGINE_CONDITION_KEY_FINDER_H_
#define TELLTALE_ENGINE_CONDITION_KEY_FINDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/condition/condition.h"
#include "engine/event/bytes.h"
#include "engine/event/event.h"
#include "engine/event/hash.h"
#include "engine/event/layout.h"
#include "rules/model/key_parts.h"
#include "rules/model/rule.h"

namespace telltale::engine {

// What a search works with: no allocation once it has grown.
class KeyMemory {
 private:
  friend class KeyFinder;
  struct Text {
    uint32_t begin = 0;
    uint32_t size = 0;
    bool missing = false;
  };
  std::string_view TextOf(const Text& text) const {
    return std::string_view(bytes_).substr(text.begin, text.size);
  }

  std::string bytes_;
  std::vector<Text> texts_;       // of all parts, one part behind the other
  std::vector<uint32_t> ends_;    // by part, in texts_
  std::vector<uint32_t> chosen_;  // by part, in texts_: of the key under way
  PartHasher hasher_;
};

class KeyFinder {
 public:
  // `group_missing`: the rule's `missing_key: group`.
  static absl::StatusOr<KeyFinder> Compile(const rules::Selector& selector, bool group_missing,
                                           const std::vector<EventLayout>& layouts,
                                           const Inputs* inputs);

  // Whether there is one key for all events.
  bool keyless() const { return parts_.empty(); }

  // The hashes of the event's keys, each once. Returns how many misses it counts: 1 where there is
  // no key, else the keys beyond kMostKeysOfEvent.
  uint64_t Find(const Event& event, Scratch& scratch, KeyMemory& memory,
                std::vector<Hash128>& hashes) const;
  // The same keys as text. Allocates.
  std::vector<rules::KeyParts> KeysOf(const Event& event, Scratch& scratch) const;
  // That of them which has this hash. REQUIRES: Find gives it.
  rules::KeyParts KeyOf(const Event& event, const Hash128& hash, Scratch& scratch) const;
  // The same as bytes, without an allocation once `memory` has grown. False: Find does not give it.
  bool WriteKey(const Event& event, const Hash128& hash, Scratch& scratch, KeyMemory& memory,
                ByteWriter& out) const;
  static rules::KeyParts ReadKey(size_t parts, ByteReader& in);

 private:
  struct Part {
    std::shared_ptr<const Program> program;
    bool each = false;
  };

  uint64_t FindOne(const Event& event, Scratch& scratch, KeyMemory& memory,
                   std::vector<Hash128>& hashes) const;
  // Fills `memory` with the texts of each part. False: a part is missing, and that is a miss.
  bool ReadParts(const Event& event, Scratch& scratch, KeyMemory& memory) const;
  // Calls `visit(hash)` for each key of what was read, until it returns false; while it runs
  // `memory.chosen_` says of which texts. Returns how many keys are beyond the bound.
  template <typename Visit>
  static uint64_t ForEachKey(KeyMemory& memory, const Visit& visit);
  static rules::KeyParts Chosen(const KeyMemory& memory);

  std::vector<Part> parts_;
  bool each_ = false;  // some part is of several values
  bool group_missing_ = false;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_KEY_FINDER_H_
