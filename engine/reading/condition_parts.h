// The parts of a condition, evaluated one by one: which conjunct was false, and what it read.
//
// A part keeps its place in the rule's file. Owner: values; parts share the tree of the whole.
// Thread: any. Errors: a part that cannot be evaluated by itself (it stands in a macro's body) is
// left out.
#ifndef TELLTALE_ENGINE_READING_CONDITION_PARTS_H_
#define TELLTALE_ENGINE_READING_CONDITION_PARTS_H_

#include <string>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/condition/inputs.h"
#include "engine/condition/scratch.h"
#include "engine/event/layout.h"
#include "rules/model/expression.h"
#include "rules/model/source.h"

namespace telltale::engine {

// As it stands in the file.
std::string PartText(const rules::Expression& part);
rules::Span PartPlace(const rules::Expression& part);

// Every operand of && and ||, and every condition of ?:, outside of macros: what can be true and
// false by itself. In the order of the text; none where the condition has neither.
std::vector<rules::Expression> Branches(const rules::Expression& whole);

struct ValueRead {
  std::string text;   // "device.id"
  std::string value;  // as JSON, or "absent", or what error it is
};

// A conjunct that was not true.
struct FailedPart {
  std::string text;
  rules::Span place;
  bool error = false;            // not false, but an error
  std::string reason;            // of an error: "no such field"
  std::vector<ValueRead> reads;  // the fields, steps and key parts in it, each once
};

// REQUIRES: the condition as a whole is not true in this frame.
std::vector<FailedPart> FailedParts(const rules::Expression& where,
                                    const std::vector<EventLayout>& layouts, const Inputs& inputs,
                                    const Frame& frame, Scratch& scratch);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_CONDITION_PARTS_H_
