// A line of source as a terminal can show it, with a place in it underlined.
//
// A line is shown as cells: a tab is four of them, wide characters are two, combining ones none,
// and what a terminal could obey (control characters, bidirectional overrides) or could not decode
// is shown as '?'. Of a long line a window around the place is shown, and no more of it is looked
// at, however long it is.
//
// Owner: value types. Thread: any. Units: cells and bytes, as they are named. Errors: none; any
// bytes may be given.
#ifndef TELLTALE_RULES_MODEL_LINE_PICTURE_H_
#define TELLTALE_RULES_MODEL_LINE_PICTURE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace telltale::rules {

struct LinePicture {
  std::string line;   // what is shown of it
  size_t before = 0;  // cells before the underlined ones
  size_t marked = 1;  // cells that are underlined; at least one
};

// `begin` and `end` are bytes of the line.
LinePicture DrawLine(std::string_view line, size_t begin, size_t end);

// The user's words in a message may hold anything, too; a line break in them becomes a space.
std::string Printable(std::string_view text);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_LINE_PICTURE_H_
