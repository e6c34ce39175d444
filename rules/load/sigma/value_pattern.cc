#include "rules/load/sigma/value_pattern.h"

#include <iterator>
#include <utility>
#include <variant>

namespace telltale::rules::sigma {
namespace {

constexpr size_t kMostExpanded = 1'000'000;  // values that one text with placeholders stands for

// The texts that one value has become on its way through the modifiers: patterns, or, between an
// encoding and base64, bytes.
class Texts {
 public:
  explicit Texts(std::vector<TextPattern> patterns) : patterns_(std::move(patterns)) {}

  // Empty: done; else why it cannot be.
  std::string Apply(Modifier modifier) {
    switch (modifier) {
      case Modifier::kWindash:
        for (TextPattern& pattern : patterns_) pattern = Windash(pattern);
        return "";
      case Modifier::kWide:
      case Modifier::kUtf16:
      case Modifier::kUtf16Be:
        return Encode(modifier);
      case Modifier::kBase64:
      case Modifier::kBase64Offset:
        return EncodeBase64(modifier == Modifier::kBase64Offset);
      case Modifier::kContains:
      case Modifier::kStartsWith:
      case Modifier::kEndsWith:
        return Open(modifier);
      default:
        return "";
    }
  }

  // What is bytes yet has to be a text.
  std::string Finish() {
    if (!bytes_) return "";
    for (const Bytes8& bytes : *bytes_) {
      if (!IsUtf8(bytes))
        return "what this gives is no text that an event could have: put 'base64' or "
               "'base64offset' behind it";
      patterns_.emplace_back().AddText(bytes);
    }
    bytes_.reset();
    return "";
  }

  std::vector<TextPattern> Take() && { return std::move(patterns_); }

 private:
  std::string ToBytes() {
    if (bytes_) return "";
    std::vector<Bytes8> all;
    for (const TextPattern& pattern : patterns_) {
      std::variant<std::vector<Bytes8>, std::string> plain = PlainBytes(pattern);
      if (const auto* mistake = std::get_if<std::string>(&plain)) return *mistake;
      auto& variants = std::get<std::vector<Bytes8>>(plain);
      std::move(variants.begin(), variants.end(), std::back_inserter(all));
    }
    bytes_ = std::move(all);
    patterns_.clear();
    return "";
  }

  std::string Encode(Modifier modifier) {
    if (std::string mistake = ToBytes(); !mistake.empty()) return mistake;
    for (Bytes8& bytes : *bytes_)
      bytes = Utf16(bytes, modifier == Modifier::kUtf16Be, modifier == Modifier::kUtf16);
    return "";
  }

  std::string EncodeBase64(bool offsets) {
    if (std::string mistake = ToBytes(); !mistake.empty()) return mistake;
    for (const Bytes8& bytes : *bytes_) {
      if (!offsets) {
        patterns_.emplace_back().AddText(Base64(bytes));
        continue;
      }
      for (const std::string& form : Base64AtOffsets(bytes)) {
        if (form.empty()) return "the text is too short to be recognised inside of base64";
        patterns_.emplace_back().AddText(form);
      }
    }
    bytes_.reset();
    return "";
  }

  std::string Open(Modifier modifier) {
    if (std::string mistake = Finish(); !mistake.empty()) return mistake;
    for (TextPattern& pattern : patterns_) {
      if (modifier != Modifier::kStartsWith) pattern.OpenFront();
      if (modifier != Modifier::kEndsWith) pattern.OpenBack();
    }
    return "";
  }

  std::vector<TextPattern> patterns_;
  std::optional<std::vector<Bytes8>> bytes_;
};

bool HasPlace(const FieldKey& key) {
  return Find(key, Modifier::kContains) != nullptr || Find(key, Modifier::kStartsWith) != nullptr ||
         Find(key, Modifier::kEndsWith) != nullptr;
}

}  // namespace

std::optional<std::vector<std::string>> Expanded(const PlacedModifier& expand, const Node& value,
                                                 ReadContext& context) {
  const PlaceholderText found = FindPlaceholders(value.text.text());
  if (found.names.empty()) {
    context.diagnostics.Warning(kExpandsNothing, expand.span,
                                "'expand' has no effect: the value has no %placeholder%");
  }
  std::vector<std::string> texts = {found.texts.front()};
  for (size_t i = 0; i < found.names.size(); ++i) {
    const std::vector<std::string>* values =
        context.placeholders.find ? context.placeholders.find(found.names[i]) : nullptr;
    if (values == nullptr) {
      Diagnostic& error = context.diagnostics.Error(
          kNoPlaceholder, value.span,
          "%" + found.names[i] + "% needs a list '" + found.names[i] + "', and there is none");
      error.suggestion = Nearest(found.names[i], context.placeholders.names);
      error.notes.push_back("define it in any rule file: lists: { " + found.names[i] +
                            ": [ ... ] }");
      return std::nullopt;
    }
    if (texts.size() * values->size() > kMostExpanded) {
      context.diagnostics.Error(
          kBadSigmaValue, value.span,
          "the placeholders stand for more than " + std::to_string(kMostExpanded) + " texts");
      return std::nullopt;
    }
    std::vector<std::string> more;
    more.reserve(texts.size() * values->size());
    for (const std::string& text : texts) {
      for (const std::string& item : *values) more.push_back(text + item + found.texts[i + 1]);
    }
    texts = std::move(more);
  }
  return texts;
}

std::optional<std::vector<TextPattern>> PatternsOf(const FieldKey& key, const Node& value,
                                                   ReadContext& context) {
  std::vector<std::string> texts = {value.text.text()};
  if (const PlacedModifier* expand = Find(key, Modifier::kExpand)) {
    std::optional<std::vector<std::string>> expanded = Expanded(*expand, value, context);
    if (!expanded) return std::nullopt;
    texts = *std::move(expanded);
  }
  std::vector<TextPattern> patterns;
  patterns.reserve(texts.size());
  for (const std::string& text : texts) patterns.push_back(ParseValue(text));
  Texts state(std::move(patterns));
  std::string mistake;
  for (const PlacedModifier& placed : key.modifiers) {
    mistake = state.Apply(placed.modifier);
    if (!mistake.empty()) break;
  }
  if (mistake.empty()) mistake = state.Finish();
  // A keyword may stand anywhere in a value.
  if (mistake.empty() && key.field.empty() && !HasPlace(key))
    mistake = state.Apply(Modifier::kContains);
  if (!mistake.empty()) {
    context.diagnostics.Error(kBadSigmaValue, value.span, mistake);
    return std::nullopt;
  }
  return std::move(state).Take();
}

}  // namespace telltale::rules::sigma
