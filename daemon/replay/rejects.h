// Files of what a replay could not use: one JSON object a line, with the line as it was.
//
//   {"stream":"logins","line":17,"reason":"late","delay":"1.5s","raw":"{...}"}
//
// `line` counts from 0, as the offsets of alerts do. Bytes that are no UTF-8 are kept as
// `raw_base64` instead. Owner: a replay. Thread: one. Errors: Close tells them.
#ifndef TELLTALE_DAEMON_REPLAY_REJECTS_H_
#define TELLTALE_DAEMON_REPLAY_REJECTS_H_

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace telltale::replay {

class RejectFile {
 public:
  RejectFile() = default;
  ~RejectFile();
  RejectFile(const RejectFile&) = delete;
  RejectFile& operator=(const RejectFile&) = delete;

  // Without Open nothing is written.
  absl::Status Open(const std::string& path);
  // `delay` in nanoseconds; negative: there is none to tell.
  void Write(std::string_view stream, int64_t line, std::string_view reason, int64_t delay,
             std::string_view raw);
  absl::Status Close();

 private:
  std::string path_;
  std::FILE* file_ = nullptr;
  std::string text_;
};

}  // namespace telltale::replay

#endif  // TELLTALE_DAEMON_REPLAY_REJECTS_H_
