#include "rules/load/sequence/place_quantities.h"

#include <string>

#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/limits.h"

namespace telltale::rules {
namespace {

void ReadTimes(RuleContext& context, const Node& node, Repeat& repeat) {
  if (node.kind == NodeKind::kInt && node.integer == 0) {
    context.diagnostics.Error(kBadRepeat, node.span,
                              "nothing repeats 0 times; for none or one write 'optional: true'");
    return;
  }
  const std::optional<int64_t> times = context.values.Int(node, "'repeat'", 1, kMostRepeats);
  if (times) repeat.min = repeat.max = static_cast<uint32_t>(*times);
}

void ReadBounds(RuleContext& context, const Node& node, Repeat& repeat) {
  repeat.max = kUnbounded;
  if (const Node* min = node.Find("min")) {
    if (min->kind == NodeKind::kInt && min->integer == 0) {
      context.diagnostics.Error(kBadRepeat, min->span,
                                "'min' cannot be 0: write 'optional: true' beside 'repeat'");
    } else if (const auto least = context.values.Int(*min, "'min'", 1, kMostRepeats)) {
      repeat.min = static_cast<uint32_t>(*least);
    }
  }
  const Node* max = node.Find("max");
  if (max == nullptr) return;
  const std::optional<int64_t> most = context.values.Int(*max, "'max'", 1, kMostRepeats);
  if (!most) return;
  repeat.max = static_cast<uint32_t>(*most);
  if (repeat.max < repeat.min) {
    context.diagnostics.Error(kBadRepeat, max->span,
                              "'max' is " + std::to_string(repeat.max) +
                                  ", less than 'min', which is " + std::to_string(repeat.min));
  }
}

void ReadRepeat(RuleContext& context, const Node& node, const KeySet& keys, Repeat& repeat) {
  if (node.kind != NodeKind::kMap) return ReadTimes(context, node, repeat);
  if (!context.values.Map(node, keys)) return;
  ReadBounds(context, node, repeat);
  if (const Node* inside = node.Find("inside")) {
    repeat.inside = context.values.Word<Contiguity>(*inside, "'inside'", ContiguityWords())
                        .value_or(Contiguity::kRelaxed);
  }
  if (const Node* within = node.Find("within"))
    repeat.within = context.values.Duration(*within, "'within'");
  if (const Node* greedy = node.Find("greedy"))
    repeat.greedy = context.values.Bool(*greedy, "'greedy'").value_or(false);
}

}  // namespace

void ReadQuantities(RuleContext& context, const Node& body, const KeySet& repeat_keys,
                    Place& place) {
  if (const Node* contiguity = body.Find("contiguity")) {
    place.contiguity =
        context.values.Word<Contiguity>(*contiguity, "'contiguity'", ContiguityWords())
            .value_or(Contiguity::kRelaxed);
  }
  if (const Node* within = body.Find("within"))
    place.within = context.values.Duration(*within, "'within'");
  if (const Node* optional = body.Find("optional"))
    place.optional = context.values.Bool(*optional, "'optional'").value_or(false);
  if (const Node* repeat = body.Find("repeat"))
    ReadRepeat(context, *repeat, repeat_keys, place.repeat);
}

const Node* FindUntil(const Node& body) {
  const Node* repeat = body.Find("repeat");
  return repeat == nullptr ? nullptr : repeat->Find("until");
}

}  // namespace telltale::rules
