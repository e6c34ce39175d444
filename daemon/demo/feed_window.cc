#include "daemon/demo/feed_window.h"

#include <cstddef>

namespace telltale::demo {

void FeedWindow::Write(int32_t bytes) {
  sizes_.push_back(bytes);
  ahead_bytes_ += bytes;
}

void FeedWindow::ReadUpTo(int64_t position) {
  while (read_records_ < position && read_records_ < records()) {
    ahead_bytes_ -= sizes_[static_cast<size_t>(read_records_++)];
  }
}

}  // namespace telltale::demo
