#include "rules/load/yaml/values.h"

#include <algorithm>
#include <variant>

#include "rules/load/yaml/quantity.h"

namespace telltale::rules {
namespace {

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  }
  return text;
}

const LaterWord* FindLater(const std::vector<LaterWord>& later, std::string_view word) {
  const auto found =
      std::find_if(later.begin(), later.end(), [&](const LaterWord& l) { return l.word == word; });
  return found == later.end() ? nullptr : &*found;
}

// Long and multi-line texts would drown the message.
std::string Shown(std::string_view text) {
  constexpr size_t kLongest = 60;
  return text.size() <= kLongest ? std::string(text)
                                 : std::string(text.substr(0, kLongest)) + "...";
}

}  // namespace

const ReadCodes kRuleCodes = {kUnknownKey, kMissingKey,  kWrongKind, kUnknownWord,
                              kOutOfRange, kBadDuration, kEmptyValue};

bool ValueReader::Map(const Node& node, const KeySet& keys, bool* later_found) {
  if (node.kind != NodeKind::kMap) {
    WrongKind(node, keys.owner, "a map");
    return false;
  }
  for (const Entry& entry : node.entries) {
    const std::string& word = entry.key.text();
    const auto known = std::find_if(keys.known.begin(), keys.known.end(),
                                    [&](const Key& key) { return key.name == word; });
    if (known != keys.known.end()) continue;
    if (const LaterWord* later = FindLater(keys.later, word)) {
      diagnostics_.Error(later->code, entry.key.Whole(), std::string(later->message));
      if (later_found != nullptr) *later_found = true;
      continue;
    }
    Diagnostic& error =
        diagnostics_.Error(codes_.unknown_key, entry.key.Whole(),
                           "unknown key '" + Shown(word) + "' in " + std::string(keys.owner));
    const std::vector<std::string> names = keys.Names();
    error.suggestion = Nearest(word, names);
    if (error.suggestion.empty()) error.notes.push_back("its keys are " + Join(names));
  }
  return true;
}

const Node* ValueReader::Required(const Node& map, std::string_view key, const Span& place,
                                  std::string_view owner) {
  const Node* value = map.Find(key);
  if (value == nullptr) {
    diagnostics_.Error(codes_.missing_key, place,
                       std::string(owner) + " needs '" + std::string(key) + "'");
  }
  return value;
}

std::optional<LocatedText> ValueReader::Text(const Node& node, std::string_view what) {
  if (!node.is_scalar()) {
    WrongKind(node, what, "text");
    return std::nullopt;
  }
  const std::string& text = node.text.text();
  if (node.kind == NodeKind::kNull || text.find_first_not_of(" \t\r\n") == std::string::npos) {
    diagnostics_.Error(codes_.empty_value, node.span, std::string(what) + " is empty");
    return std::nullopt;
  }
  return node.text;
}

std::optional<bool> ValueReader::Bool(const Node& node, std::string_view what) {
  if (node.kind == NodeKind::kBool) return node.boolean;
  WrongKind(node, what, "true or false");
  return std::nullopt;
}

std::optional<int64_t> ValueReader::Int(const Node& node, std::string_view what, int64_t least,
                                        int64_t greatest) {
  const bool integer = node.kind == NodeKind::kInt;
  const bool huge =
      node.kind == NodeKind::kFloat && node.text.text().find_first_of(".eEnN") == std::string::npos;
  if (!integer && !huge) {
    WrongKind(node, what, "an integer");
    return std::nullopt;
  }
  if (huge || node.integer < least || node.integer > greatest) {
    diagnostics_.Error(codes_.out_of_range, node.span,
                       std::string(what) + " must be from " + std::to_string(least) + " to " +
                           std::to_string(greatest));
    return std::nullopt;
  }
  return node.integer;
}

