// One pattern of text (rules/model/text_pattern.h), made ready to match, and many of which any will
// do.
//
// Without `cased` letters of ASCII match in either case; where the pattern itself has characters
// beyond ASCII it goes through RE2, which folds as Unicode's simple folding does. Matching
// allocates nothing and takes time in the length of the text times that of a piece between two
// stars, at worst.
//
// A TextSet looks texts without wildcards up by hash, and searches for many parts (`*part*`) in one
// pass over the text: at each place its two bytes tell whether any part could begin there.
//
// Owner: the program that asks. Thread: immutable once built, any. Errors: none.
#ifndef TELLTALE_ENGINE_CONDITION_TEXT_MATCHER_H_
#define TELLTALE_ENGINE_CONDITION_TEXT_MATCHER_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"
#include "rules/model/text_pattern.h"

namespace telltale::engine {

// The byte with which two bytes are compared: in lower case, where it is a letter of ASCII.
char FoldByte(char c);

class TextMatcher {
 public:
  TextMatcher(const rules::TextPattern& pattern, bool cased);

  bool Matches(std::string_view text) const;

 private:
  // What stands between two stars: bytes, or one of the two below.
  struct Piece {
    std::vector<uint16_t> units;
    size_t characters = 0;
  };
  static constexpr uint16_t kAnyCharacter = 256;
  static constexpr uint16_t kDash = 257;
  static constexpr size_t kNone = SIZE_MAX;

  void AddPieces(const rules::TextPattern& pattern);
  char Fold(char c) const { return cased_ ? c : FoldByte(c); }
  // Where the piece ends if it begins at `at`; kNone: it does not.
  size_t EndAt(const Piece& piece, std::string_view text, size_t at) const;
  // Where the first one from `from` on ends; kNone: there is none.
  size_t EndOfFirst(const Piece& piece, std::string_view text, size_t from) const;

  bool cased_;
  bool open_front_ = false;
  bool open_back_ = false;
  std::vector<Piece> pieces_;
  std::shared_ptr<const re2::RE2> regex_;  // null: the pieces
};

// Finds whether any of many texts is part of another.
class PartFinder {
 public:
  PartFinder(std::vector<std::string> parts, bool cased);
  bool AnyIn(std::string_view text) const;
  bool empty() const { return parts_.empty(); }

 private:
  static constexpr size_t kStarts = 4096;
  static size_t StartOf(uint16_t pair) { return (pair ^ pair >> 4) % kStarts; }
  char Fold(char c) const { return cased_ ? c : FoldByte(c); }

  bool cased_;
  std::bitset<kStarts> starts_;
  std::vector<std::pair<uint16_t, std::string>> parts_;  // by their first two bytes, folded
};

class TextSet {
 public:
  TextSet(const std::vector<rules::TextPattern>& patterns, bool cased);
  bool Matches(std::string_view text) const;
  size_t passes() const { return 2 + others_.size(); }  // over a text, at most
  bool empty() const { return whole_.empty() && parts_.empty() && others_.empty(); }

 private:
  struct Hash {
    using is_transparent = void;
    bool cased;
    size_t operator()(absl::string_view text) const;
  };
  struct Equal {
    using is_transparent = void;
    bool cased;
    bool operator()(absl::string_view a, absl::string_view b) const;
  };

  absl::flat_hash_set<std::string, Hash, Equal> whole_;
  PartFinder parts_;
  std::vector<TextMatcher> others_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_TEXT_MATCHER_H_
