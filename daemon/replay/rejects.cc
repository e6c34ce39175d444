#include "daemon/replay/rejects.h"

#include <simdjson.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "daemon/telemetry/log.h"

namespace telltale::replay {
namespace {

absl::Status Failure(const std::string& path) {
  return absl::UnavailableError(absl::StrCat("cannot write '", path, "': ", std::strerror(errno)));
}

}  // namespace

RejectFile::~RejectFile() {
  if (file_ != nullptr) std::fclose(file_);
}

absl::Status RejectFile::Open(const std::string& path) {
  path_ = path;
  file_ = std::fopen(path.c_str(), "we");
  return file_ == nullptr ? Failure(path) : absl::OkStatus();
}

void RejectFile::Write(std::string_view stream, int64_t line, std::string_view reason,
                       int64_t delay, std::string_view raw) {
  if (file_ == nullptr) return;
  text_ = "{\"stream\":";
  telemetry::AppendJsonString(stream, text_);
  absl::StrAppend(&text_, ",\"line\":", line, ",\"reason\":");
  telemetry::AppendJsonString(reason, text_);
  if (delay >= 0) {
    absl::StrAppend(&text_, ",\"delay\":\"", absl::FormatDuration(absl::Nanoseconds(delay)), "\"");
  }
  if (simdjson::validate_utf8(raw.data(), raw.size())) {
    text_ += ",\"raw\":";
    telemetry::AppendJsonString(raw, text_);
  } else {
    absl::StrAppend(&text_, ",\"raw_base64\":\"",
                    absl::Base64Escape(absl::string_view(raw.data(), raw.size())), "\"");
  }
  text_ += "}\n";
  std::fwrite(text_.data(), 1, text_.size(), file_);
}

absl::Status RejectFile::Close() {
  if (file_ == nullptr) return absl::OkStatus();
  const bool failed = std::ferror(file_) != 0;
  const bool unclosed = std::fclose(file_) != 0;
  file_ = nullptr;
  return failed || unclosed ? Failure(path_) : absl::OkStatus();
}

}  // namespace telltale::replay
