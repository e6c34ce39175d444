// Rows of so many 64-bit words each, which stay where they are and are used again.
//
// Owner: a matcher; rows live as long as the pool. Thread: the shard's. No allocation in steady
// state.
#ifndef TELLTALE_ENGINE_WINDOW_ROW_POOL_H_
#define TELLTALE_ENGINE_WINDOW_ROW_POOL_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace telltale::engine {

class RowPool {
 public:
  explicit RowPool(size_t words) : words_(words) {}

  uint64_t* New() {
    if (!free_.empty()) {
      uint64_t* row = free_.back();
      free_.pop_back();
      return row;
    }
    if (left_ == 0) {
      left_ = size_t{16} << std::min<size_t>(chunks_.size(), 8);
      // Not touched before it is used.
      chunks_.push_back(std::make_unique_for_overwrite<uint64_t[]>(left_ * words_));
      next_ = chunks_.back().get();
    }
    uint64_t* row = next_;
    next_ += words_;
    --left_;
    return row;
  }
  void Free(uint64_t* row) { free_.push_back(row); }

 private:
  size_t words_;
  std::vector<std::unique_ptr<uint64_t[]>> chunks_;
  std::vector<uint64_t*> free_;
  uint64_t* next_ = nullptr;
  size_t left_ = 0;  // of the last chunk
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_ROW_POOL_H_
