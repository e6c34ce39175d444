// Functions that find and replace by regular expressions: regex.*.
//
// Of a pattern with a group, what the group took is found; with several groups it would be open
// which. Source: CEL's regex extension; RE2's syntax, and its rule that an empty match does not
// stand directly behind another match.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/condition/code_points.h"
#include "engine/condition/native.h"
#include "re2/re2.h"

namespace telltale::engine {
namespace {

using Piece = re2::StringPiece;

// Finds one match after another.
class Matches {
 public:
  static constexpr int kMostGroups = 9;  // \1 to \9

  Matches(const re2::RE2& regex, std::string_view text)
      : regex_(regex), text_(text.data(), text.size()) {}

  // False: no further one.
  bool Next() {
    const int groups = std::min(regex_.NumberOfCapturingGroups(), kMostGroups);
    while (at_ <= text_.size()) {
      if (!regex_.Match(text_, at_, text_.size(), re2::RE2::UNANCHORED, groups_.data(), groups + 1))
        break;
      begin_ = static_cast<size_t>(groups_[0].data() - text_.data());
      const size_t end = begin_ + groups_[0].size();
      const bool empty_behind_another = groups_[0].empty() && begin_ == last_end_;
      // An empty match is found once: behind it the search goes on at the next character.
      at_ = end;
      if (groups_[0].empty()) {
        at_ += end < text_.size() ? CharacterSize({text_.data(), text_.size()}, end) : 1;
      }
      if (empty_behind_another) continue;
      last_end_ = end;
      return true;
    }
    return false;
  }

  size_t begin() const { return begin_; }
  size_t end() const { return last_end_; }
  Piece* groups() { return groups_.data(); }
  // What is found: the group where there is one, else all of the match. Null data: the group took
  // no part.
  Piece found() const { return groups_[regex_.NumberOfCapturingGroups() > 0 ? 1 : 0]; }

 private:
  const re2::RE2& regex_;
  Piece text_;
  std::array<Piece, kMostGroups + 1> groups_;
  size_t at_ = 0;
  size_t begin_ = 0;
  size_t last_end_ = std::string_view::npos;
};

Value TextOf(Piece piece) { return Value::String({piece.data(), piece.size()}); }

struct Pattern {
  const re2::RE2* regex = nullptr;
  Value error;  // where regex is null
};

// `most_groups`: that it may have.
Pattern PatternOf(Value text, Value pattern, int most_groups, Scratch& scratch) {
  if (!text.is(ValueKind::kString) || !pattern.is(ValueKind::kString))
    return {nullptr, NoOverload()};
  if (!scratch.Charge(100 + text.size() / 16)) return {nullptr, Spent()};
  const re2::RE2* regex = scratch.Regex(pattern.as_string());
  if (regex == nullptr || regex->NumberOfCapturingGroups() > most_groups)
    return {nullptr, Value::Error(ErrorCode::kBadPattern)};
  return {regex, {}};
}

Value RegexExtract(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Pattern pattern = PatternOf(args[0], args[1], 1, scratch);
  if (pattern.regex == nullptr) return pattern.error;
  Matches matches(*pattern.regex, args[0].as_string());
  if (!matches.Next() || matches.found().data() == nullptr) return Value::OptionalNone();
  auto* kept = scratch.AllocateArray<StoredValue>(1);
  if (kept == nullptr) return Spent();
  kept->Store(TextOf(matches.found()));
  return Value::OptionalOf(kept);
}

Value RegexExtractAll(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Pattern pattern = PatternOf(args[0], args[1], 1, scratch);
  if (pattern.regex == nullptr) return pattern.error;
  uint32_t size = 0;
  Matches counted(*pattern.regex, args[0].as_string());
  while (counted.Next()) {
    if (!scratch.Charge(4)) return Spent();
    size += counted.found().data() != nullptr ? 1 : 0;
  }
  auto* elements = scratch.AllocateArray<StoredValue>(size);
  if (elements == nullptr) return Spent();
  Matches matches(*pattern.regex, args[0].as_string());
  for (uint32_t i = 0; i < size && matches.Next();) {
    if (matches.found().data() != nullptr) elements[i++].Store(TextOf(matches.found()));
  }
  return Value::List(elements, size);
}

Value RegexReplace(const Value* args, uint32_t count, Scratch& scratch) {
  if (!args[2].is(ValueKind::kString) || (count == 4 && !args[3].is(ValueKind::kInt)))
    return NoOverload();
  const Pattern pattern = PatternOf(args[0], args[1], INT32_MAX, scratch);
  if (pattern.regex == nullptr) return pattern.error;
  const Piece rewrite(args[2].as_string().data(), args[2].size());
  std::string mistake;
  if (!pattern.regex->CheckRewriteString(rewrite, &mistake))
    return Value::Error(ErrorCode::kBadPattern);
  const std::string_view text = args[0].as_string();
  int64_t left = count == 4 && args[3].as_int() >= 0 ? args[3].as_int() : INT64_MAX;
  std::string out;
  size_t done = 0;
  Matches matches(*pattern.regex, text);
  for (; left > 0 && matches.Next(); --left) {
    const size_t before = out.size();
    out += text.substr(done, matches.begin() - done);
    pattern.regex->Rewrite(&out, rewrite, matches.groups(), Matches::kMostGroups + 1);
    done = matches.end();
    if (!scratch.Charge(4 + (out.size() - before) / 16)) return Spent();
  }
  if (done == 0 && out.empty()) return args[0];
  out += text.substr(done);
  return CopiedText(out, scratch);
}

constexpr NativeFunction kNatives[] = {
    {"regex.extract", RegexExtract},
    {"regex.extractAll", RegexExtractAll},
    {"regex.replace", RegexReplace},
};

}  // namespace

NativeTable RegexNatives() { return kNatives; }

}  // namespace telltale::engine
