// The memory that evaluations work in: registers, strings and lists that an expression makes, and
// what the evaluation may still cost.
//
// Everything in it is used again by the next evaluation, so that nothing is allocated once it has
// grown to what the expressions need. What grows is bounded by the budget: 16 bytes cost one unit,
// like an element looked at.
//
// Owner: each thread owns one. Thread: that one alone. Errors: a spent budget makes Allocate return
// null and Charge false; the operations then give an error kBudget.
#ifndef TELLTALE_ENGINE_CONDITION_SCRATCH_H_
#define TELLTALE_ENGINE_CONDITION_SCRATCH_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "engine/event/value.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace telltale::engine {

// Memory that is given out piece by piece, 16-aligned, and taken back all at once. Pieces do not
// move.
class Arena {
 public:
  char* Allocate(size_t bytes);
  // Takes back what was given out, and keeps the room for it.
  void Reset();

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    size_t size = 0;
  };
  char* Grow(size_t bytes);

  std::vector<Chunk> chunks_;
  size_t used_ = 0;  // of the last chunk
};

class Scratch {
 public:
  static constexpr int64_t kDefaultBudget = 1'000'000;

  explicit Scratch(int64_t budget = kDefaultBudget);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // Begins an evaluation: what the last one left becomes invalid. Returns the registers, which hold
  // anything.
  Value* Begin(uint32_t registers) {
    if (registers > registers_.size()) registers_.resize(registers);
    if (dirty_) {
      arena_.Reset();
      dirty_ = false;
    }
    left_ = budget_;
    return registers_.data();
  }

  // False: the evaluation has spent its budget.
  bool Charge(uint64_t cost) {
    left_ -= static_cast<int64_t>(cost);
    return left_ >= 0;
  }

  bool spent() const { return left_ < 0; }

  // Null: the budget is spent.
  char* Allocate(size_t bytes) {
    if (!Charge(bytes / 16 + 1)) return nullptr;
    dirty_ = true;
    return arena_.Allocate(bytes);
  }
  template <typename T>
  T* AllocateArray(size_t count) {
    return reinterpret_cast<T*>(Allocate(count * sizeof(T)));
  }

  // An empty text to write a result into before it is copied, which keeps its memory from one use
  // to the next, if that is not too much. For one function at a time.
  std::string& Text();

  // A pattern that was computed, which is charged by its size and that of its program; null where
  // it does not compile, or the budget is spent. Those met last are kept.
  const re2::RE2* Regex(std::string_view pattern);
  // A time zone by its IANA name; null where there is none of that name. Those met last are kept.
  const absl::TimeZone* Zone(std::string_view name);

 private:
  static constexpr size_t kMostKeptText = size_t{64} << 10;
  static constexpr size_t kMaxRegexes = 64;
  static constexpr size_t kMaxZones = 1024;  // IANA has about 600

  std::vector<Value> registers_;
  Arena arena_;
  bool dirty_ = false;
  int64_t budget_;
  int64_t left_ = 0;
  std::string text_;
  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> regexes_;
  std::map<std::string, std::optional<absl::TimeZone>, std::less<>> zones_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_SCRATCH_H_
