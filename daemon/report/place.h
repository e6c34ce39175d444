// A span as lines, columns and bytes.
//
// Owner: value type. Thread: any. Units: lines and columns from 1, columns in code points, bytes
// from 0; the end is exclusive. Errors: none.
#ifndef TELLTALE_DAEMON_REPORT_PLACE_H_
#define TELLTALE_DAEMON_REPORT_PLACE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/report/json_writer.h"
#include "rules/model/source.h"

namespace telltale::report {

struct Place {
  std::string_view file;
  uint32_t begin_byte = 0;
  uint32_t end_byte = 0;
  rules::LineColumn begin;
  rules::LineColumn end;
};

// REQUIRES: the span has a file.
Place PlaceOf(const rules::Span& span);

// {"file": ..., "begin": {"byte", "line", "column"}, "end": {...}}
void WritePlace(const rules::Span& span, JsonWriter& json);

// A path as a URI reference: relative ones stay relative, absolute ones become file:///...
std::string UriOf(std::string_view path);

}  // namespace telltale::report

#endif  // TELLTALE_DAEMON_REPORT_PLACE_H_
