// Where tests take their random decisions from: a seed, or the bytes of a fuzzer.
//
// Owner: the test. Thread: one at a time.
#ifndef TELLTALE_TESTS_MODEL_CHOICES_H_
#define TELLTALE_TESTS_MODEL_CHOICES_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>

namespace telltale::model {

class Choices {
 public:
  explicit Choices(uint64_t seed) : random_(seed) {}
  // A byte a decision; where they are used up, each decision is the first of its possibilities.
  Choices(const uint8_t* bytes, size_t size) : bytes_(bytes), left_(size), fuzzed_(true) {}

  // REQUIRES: high - low < 256.
  int Between(int low, int high) {
    return low + static_cast<int>(Next() % static_cast<uint64_t>(high - low + 1));
  }
  // False where no bytes are left.
  bool OneIn(int n) { return Between(1, n) == n; }
  template <typename T>
  T OneOf(std::initializer_list<T> all) {
    return *(all.begin() + Between(0, static_cast<int>(all.size()) - 1));
  }
  bool used_up() const { return fuzzed_ && left_ == 0; }

 private:
  uint64_t Next() {
    if (!fuzzed_) return random_();
    if (left_ == 0) return 0;
    --left_;
    return *bytes_++;
  }

  std::mt19937_64 random_;  // the standard fixes its numbers
  const uint8_t* bytes_ = nullptr;
  size_t left_ = 0;
  bool fuzzed_ = false;
};

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_CHOICES_H_
