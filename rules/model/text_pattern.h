// A text with wildcards, as Sigma's values are: what the loader makes of them, and what the engine
// matches.
//
// Its canonical form, in which it stands as a constant in an expression, is
//   pattern = { "*" | "?" | "\*" | "\?" | "\\" | "\-" | other byte }
// where `*` is any text, `?` one character (a code point), `\-` any of the dashes that a Windows
// program takes before an option, and the other escapes are the byte itself.
//
// Owner: value type. Thread: any. Errors: none; every text is a pattern.
#ifndef TELLTALE_RULES_MODEL_TEXT_PATTERN_H_
#define TELLTALE_RULES_MODEL_TEXT_PATTERN_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::rules {

// Hyphen, slash, en dash, em dash, horizontal bar: |windash takes each for any other.
inline constexpr std::array<std::string_view, 5> kDashes = {"-", "/", "\u2013", "\u2014", "\u2015"};

struct PatternPart {
  enum class Kind : uint8_t { kText, kAnyText, kAnyCharacter, kDash };
  Kind kind = Kind::kText;
  std::string text;  // of kText; not empty
  bool operator==(const PatternPart&) const = default;
};

class TextPattern {
 public:
  TextPattern() = default;  // matches the empty text
  static TextPattern Parse(std::string_view canonical);

  // Two texts in a row are one, and so are two kAnyText.
  void AddText(std::string_view text);
  void Add(PatternPart::Kind kind);  // REQUIRES: not kText
  // Makes it match anywhere in a text, at its beginning or at its end.
  void OpenFront();
  void OpenBack();

  const std::vector<PatternPart>& parts() const { return parts_; }
  bool HasWildcard() const;  // kAnyText or kAnyCharacter
  std::string ToString() const;
  bool operator==(const TextPattern&) const = default;

 private:
  std::vector<PatternPart> parts_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_TEXT_PATTERN_H_
