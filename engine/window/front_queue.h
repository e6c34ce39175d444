// A queue in one vector: pushed at the back, taken from either end.
//
// What has been taken from the front is closed up when it is more than half, so that it costs O(1)
// amortised and no allocation in steady state. Owner: the holder. Thread: plain data.
#ifndef TELLTALE_ENGINE_WINDOW_FRONT_QUEUE_H_
#define TELLTALE_ENGINE_WINDOW_FRONT_QUEUE_H_

#include <cstddef>
#include <span>
#include <vector>

namespace telltale::engine {

template <typename T>
class FrontQueue {
 public:
  bool empty() const { return head_ == items_.size(); }
  size_t size() const { return items_.size() - head_; }
  T& operator[](size_t i) { return items_[head_ + i]; }
  const T& operator[](size_t i) const { return items_[head_ + i]; }
  T& front() { return items_[head_]; }
  const T& front() const { return items_[head_]; }
  T& back() { return items_.back(); }
  const T& back() const { return items_.back(); }

  std::span<const T> items() const { return std::span<const T>(items_).subspan(head_); }

  void PushBack(const T& item) {
    if (head_ >= kSlack && 2 * head_ >= items_.size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<ptrdiff_t>(head_));
      head_ = 0;
    }
    items_.push_back(item);
  }
  void PopFront() {
    if (++head_ == items_.size()) Reset();
  }
  void PopBack() {
    items_.pop_back();
    if (head_ == items_.size()) Reset();
  }
  // Memory beyond `keep` items is given back.
  void Clear(size_t keep = 1024) {
    Reset();
    if (items_.capacity() > keep) std::vector<T>().swap(items_);
  }

 private:
  static constexpr size_t kSlack = 16;
  void Reset() {
    items_.clear();
    head_ = 0;
  }

  std::vector<T> items_;
  size_t head_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_FRONT_QUEUE_H_
