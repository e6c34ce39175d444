// Functions that find and replace by regular expressions: regex.*.
//
// Of a pattern with a group, what the group took is found; with several groups it would be open
// which. Source: CEL's regex extension; RE2's syntax, and its rule that an empty match does not
// stand directly behind another match.
#include <algorithm>
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

  // Of the next search, which may look at all that is left: `a.*b|a` does at each `a`.
  size_t Cost() const { return 4 + (text_.size() - std::min(at_, text_.size())) / 64; }

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

Value BadPattern() { return Value::Error(ErrorCode::kBadPattern); }

Value Extract(const Value* args, uint32_t /*count*/, const re2::RE2& regex, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  if (regex.NumberOfCapturingGroups() > 1) return BadPattern();
  if (!scratch.Charge(1 + args[0].size() / 16)) return Spent();
  Matches matches(regex, args[0].as_string());
  if (!matches.Next() || matches.found().data() == nullptr) return Value::OptionalNone();
  auto* kept = scratch.AllocateArray<StoredValue>(1);
  if (kept == nullptr) return Spent();
  kept->Store(TextOf(matches.found()));
  return Value::OptionalOf(kept);
}

Value ExtractAll(const Value* args, uint32_t /*count*/, const re2::RE2& regex, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  if (regex.NumberOfCapturingGroups() > 1) return BadPattern();
  if (!scratch.Charge(1 + args[0].size() / 16)) return Spent();
  uint32_t size = 0;
  Matches counted(regex, args[0].as_string());
  while (counted.Next()) {
    if (!scratch.Charge(counted.Cost())) return Spent();
    size += counted.found().data() != nullptr ? 1 : 0;
  }
  auto* elements = scratch.AllocateArray<StoredValue>(size);
  if (elements == nullptr) return Spent();
  Matches matches(regex, args[0].as_string());
  for (uint32_t i = 0; i < size && matches.Next();) {
    if (matches.found().data() != nullptr) elements[i++].Store(TextOf(matches.found()));
  }
  return Value::List(elements, size);
}

Value Replace(const Value* args, uint32_t count, const re2::RE2& regex, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString) || !args[2].is(ValueKind::kString) ||
      (count == 4 && !args[3].is(ValueKind::kInt)))
    return NoOverload();
  const Piece rewrite(args[2].as_string().data(), args[2].size());
  std::string mistake;
  if (!regex.CheckRewriteString(rewrite, &mistake)) return BadPattern();
  const std::string_view text = args[0].as_string();
  if (!scratch.Charge(1 + text.size() / 16)) return Spent();
  int64_t left = count == 4 && args[3].as_int() >= 0 ? args[3].as_int() : INT64_MAX;
  std::string& out = scratch.Text();
  size_t done = 0;
  Matches matches(regex, text);
  for (; left > 0 && matches.Next(); --left) {
    const size_t before = out.size();
    out += text.substr(done, matches.begin() - done);
    regex.Rewrite(&out, rewrite, matches.groups(), Matches::kMostGroups + 1);
    done = matches.end();
    if (!scratch.Charge(matches.Cost() + (out.size() - before) / 16)) return Spent();
  }
  if (done == 0 && out.empty()) return args[0];
  out += text.substr(done);
  return CopiedText(out, scratch);
}

// With a pattern that was computed.
template <auto function>
Value Computed(const Value* args, uint32_t count, Scratch& scratch) {
  if (!args[1].is(ValueKind::kString)) return NoOverload();
  const re2::RE2* regex = scratch.Regex(args[1].as_string());
  return regex == nullptr ? BadPattern() : function(args, count, *regex, scratch);
}

constexpr NativeFunction kNatives[] = {
    {"regex.extract", Computed<Extract>, Extract},
    {"regex.extractAll", Computed<ExtractAll>, ExtractAll},
    {"regex.replace", Computed<Replace>, Replace},
};

}  // namespace

NativeTable RegexNatives() { return kNatives; }

}  // namespace telltale::engine
