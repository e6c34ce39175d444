// Which fields of a stream's events are kept, and in which slot: exactly those that some rule of
// the set reads.
//
// Made once per rule set from the reads of all its expressions; decoders fill the slots, compiled
// conditions read them. Owner: the compiled rule set. Thread: immutable.
#ifndef TELLTALE_ENGINE_EVENT_LAYOUT_H_
#define TELLTALE_ENGINE_EVENT_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/model/rule.h"

namespace telltale::engine {

struct Field {
  rules::FieldPath path;   // empty: the whole event as a map
  rules::Type type;        // declared by the stream, or dyn
  bool as_double = false;  // an integer's text is a double here (V5)
};

class EventLayout {
 public:
  EventLayout() = default;
  explicit EventLayout(std::vector<Field> fields);  // sorts by path; paths are unique

  const std::vector<Field>& fields() const { return fields_; }
  uint32_t slot_count() const { return static_cast<uint32_t>(fields_.size()); }
  std::optional<uint32_t> Find(const rules::FieldPath& path) const;

 private:
  std::vector<Field> fields_;  // slot i holds fields_[i]
};

// One layout a stream, by StreamIndex; the last is that of the alerts that rules read (A5), with
// what names an alert as evidence.
std::vector<EventLayout> MakeLayouts(const rules::RuleSet& rules);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_EVENT_LAYOUT_H_
