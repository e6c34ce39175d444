#include "daemon/commands/unified_diff.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"

namespace telltale::commands {
namespace {

constexpr size_t kContext = 3;
constexpr int64_t kMostEdits = 2000;  // the search takes memory by its square

using Lines = std::vector<std::string_view>;

// Each with its line break; the last one may lack it.
Lines Split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// One line of the result: in both, or in one of the two.
struct Edit {
  char mark = ' ';
  std::string_view line;
};

class Myers {
 public:
  Myers(const Lines& before, const Lines& after) : before_(before), after_(after) {}

  std::vector<Edit> Run() {
    const size_t most = std::min(before_.size(), after_.size());
    size_t head = 0;
    while (head < most && before_[head] == after_[head]) ++head;
    size_t tail = 0;
    while (tail < most - head &&
           before_[before_.size() - 1 - tail] == after_[after_.size() - 1 - tail]) {
      ++tail;
    }
    for (size_t i = 0; i < head; ++i) edits_.push_back({' ', before_[i]});
    Middle(head, before_.size() - tail, head, after_.size() - tail);
    for (size_t i = tail; i > 0; --i) edits_.push_back({' ', before_[before_.size() - i]});
    return std::move(edits_);
  }

 private:
  // The shortest script between two parts: how far each diagonal is reached with d edits.
  void Middle(size_t a_begin, size_t a_end, size_t b_begin, size_t b_end) {
    const auto n = static_cast<int64_t>(a_end - a_begin);
    const auto m = static_cast<int64_t>(b_end - b_begin);
    const int64_t limit = std::min(n + m, kMostEdits);
    std::vector<std::vector<int64_t>> rounds;
    std::vector<int64_t> reach(static_cast<size_t>(2 * limit + 3), 0);
    const auto at = [&](std::vector<int64_t>& v, int64_t k) -> int64_t& {
      return v[static_cast<size_t>(k + limit + 1)];
    };
    for (int64_t d = 0; d <= limit; ++d) {
      for (int64_t k = -d; k <= d; k += 2) {
        const bool down = k == -d || (k != d && at(reach, k - 1) < at(reach, k + 1));
        int64_t x = down ? at(reach, k + 1) : at(reach, k - 1) + 1;
        while (x < n && x - k < m &&
               before_[a_begin + static_cast<size_t>(x)] ==
                   after_[b_begin + static_cast<size_t>(x - k)]) {
          ++x;
        }
        at(reach, k) = x;
        if (x >= n && x - k >= m) return Back(rounds, reach, d, n, m, a_begin, b_begin, limit);
      }
      rounds.push_back(reach);
    }
    for (size_t i = a_begin; i < a_end; ++i) edits_.push_back({'-', before_[i]});
    for (size_t j = b_begin; j < b_end; ++j) edits_.push_back({'+', after_[j]});
  }

  // From the end to the beginning, along the rounds.
  void Back(const std::vector<std::vector<int64_t>>& rounds, const std::vector<int64_t>&,
            int64_t edits, int64_t x, int64_t y, size_t a_begin, size_t b_begin, int64_t limit) {
    const auto old_line = [&](int64_t i) { return before_[a_begin + static_cast<size_t>(i)]; };
    const auto new_line = [&](int64_t j) { return after_[b_begin + static_cast<size_t>(j)]; };
    std::vector<Edit> reversed;
    for (int64_t d = edits; d > 0; --d) {
      const std::vector<int64_t>& v = rounds[static_cast<size_t>(d - 1)];
      const auto reached = [&](int64_t k) { return v[static_cast<size_t>(k + limit + 1)]; };
      const int64_t k = x - y;
      const bool down = k == -d || (k != d && reached(k - 1) < reached(k + 1));
      const int64_t from = down ? k + 1 : k - 1;
      const int64_t x_from = reached(from);
      while (x > x_from && y > x_from - from && x > 0 && y > 0 &&
             old_line(x - 1) == new_line(y - 1)) {
        reversed.push_back({' ', old_line(--x)});
        --y;
      }
      if (down)
        reversed.push_back({'+', new_line(--y)});
      else
        reversed.push_back({'-', old_line(--x)});
    }
    while (x > 0) reversed.push_back({' ', old_line(--x)});
    edits_.insert(edits_.end(), reversed.rbegin(), reversed.rend());
  }

  const Lines& before_;
  const Lines& after_;
  std::vector<Edit> edits_;
};

void AppendLine(const Edit& edit, std::string& text) {
  text += edit.mark;
  text += edit.line;
  if (!edit.line.ends_with('\n')) text += "\n\\ No newline at end of file\n";
}

// "3,7", or "3" for one line; of none the line before.
std::string Range(size_t first, size_t count) {
  if (count == 1) return absl::StrCat(first);
  return absl::StrCat(count == 0 ? first - 1 : first, ",", count);
}

}  // namespace

std::string UnifiedDiff(std::string_view before, std::string_view after,
                        std::string_view before_name, std::string_view after_name) {
  if (before == after) return "";
  const Lines old_lines = Split(before);
  const Lines new_lines = Split(after);
  const std::vector<Edit> edits = Myers(old_lines, new_lines).Run();
  std::string text =
      absl::StrCat("--- ", std::string(before_name), "\n+++ ", std::string(after_name), "\n");
  size_t old_line = 1;
  size_t new_line = 1;
  for (size_t i = 0; i < edits.size();) {
    if (edits[i].mark == ' ') {
      ++old_line, ++new_line, ++i;
      continue;
    }
    // Changes with little between them share a hunk.
    const size_t begin = i - std::min({i, kContext});
    size_t end = i;
    for (size_t j = i; j < edits.size() && j <= end + 2 * kContext + 1; ++j) {
      if (edits[j].mark != ' ') end = j;
    }
    end = std::min(end + 1 + kContext, edits.size());
    const size_t lead = i - begin;
    size_t old_count = 0;
    size_t new_count = 0;
    std::string body;
    for (size_t j = begin; j < end; ++j) {
      old_count += edits[j].mark != '+';
      new_count += edits[j].mark != '-';
      AppendLine(edits[j], body);
    }
    absl::StrAppend(&text, "@@ -", Range(old_line - lead, old_count), " +",
                    Range(new_line - lead, new_count), " @@\n", body);
    old_line += old_count - lead;
    new_line += new_count - lead;
    i = end;
  }
  return text;
}

}  // namespace telltale::commands
