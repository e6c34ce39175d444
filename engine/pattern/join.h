// Equalities between an event and what a partial match has taken: `device_id == device.id`.
//
// Where a condition is a conjunction with such equalities, a partial match and an event whose sides
// differ need not meet: the condition is false then, whatever its other parts, and false is no
// error (V1). Sides are compared by a hash that agrees with CEL's ==: 17, 17.0 and 17u are one
// value, nan equals nothing. A side that is absent, an error, or nothing that has a hash (a list, a
// map, an event) may still meet: then the condition itself is asked, as it is of all whose hashes
// agree. So what matches and what is counted as an error is the same with hashes and without.
//
// Owner: Pattern. Thread: immutable. Errors: of compiling, a status.
#ifndef TELLTALE_ENGINE_PATTERN_JOIN_H_
#define TELLTALE_ENGINE_PATTERN_JOIN_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/condition/condition.h"
#include "engine/event/layout.h"
#include "rules/model/expression.h"

namespace telltale::engine {

struct JoinValue {
  enum class Kind : uint8_t {
    kNone,    // equals nothing, and is no error
    kHash,    // equals only what has the same hash
    kUnknown  // has to be asked
  };
  Kind kind = Kind::kUnknown;
  uint64_t hash = 0;
};

// Of one value. Integral numbers hash alike whatever their kind.
JoinValue HashOf(Value value);

class Joins {
 public:
  // Those of `condition`; of conjuncts that compare an expression over the event with one over
  // steps.
  static absl::StatusOr<Joins> Compile(const rules::Expression& condition,
                                       const std::vector<EventLayout>& layouts,
                                       const Inputs* inputs);

  bool empty() const { return sides_.empty(); }
  // All sides of the event, and all of what was taken, together.
  JoinValue OfEvent(const Frame& frame, Scratch& scratch) const { return Of(true, frame, scratch); }
  JoinValue OfTaken(const Frame& frame, Scratch& scratch) const {
    return Of(false, frame, scratch);
  }

 private:
  struct Sides {
    std::shared_ptr<const Program> event;
    std::shared_ptr<const Program> taken;
  };
  JoinValue Of(bool event, const Frame& frame, Scratch& scratch) const;

  std::vector<Sides> sides_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_JOIN_H_
