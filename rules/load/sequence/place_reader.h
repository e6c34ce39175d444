// The places of a `sequence`, nested as they are written, to the tree of Rule::pattern; its leaves,
// in the order of the text, to Rule::steps, absences and untils.
//
// Only shapes are read here; the expressions come back as drafts, for they can name steps that are
// read later. A place that has an error is kept all the same where it can be, so that what is told
// of the others stays right.
//
// Owner: ReadSequence. Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_SEQUENCE_PLACE_READER_H_
#define TELLTALE_RULES_LOAD_SEQUENCE_PLACE_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/load/rule/rule_context.h"
#include "rules/load/sequence/place_check.h"
#include "rules/load/sequence/selector_reader.h"

namespace telltale::rules {

class PlaceReader {
 public:
  explicit PlaceReader(RuleContext& context) : context_(context) {}

  // The items of `sequence`, which are Rule::pattern then.
  void ReadAll(const std::vector<Node>& items);
  // The rule's `until`, whose condition sees no steps.
  void ReadRuleUntil(const Entry& entry);

  // Whether all items have their place in the tree, so that its structure can be checked.
  bool placed() const { return placed_; }
  const std::vector<SelectorDraft>& drafts() const { return drafts_; }

 private:
  std::vector<Place> ReadPlaces(const std::vector<Node>& items, PlaceRole::In in);
  std::optional<Place> ReadItem(const Node& item, PlaceRole role);
  const Entry* OnlyEntry(const Node& item);
  Place ReadStep(const Entry& entry, PlaceRole role);
  Place ReadNot(const Entry& entry, PlaceRole role);
  Place ReadMany(const Entry& entry, Place::Kind kind, PlaceRole role);
  void CheckName(const LocatedText& name);
  SelectorDraft NewDraft(SelectorDraft::Owner owner, size_t index, std::string shown) const;
  void ReadUntil(const Node& until, const SelectorDraft* step, const std::string& shown,
                 Place& place);
  void ReadUntilMap(const Node& until, const KeySet& keys, SelectorDraft& draft);
  void AddUntil(const Span& span, SelectorDraft draft);

  RuleContext& context_;
  std::vector<SelectorDraft> drafts_;
  std::vector<uint32_t> visible_;  // the steps that a condition at this point of the text sees
  uint32_t repeats_ = 0;           // groups that repeat around this point
  bool placed_ = true;
};

// The steps and `not`s of a sequence, without looking at what is in them: what is too long is not
// read at all.
struct LeafCount {
  size_t steps = 0;
  size_t nots = 0;
};
LeafCount CountLeaves(const std::vector<Node>& items);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_SEQUENCE_PLACE_READER_H_
