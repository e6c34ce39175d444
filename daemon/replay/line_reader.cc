#include "daemon/replay/line_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace telltale::replay {
namespace {

constexpr size_t kChunk = 1 << 20;

absl::Status Failure(const std::string& path, int error) {
  return absl::UnavailableError(absl::StrCat("cannot read '", path, "': ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<LineReader> LineReader::Open(const std::string& path) {
  const int fd = path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Failure(path, errno);
  LineReader reader(path, fd, 0);
  struct stat info = {};
  if (fstat(fd, &info) != 0) return Failure(path, errno);
  if (S_ISDIR(info.st_mode)) return Failure(path, EISDIR);
  if (S_ISREG(info.st_mode)) reader.size_ = info.st_size;
  return reader;
}

LineReader::LineReader(std::string path, int fd, int64_t size)
    : path_(std::move(path)), fd_(fd), size_(size), buffer_(2 * kChunk) {}

LineReader::LineReader(LineReader&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_),
      end_(other.end_),
      at_end_(other.at_end_),
      number_(other.number_),
      bytes_read_(other.bytes_read_),
      status_(std::move(other.status_)) {}

LineReader::~LineReader() {
  if (fd_ >= 0) close(fd_);
}

// Reads more behind what is there; false at the end of the input.
bool LineReader::Fill() {
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < kChunk) buffer_.resize(buffer_.size() * 2);
  ssize_t got = 0;
  do {
    got = read(fd_, buffer_.data() + end_, kChunk);
  } while (got < 0 && errno == EINTR);
  if (got < 0) status_ = Failure(path_, errno);
  if (got <= 0) return false;
  end_ += static_cast<size_t>(got);
  bytes_read_ += got;
  return true;
}

bool LineReader::Next(std::string_view& line) {
  size_t searched = 0;
  while (true) {
    const char* const start = buffer_.data() + begin_;
    const size_t there = end_ - begin_;
    const void* const found =
        there == searched ? nullptr : std::memchr(start + searched, '\n', there - searched);
    if (found != nullptr) {
      const auto length = static_cast<size_t>(static_cast<const char*>(found) - start);
      line = std::string_view(start, length);
      begin_ += length + 1;
      ++number_;
      return true;
    }
    searched = there;
    if (!at_end_ && Fill()) continue;
    at_end_ = true;
    if (!status_.ok() || begin_ == end_) return false;
    line = std::string_view(buffer_.data() + begin_, end_ - begin_);
    begin_ = end_;
    ++number_;
    return true;
  }
}

}  // namespace telltale::replay
