#include "daemon/report/place.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace telltale::report {
namespace {

void WritePoint(uint32_t byte, rules::LineColumn at, JsonWriter& json) {
  json.BeginObject();
  json.Key("byte").Number(byte).Key("line").Number(at.line).Key("column").Number(at.column);
  json.EndObject();
}

}  // namespace

Place PlaceOf(const rules::Span& span) {
  const uint32_t end = std::max(span.begin, span.end);
  return {span.file->path(), span.begin, end, span.file->Locate(span.begin),
          span.file->Locate(end)};
}

void WritePlace(const rules::Span& span, JsonWriter& json) {
  const Place place = PlaceOf(span);
  json.BeginObject().Key("file").Text(place.file).Key("begin");
  WritePoint(place.begin_byte, place.begin, json);
  json.Key("end");
  WritePoint(place.end_byte, place.end, json);
  json.EndObject();
}

std::string UriOf(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "";
  // A first segment with a colon would be read as a scheme.
  const size_t colon = path.find(':');
  if (!path.starts_with('/') && colon < path.find('/')) uri = "./";
  for (const char c : path) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
        std::string_view("-._~/:@!$&'()*+,;=").find(c) != std::string_view::npos) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += kHex[byte >> 4];
      uri += kHex[byte & 15];
    }
  }
  return uri;
}

}  // namespace telltale::report
