#include "rules/load/sigma/modifier_check.h"

#include <algorithm>
#include <string>

namespace telltale::rules::sigma {
namespace {

bool IsPosition(Modifier m) {
  return m == Modifier::kContains || m == Modifier::kStartsWith || m == Modifier::kEndsWith;
}
bool IsFlag(Modifier m) {
  return m == Modifier::kIgnoreCase || m == Modifier::kMultiLine || m == Modifier::kDotAll;
}
bool IsEncoding(Modifier m) {
  return m == Modifier::kWide || m == Modifier::kUtf16Be || m == Modifier::kUtf16 ||
         m == Modifier::kBase64 || m == Modifier::kBase64Offset;
}
bool IsKind(Modifier m) {
  return m == Modifier::kRegex || m == Modifier::kCidr || m == Modifier::kExists ||
         m == Modifier::kFieldRef || IsOrder(m) || IsTimePart(m);
}

class Checker {
 public:
  Checker(const FieldKey& key, Diagnostics& diagnostics) : key_(key), diagnostics_(diagnostics) {}

  bool Run() {
    for (const PlacedModifier& placed : key_.modifiers) One(placed);
    Keywords();
    return good_;
  }

 private:
  void Refuse(const PlacedModifier& placed, const std::string& why) {
    diagnostics_.Error(kModifiersClash, placed.span, "'" + placed.name + "' " + why);
    good_ = false;
  }

  void One(const PlacedModifier& placed) {
    const Modifier m = placed.modifier;
    if (std::find(seen_.begin(), seen_.end(), m) != seen_.end()) {
      return Refuse(placed, "stands here twice");
    }
    seen_.push_back(m);
    if (IsFlag(m)) {
      if (kind_ == nullptr || kind_->modifier != Modifier::kRegex)
        Refuse(placed, "is a flag of a regular expression: it goes behind 're'");
    } else if (IsKind(m)) {
      Kind(placed);
    } else if (IsPosition(m)) {
      Position(placed);
    } else if (IsTransform(m)) {
      Transform(placed);
    } else if (m == Modifier::kCased && kind_ != nullptr &&
               kind_->modifier != Modifier::kFieldRef) {
      Refuse(placed, kind_->modifier == Modifier::kRegex
                         ? "says nothing here: regular expressions are cased, unless 'i' is set"
                         : "says nothing behind '" + kind_->name + "', which compares no text");
    }
  }

  void Kind(const PlacedModifier& placed) {
    const Modifier m = placed.modifier;
    if (kind_ != nullptr) {
      const bool part_of_time = (IsOrder(m) && IsTimePart(kind_->modifier)) ||
                                (IsTimePart(m) && IsOrder(kind_->modifier));
      if (!part_of_time || both_) return Refuse(placed, "does not go with '" + kind_->name + "'");
      both_ = true;
      return;
    }
    const bool expanded =
        transform_ != nullptr && transform_->modifier == Modifier::kExpand && m == Modifier::kCidr;
    if (transform_ != nullptr && !expanded)
      return Refuse(placed, "does not go with '" + transform_->name + "', which makes a text");
    if (position_ != nullptr && m != Modifier::kFieldRef)
      return Refuse(placed, "does not go with '" + position_->name + "', which compares texts");
    if (Find(key_, Modifier::kCased) != nullptr && m != Modifier::kFieldRef &&
        std::find(seen_.begin(), seen_.end(), Modifier::kCased) != seen_.end())
      return Refuse(placed, "does not go with 'cased', which compares texts");
    kind_ = &placed;
  }

  void Position(const PlacedModifier& placed) {
    if (position_ != nullptr)
      return Refuse(placed, "does not go with '" + position_->name + "': one place is enough");
    if (kind_ != nullptr && kind_->modifier != Modifier::kFieldRef) {
      return Refuse(placed, kind_->modifier == Modifier::kRegex
                                ? "says nothing here: a regular expression may match anywhere, "
                                  "and has ^ and $"
                                : "does not go with '" + kind_->name + "'");
    }
    position_ = &placed;
  }

  void Transform(const PlacedModifier& placed) {
    const Modifier m = placed.modifier;
    const bool networks =
        kind_ != nullptr && kind_->modifier == Modifier::kCidr && m == Modifier::kExpand;
    if (kind_ != nullptr && !networks)
      return Refuse(placed, "does not go with '" + kind_->name + "'");
    if (position_ != nullptr && IsEncoding(m))
      return Refuse(placed,
                    "goes before '" + position_->name + "': first the text, then its place");
    if (transform_ != nullptr && IsEncoding(transform_->modifier)) {
      const bool base = transform_->modifier == Modifier::kBase64 ||
                        transform_->modifier == Modifier::kBase64Offset;
      if (!IsEncoding(m) || base || (m != Modifier::kBase64 && m != Modifier::kBase64Offset))
        return Refuse(placed, "cannot act on what '" + transform_->name + "' has made");
    }
    transform_ = &placed;
  }

  // Without a field.
  void Keywords() {
    if (!key_.field.empty()) return;
    for (const PlacedModifier& placed : key_.modifiers) {
      if (IsKind(placed.modifier) && placed.modifier != Modifier::kRegex &&
          placed.modifier != Modifier::kCidr)
        Refuse(placed, "needs a field");
    }
  }

  const FieldKey& key_;
  Diagnostics& diagnostics_;
  std::vector<Modifier> seen_;
  const PlacedModifier* kind_ = nullptr;
  const PlacedModifier* position_ = nullptr;
  const PlacedModifier* transform_ = nullptr;
  bool both_ = false;  // a part of a date and an order
  bool good_ = true;
};

}  // namespace

bool IsOrder(Modifier m) {
  return m == Modifier::kLess || m == Modifier::kLessEqual || m == Modifier::kGreater ||
         m == Modifier::kGreaterEqual;
}
bool IsTimePart(Modifier m) {
  return m == Modifier::kMinute || m == Modifier::kHour || m == Modifier::kDay ||
         m == Modifier::kWeek || m == Modifier::kMonth || m == Modifier::kYear;
}
bool IsTransform(Modifier m) {
  return m == Modifier::kWindash || m == Modifier::kExpand || IsEncoding(m);
}

bool CheckModifiers(const FieldKey& key, Diagnostics& diagnostics) {
  return Checker(key, diagnostics).Run();
}

Comparison ComparisonOf(const FieldKey& key) {
  Comparison comparison = Comparison::kText;
  for (const PlacedModifier& placed : key.modifiers) {
    const Modifier m = placed.modifier;
    if (m == Modifier::kRegex) return Comparison::kRegex;
    if (m == Modifier::kCidr) return Comparison::kCidr;
    if (m == Modifier::kExists) return Comparison::kExists;
    if (m == Modifier::kFieldRef) return Comparison::kField;
    if (IsTimePart(m)) return Comparison::kTime;
    if (IsOrder(m)) comparison = Comparison::kNumber;
  }
  return comparison;
}

}  // namespace telltale::rules::sigma