std::optional<int64_t> ValueReader::Duration(const Node& node, std::string_view what,
                                             int64_t least) {
  const std::optional<LocatedText> text = Text(node, what);
  if (!text) return std::nullopt;
  const Quantity parsed = ParseDuration(text->text());
  if (const auto* message = std::get_if<std::string>(&parsed)) {
    diagnostics_.Error(codes_.bad_quantity, node.span, std::string(what) + ": " + *message);
    return std::nullopt;
  }
  const int64_t value = std::get<int64_t>(parsed);
  if (value < least) {
    diagnostics_.Error(codes_.out_of_range, node.span,
                       std::string(what) + " must be " + FormatDuration(least) + " or longer");
    return std::nullopt;
  }
  return value;
}

std::optional<int64_t> ValueReader::Bytes(const Node& node, std::string_view what, int64_t least,
                                          int64_t greatest) {
  const std::optional<LocatedText> text = Text(node, what);
  if (!text) return std::nullopt;
  const Quantity parsed = ParseBytes(text->text());
  if (const auto* message = std::get_if<std::string>(&parsed)) {
    diagnostics_.Error(codes_.bad_quantity, node.span, std::string(what) + ": " + *message);
    return std::nullopt;
  }
  const int64_t value = std::get<int64_t>(parsed);
  if (value < least || value > greatest) {
    const bool bounded = greatest != INT64_MAX;
    diagnostics_.Error(codes_.out_of_range, node.span,
                       std::string(what) + " must be " +
                           (bounded ? "from " + FormatBytes(least) + " to " + FormatBytes(greatest)
                                    : FormatBytes(least) + " or more"));
    return std::nullopt;
  }
  return value;
}

std::optional<std::vector<LocatedText>> ValueReader::Texts(const Node& node, std::string_view what,
                                                           size_t most) {
  std::vector<LocatedText> texts;
  if (node.kind != NodeKind::kSequence) {
    if (node.kind == NodeKind::kMap) {
      WrongKind(node, what, "text or a list of texts");
      return std::nullopt;
    }
    std::optional<LocatedText> text = Text(node, what);
    if (!text) return std::nullopt;
    texts.push_back(*std::move(text));
    return texts;
  }
  if (node.items.size() > most) {
    diagnostics_.Error(codes_.out_of_range, node.items[most].span,
                       std::string(what) + " holds at most " + std::to_string(most) +
                           " items, and this is one of " + std::to_string(node.items.size()));
    return std::nullopt;
  }
  bool good = true;
  for (const Node& item : node.items) {
    std::optional<LocatedText> text = Text(item, std::string("an item of ") + std::string(what));
    good = good && text.has_value();
    if (text) texts.push_back(*std::move(text));
  }
  if (!good) return std::nullopt;
  return texts;
}

bool ValueReader::Sequence(const Node& node, std::string_view what) {
  if (node.kind != NodeKind::kSequence) {
    WrongKind(node, what, "a list");
    return false;
  }
  if (node.items.empty()) {
    diagnostics_.Error(codes_.empty_value, node.span, std::string(what) + " is empty");
    return false;
  }
  return true;
}

void ValueReader::RefuseWord(const LocatedText& text, std::string_view what,
                             const std::vector<std::string>& known,
                             const std::vector<LaterWord>& later) {
  if (const LaterWord* word = FindLater(later, text.text())) {
    diagnostics_.Error(word->code, text.Whole(), std::string(word->message));
    return;
  }
  Diagnostic& error =
      diagnostics_.Error(codes_.unknown_word, text.Whole(),
                         std::string(what) + " cannot be '" + Shown(text.text()) + "'");
  error.suggestion = Nearest(text.text(), known);
  if (error.suggestion.empty()) error.notes.push_back("known are " + Join(known));
}

void ValueReader::WrongKind(const Node& node, std::string_view what, std::string_view wanted) {
  diagnostics_.Error(codes_.wrong_kind, node.span,
                     std::string(what) + " must be " + std::string(wanted) + ", and this is " +
                         KindName(node.kind));
}

}  // namespace telltale::rules
