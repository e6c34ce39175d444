// Finds by hash the roles whose detection of Sigma demands that a field be one of some constants,
// or begin or end with one (V3): without regard to case, numbers by their amount and as texts,
// lists by their elements.
//
// What is found is what may fit: a role's conditions are asked of it as of any other. A test of
// Sigma never ends in an error, so a role that is not found is one that is false, and there is
// nothing to count. Where a detection is an `or`, each side demands something, of one field or
// several; the role then waits for all of that.
//
// A look-up costs a hash of the field's text for each different length of beginnings and endings
// that wait for it, whatever the number of constants. Owner: Routing. Thread: immutable once built.
#ifndef TELLTALE_ENGINE_RUNTIME_DETECTION_INDEX_H_
#define TELLTALE_ENGINE_RUNTIME_DETECTION_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/event/layout.h"
#include "engine/event/value.h"
#include "rules/model/expression.h"

namespace telltale::engine {

// Something that a field has to be, so that a condition can be true.
struct Demand {
  enum class Kind : uint8_t { kWhole, kBegins, kEnds, kInteger };
  uint32_t slot = 0;
  Kind kind = Kind::kWhole;
  std::variant<std::string, int64_t> constant;  // a text folded, as FoldByte has it
  auto operator<=>(const Demand&) const = default;
};

// The condition is true only where one of these is met; none: no such demands are known.
struct Demands {
  std::vector<Demand> any;  // each once; not empty
  bool exact = false;       // it is true wherever one of them is met
};
std::optional<Demands> DemandsOf(const rules::Expr& condition, const EventLayout& layout);

class DetectionIndex {
 public:
  using Roles = std::vector<uint32_t>;

  explicit DetectionIndex(uint32_t slot) : slot_(slot) {}
  uint32_t slot() const { return slot_; }

  // REQUIRES: the demand is of this slot.
  void Add(const Demand& demand, uint32_t role);
  // Appends the roles that wait for the value, some perhaps more than once. `folded` is memory to
  // work with.
  void Find(Value field, std::string& folded, Roles& found) const;

 private:
  using Texts = absl::flat_hash_map<std::string, Roles>;
  // Texts of one length.
  struct OfLength {
    size_t length = 0;
    Texts texts;
  };

  static Texts& AtLength(std::vector<OfLength>& lengths, size_t length);
  void FindText(std::string_view text, std::string& folded, Roles& found) const;
  void FindNumber(Value number, Roles& found) const;

  uint32_t slot_;
  Texts whole_;
  size_t longest_whole_ = 0;
  std::vector<OfLength> beginnings_;  // ascending by length
  std::vector<OfLength> endings_;
  absl::flat_hash_map<int64_t, Roles> integers_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_DETECTION_INDEX_H_
