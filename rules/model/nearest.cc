// The suggestion of a known word for a misspelt one.
#include <algorithm>
#include <array>
#include <cctype>

#include "rules/model/diagnostic.h"

namespace telltale::rules {
namespace {

constexpr size_t kLongestWord = 64;

// A word in lower case, without memory of its own: a rule set with thousands of unknown names holds
// each of them against thousands of known ones.
class Lower {
 public:
  explicit Lower(std::string_view word) : size_(word.size()) {
    std::transform(word.begin(), word.end(), text_.begin(), [](char c) {
      return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
  }
  std::string_view text() const { return {text_.data(), size_}; }

 private:
  std::array<char, kLongestWord> text_;
  size_t size_;
};

void DropWhatIsEqual(std::string_view& a, std::string_view& b) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
}

// Damerau's distance in its restricted form: insertions, deletions, replacements and swaps of
// neighbours. `limit` where it is no smaller.
size_t Distance(std::string_view a, std::string_view b, size_t limit) {
  DropWhatIsEqual(a, b);
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) >= limit) return limit;
  std::array<size_t, kLongestWord + 1> rows[3];
  auto* before_last = &rows[0];
  auto* last = &rows[1];
  auto* row = &rows[2];
  for (size_t j = 0; j <= b.size(); ++j) (*last)[j] = j;
  size_t least_of_last = 0;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t least = (*row)[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = (*last)[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      size_t best = std::min({(*last)[j] + 1, (*row)[j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = std::min(best, (*before_last)[j - 2] + 1);
      (*row)[j] = best;
      least = std::min(least, best);
    }
    // Every way to the end leads through one of two neighbouring rows.
    if (std::min(least, least_of_last) >= limit) return limit;
    least_of_last = least;
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return std::min((*last)[b.size()], limit);
}

}  // namespace

std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kLongestWord) return {};
  const Lower wanted(word);
  const std::string* best = nullptr;
  size_t best_distance = std::max<size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestWord || candidate == word) continue;
    const size_t distance = Distance(wanted.text(), Lower(candidate).text(), best_distance);
    if (distance >= word.size() && distance > 0) continue;  // nothing in common
    if (distance < best_distance) {
      best = &candidate;
      best_distance = distance;
    }
  }
  return best == nullptr ? "" : *best;
}

}  // namespace telltale::rules
