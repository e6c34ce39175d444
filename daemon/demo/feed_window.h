// How far the writing of one partition may be ahead of its reading.
//
// The mock cluster trims a partition at 5 MB without a word, so at most kRecords records and kBytes
// bytes of it are written and not read. Owner: the feeder. Thread: the feeder's. Units: bytes.
// Errors: none.
#ifndef TELLTALE_DAEMON_DEMO_FEED_WINDOW_H_
#define TELLTALE_DAEMON_DEMO_FEED_WINDOW_H_

#include <cstdint>
#include <vector>

namespace telltale::demo {

class FeedWindow {
 public:
  static constexpr int64_t kRecords = 20'000;
  static constexpr int64_t kBytes = 4'000'000;

  bool full() const { return records() - read_records_ >= kRecords || ahead_bytes_ >= kBytes; }
  int64_t records() const { return static_cast<int64_t>(sizes_.size()); }  // written

  void Write(int32_t bytes);
  // All below `position` is read; it may lie beyond what is written, and does not go back.
  void ReadUpTo(int64_t position);

 private:
  std::vector<int32_t> sizes_;  // by offset
  int64_t read_records_ = 0;
  int64_t ahead_bytes_ = 0;
};

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_FEED_WINDOW_H_
