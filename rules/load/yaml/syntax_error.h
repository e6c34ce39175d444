// What an author did, where yaml-cpp says that it cannot go on.
//
// The parser names what it missed ("end of map not found"); the mistakes behind it are few: a value
// that needs quotes, an indentation that fits nothing, a bracket or a quote that is not closed, a
// tab. They are told from the text around the place.
//
// Owner: the reader; what it returns is a value. Thread: no state, any. Units: bytes of the file.
// Errors: none; where nothing better is known, the parser's own words.
#ifndef TELLTALE_RULES_LOAD_YAML_SYNTAX_ERROR_H_
#define TELLTALE_RULES_LOAD_YAML_SYNTAX_ERROR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::rules {

struct SyntaxError {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string message;
  std::string note;                 // what to do; may be empty
  std::optional<uint32_t> further;  // another place that takes part ...
  std::string further_message;      // ... and how
};

// Where the parser stood when it gave up, and in what.
struct SyntaxFailure {
  uint32_t at = 0;
  std::string_view said;
  std::optional<uint32_t> open_bracket;  // the innermost '[' or '{' that is open
};

SyntaxError ExplainSyntax(std::string_view text, const SyntaxFailure& failure);

// Past the closing quote of the scalar whose opening quote stands at `begin`; npos: there is none.
size_t QuotedEnd(std::string_view text, size_t begin);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_SYNTAX_ERROR_H_
