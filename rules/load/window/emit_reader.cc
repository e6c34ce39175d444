#include "rules/load/window/emit_reader.h"

#include <optional>
#include <string>
#include <vector>

#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/limits.h"

namespace telltale::rules {
namespace {

struct Way {
  Emit emit = Emit::kEdge;
  std::optional<LocatedText> word;  // where one is named
};

Way ReadWay(RuleContext& context, const Node& node) {
  Way way;
  const auto words = context.values.Texts(node, "'emit'", kMostEmits);
  if (!words) return way;
  for (const LocatedText& word : *words) {
    const auto known = context.values.Word(word, "'emit'", EmitWords());
    if (!known) continue;
    if (known->has_value() ? way.word.has_value() : context.rule.early) {
      context.diagnostics.Error(kConflictingKeys, word.Whole(),
                                "'emit' names one way for windows, and 'early' beside it");
    } else if (known->has_value()) {
      way = {.emit = **known, .word = word};
    } else {
      context.rule.early = true;
    }
  }
  if (node.kind == NodeKind::kSequence && words->empty())
    context.diagnostics.Error(kOutOfRange, node.span, "'emit' names at least one word");
  if (context.rule.early && way.word && way.word->text() == "settled") {
    context.diagnostics.Error(kConflictingKeys, way.word->Whole(),
                              "'settled' and 'early' exclude one another");
  }
  return way;
}

}  // namespace

Emit ReadEmit(RuleContext& context, const Node& node) { return ReadWay(context, node).emit; }

void ReadEmitWithoutWindow(RuleContext& context, const Node& node) {
  const Way way = ReadWay(context, node);
  if (way.emit == Emit::kEdge) return;
  context.diagnostics.Error(
      kNeverEmitted, way.word->Whole(),
      "'" + way.word->text() + "' is about windows, and this rule has no 'aggregate'");
}

}  // namespace telltale::rules
