// Reads maps of known keys and typed values out of a YAML tree, and says what is wrong with them.
//
// Rules and the config have keys, words and kinds of values in common, but codes of their own: a
// ReadCodes says which to use. A KeySet says which keys a map may have and which words belong to a
// later version of the language. Every method reports for itself and returns nothing where the
// value cannot be used, so that a caller goes on to the next.
//
// Owner: borrows the tree and the diagnostics. Thread: one at a time. Units: nanoseconds, bytes.
// Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_YAML_VALUES_H_
#define TELLTALE_RULES_LOAD_YAML_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/yaml/key_set.h"
#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"

namespace telltale::rules {

struct ReadCodes {
  Code unknown_key;
  Code missing_key;
  Code wrong_kind;
  Code unknown_word;
  Code out_of_range;
  Code bad_quantity;
  Code empty_value;
};

// Those of rule files; the config has its own.
extern const ReadCodes kRuleCodes;

class ValueReader {
 public:
  ValueReader(const ReadCodes& codes, Diagnostics& diagnostics)
      : codes_(codes), diagnostics_(diagnostics) {}

  // Whether the node is a map; where it is one, every key that `keys` does not have is refused.
  // `later_found`, if not null, is set where a word of a later version was among them.
  bool Map(const Node& node, const KeySet& keys, bool* later_found = nullptr);
  // The value of a required key, or an error at `place`.
  const Node* Required(const Node& map, std::string_view key, const Span& place,
                       std::string_view owner);

  // `what` names the value in messages: "'within'".
  std::optional<LocatedText> Text(const Node& node,
                                  std::string_view what);  // any scalar; not empty
  std::optional<bool> Bool(const Node& node, std::string_view what);
  std::optional<int64_t> Int(const Node& node, std::string_view what, int64_t least,
                             int64_t greatest);
  std::optional<int64_t> Duration(const Node& node, std::string_view what, int64_t least = 0);
  std::optional<int64_t> Bytes(const Node& node, std::string_view what, int64_t least = 0,
                               int64_t greatest = INT64_MAX);
  // One text or a list of them, at most so many.
  std::optional<std::vector<LocatedText>> Texts(const Node& node, std::string_view what,
                                                size_t most = SIZE_MAX);
  bool Sequence(const Node& node, std::string_view what);

  template <typename Enum>
  using Words = std::vector<std::pair<std::string_view, Enum>>;

  template <typename Enum>
  std::optional<Enum> Word(const Node& node, std::string_view what, const Words<Enum>& words,
                           const std::vector<LaterWord>& later = {}) {
    const std::optional<LocatedText> text = Text(node, what);
    if (!text) return std::nullopt;
    return Word(*text, what, words, later);
  }
  template <typename Enum>
  std::optional<Enum> Word(const LocatedText& text, std::string_view what, const Words<Enum>& words,
                           const std::vector<LaterWord>& later = {}) {
    for (const auto& [word, value] : words) {
      if (word == text.text()) return value;
    }
    std::vector<std::string> known;
    for (const auto& entry : words) known.emplace_back(entry.first);
    RefuseWord(text, what, known, later);
    return std::nullopt;
  }

  const ReadCodes& codes() const { return codes_; }
  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  void RefuseWord(const LocatedText& text, std::string_view what,
                  const std::vector<std::string>& known, const std::vector<LaterWord>& later);
  void WrongKind(const Node& node, std::string_view what, std::string_view wanted);

  const ReadCodes& codes_;
  Diagnostics& diagnostics_;
};

// The words of a choice, for the table of the key that takes it.
template <typename Enum>
Takes OneOf(const ValueReader::Words<Enum>& words) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : words) names.push_back(name);
  return Takes::Word(std::move(names));
}

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_VALUES_H_
