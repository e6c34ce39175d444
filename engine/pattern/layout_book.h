// The layouts in which events have been written down, so that they can be read by a build or a rule
// set that keeps other fields, or the same ones in other slots.
//
// An event is written slot by slot and names its layout by an identity: a hash of the stream's name
// and the paths of its fields in their order. Whoever keeps such events keeps beside them, once, a
// description of each layout that they name. What is read is put where the layout of this rule set
// has the field; fields that it does not read are dropped, and those that were not kept are absent,
// as when a reload hands state over.
//
// Owner: whoever encodes or decodes; borrows the compiled rules' layouts. Thread: one. Errors: a
// description that is not well-formed is a status.
#ifndef TELLTALE_ENGINE_PATTERN_LAYOUT_BOOK_H_
#define TELLTALE_ENGINE_PATTERN_LAYOUT_BOOK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/event/bytes.h"
#include "engine/event/layout.h"
#include "rules/model/stream.h"

namespace telltale::engine {

class LayoutBook {
 public:
  static constexpr uint32_t kNoSlot = UINT32_MAX;

  // How events of one written layout are read here.
  struct Reading {
    std::optional<uint32_t> stream;  // none: the config has no stream of that name
    std::vector<uint32_t> slots;     // of the written ones, where each goes; kNoSlot: nowhere
  };

  // Knows the layouts themselves already.
  LayoutBook(const rules::StreamCatalog& streams, const std::vector<EventLayout>& layouts);

  uint64_t IdentityOf(uint32_t stream) const { return identities_[stream]; }
  const std::vector<EventLayout>& layouts() const { return layouts_; }
  const rules::StreamCatalog& streams() const { return streams_; }

  // All layouts of this rule set.
  void Describe(ByteWriter& out) const;
  // Takes in what another book has described.
  void Learn(ByteReader& in);

  // Null: nothing has described it.
  const Reading* Find(uint64_t identity) const;

 private:
  const rules::StreamCatalog& streams_;
  const std::vector<EventLayout>& layouts_;
  std::vector<uint64_t> identities_;  // by stream
  absl::flat_hash_map<uint64_t, Reading> readings_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_LAYOUT_BOOK_H_
