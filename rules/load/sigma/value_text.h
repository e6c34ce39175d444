// What Sigma makes of the text of a value: wildcards and their escapes, placeholders, and the
// encodings that modifiers ask for.
//
// Source: Sigma rules specification 2.1 ("String Wildcard", "Escape Character", "Placeholders") and
// its modifiers appendix. Owner: values. Thread: no state, any. Errors: a message in the user's
// words, where a text has no such form.
#ifndef TELLTALE_RULES_LOAD_SIGMA_VALUE_TEXT_H_
#define TELLTALE_RULES_LOAD_SIGMA_VALUE_TEXT_H_

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/model/text_pattern.h"

namespace telltale::rules::sigma {

// `*` and `?` are wildcards; a backslash before one of them, or before a backslash, takes it as it
// is; any other backslash is one.
TextPattern ParseValue(std::string_view text);

// A text with %placeholders%: the texts between them, one more than there are names. `\%` is a
// percent sign.
struct PlaceholderText {
  std::vector<std::string> texts;  // yet to be parsed for wildcards
  std::vector<std::string> names;
};
PlaceholderText FindPlaceholders(std::string_view text);

// Every dash that may begin an option (no word character before it, one behind) becomes any dash.
TextPattern Windash(const TextPattern& pattern);

using Bytes8 = std::string;  // bytes that need not be UTF-8

// The bytes that the pattern stands for, one for each choice of dashes; or why there are none.
std::variant<std::vector<Bytes8>, std::string> PlainBytes(const TextPattern& pattern);

// UTF-16 of UTF-8 text, little endian unless `big`; `mark`: a byte order mark first.
Bytes8 Utf16(std::string_view text, bool big, bool mark);

std::string Base64(std::string_view bytes);
// What is the same in every base64 text that has the bytes somewhere in what it encodes: one for
// each of the three places in a group of three that they can begin at.
std::vector<std::string> Base64AtOffsets(std::string_view bytes);

bool IsUtf8(std::string_view bytes);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_VALUE_TEXT_H_
