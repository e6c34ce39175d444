// Objects that are used again, with the memory that they have grown to: no allocation in steady
// state.
//
// T has a Clear() that makes it as new; one that has grown large gives its memory back there.
// Owner: a matcher; objects live as long as the pool. Thread: the shard's.
#ifndef TELLTALE_ENGINE_WINDOW_OBJECT_POOL_H_
#define TELLTALE_ENGINE_WINDOW_OBJECT_POOL_H_

#include <deque>
#include <vector>

namespace telltale::engine {

template <typename T>
class ObjectPool {
 public:
  T* New() {
    if (free_.empty()) return &all_.emplace_back();
    T* object = free_.back();
    free_.pop_back();
    return object;
  }
  void Free(T* object) {
    object->Clear();
    free_.push_back(object);
  }

 private:
  std::deque<T> all_;
  std::vector<T*> free_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_OBJECT_POOL_H_
