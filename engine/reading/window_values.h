// What the windows of a rule's sequence say of each event of a key (W3), for who reads the rule
// again.
//
// Owner: the walk. Thread: one. Cost: memory for the values at each event. Errors: none.
#ifndef TELLTALE_ENGINE_READING_WINDOW_VALUES_H_
#define TELLTALE_ENGINE_READING_WINDOW_VALUES_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/condition/scratch.h"
#include "engine/event/event.h"
#include "engine/event/value.h"
#include "engine/pattern/pattern.h"
#include "engine/reading/rule_reading.h"

namespace telltale::engine {

class WindowValues {
 public:
  // The reading outlives it.
  explicit WindowValues(const RuleReading& reading);
  ~WindowValues();
  WindowValues(WindowValues&&) noexcept;
  WindowValues& operator=(WindowValues&&) = delete;

  // The next event in total order, which meets these sources' conditions; it outlives what is said.
  void Take(const Event& event, StepMask sources, Scratch& scratch);
  // Of the event that was taken as number `event`, by call.
  const Value* At(size_t event) const { return values_[event].data(); }

 private:
  struct Windows;
  const RuleReading& reading_;
  std::unique_ptr<Windows> windows_;  // made by the first event
  std::vector<std::vector<Value>> values_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_WINDOW_VALUES_H_
