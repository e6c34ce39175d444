// The lines of a file, a pipe or standard input, one after the other.
//
// Owner: a replay's input. Thread: one. Units: bytes; lines are numbered from 0. Errors: a status
// where reading fails; a last line without a line break is a line.
#ifndef TELLTALE_DAEMON_REPLAY_LINE_READER_H_
#define TELLTALE_DAEMON_REPLAY_LINE_READER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace telltale::replay {

class LineReader {
 public:
  // "-" is standard input. A folder, or a file that cannot be opened, is an error.
  static absl::StatusOr<LineReader> Open(const std::string& path);
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  // The next line without its line break, valid until the next call; false at the end, or where
  // reading failed (status).
  bool Next(std::string_view& line);
  int64_t number() const { return number_; }  // of the line that Next gave last
  const absl::Status& status() const { return status_; }

  int64_t bytes_read() const { return bytes_read_; }
  int64_t size() const { return size_; }  // of a regular file; 0: not known

 private:
  LineReader(std::string path, int fd, int64_t size);
  bool Fill();

  std::string path_;
  int fd_ = -1;
  int64_t size_ = 0;
  std::vector<char> buffer_;
  size_t begin_ = 0;  // of what is not handed out yet
  size_t end_ = 0;
  bool at_end_ = false;
  int64_t number_ = -1;
  int64_t bytes_read_ = 0;
  absl::Status status_;
};

}  // namespace telltale::replay

#endif  // TELLTALE_DAEMON_REPLAY_LINE_READER_H_
