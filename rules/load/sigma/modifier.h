// The key of a detection's map: a field and its modifiers, `CommandLine|contains|all`.
//
// Source: Sigma modifiers specification 2.1. Owner: value types. Thread: any. Errors: R0203 for a
// modifier that does not exist, at its place; it is left out then.
#ifndef TELLTALE_RULES_LOAD_SIGMA_MODIFIER_H_
#define TELLTALE_RULES_LOAD_SIGMA_MODIFIER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/diagnostic.h"
#include "rules/model/source.h"

namespace telltale::rules::sigma {

enum class Modifier : uint8_t {
  // What a text is compared with, and how.
  kContains,
  kStartsWith,
  kEndsWith,
  kCased,
  kAll,
  kNeq,
  // What becomes of the text before.
  kWindash,
  kWide,
  kUtf16Be,
  kUtf16,
  kBase64,
  kBase64Offset,
  kExpand,
  // What the value is, if not a text.
  kRegex,
  kIgnoreCase,  // i, m and s are of a regex
  kMultiLine,
  kDotAll,
  kCidr,
  kExists,
  kFieldRef,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kYear,
};

struct PlacedModifier {
  Modifier modifier = Modifier::kContains;
  std::string name;  // as it is written
  Span span;
};

struct FieldKey {
  std::string field;  // empty: keywords
  Span span;          // of the whole key
  std::vector<PlacedModifier> modifiers;
  bool good = true;  // false: a modifier was told
};

FieldKey ParseKey(const LocatedText& key, Diagnostics& diagnostics);

// Where the modifier stands in the key; null: it does not.
const PlacedModifier* Find(const FieldKey& key, Modifier modifier);

const std::vector<std::string>& ModifierNames();

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_MODIFIER_H_
