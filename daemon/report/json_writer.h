// JSON text, written member by member: commas, quotes and escapes are its business.
//
//   JsonWriter json;
//   json.BeginObject().Key("line").Number(3).Key("notes").BeginArray().Text("a").EndArray();
//   json.EndObject();
//
// Owner: who writes. Thread: one. REQUIRES: values and ends stand where JSON has them. Errors:
// none; bytes that are no UTF-8 become U+FFFD.
#ifndef TELLTALE_DAEMON_REPORT_JSON_WRITER_H_
#define TELLTALE_DAEMON_REPORT_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace telltale::report {

class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  JsonWriter& Key(std::string_view name);
  JsonWriter& Text(std::string_view text);
  JsonWriter& Number(uint64_t number);
  JsonWriter& Bool(bool value);

  std::string Take() { return std::move(text_); }

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  void Separate();

  std::string text_;
  bool first_ = true;  // the next value needs no comma before it
};

}  // namespace telltale::report

#endif  // TELLTALE_DAEMON_REPORT_JSON_WRITER_H_
