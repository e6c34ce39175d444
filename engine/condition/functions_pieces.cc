// Functions that put text together from pieces, or take it apart.
#include <algorithm>
#include <cstring>
#include <string_view>

#include "engine/condition/code_points.h"
#include "engine/condition/native.h"
#include "engine/condition/text_find.h"

namespace telltale::engine {
namespace {

// Text that is written into memory of its exact size.
class Writer {
 public:
  explicit Writer(char* to) : begin_(to), at_(to) {}
  void Put(std::string_view piece) {
    if (piece.empty()) return;
    std::memcpy(at_, piece.data(), piece.size());
    at_ += piece.size();
  }
  Value Text() const { return Value::String({begin_, static_cast<size_t>(at_ - begin_)}); }

 private:
  char* begin_;
  char* at_;
};

// How often something is to be done at most; negative: always.
uint64_t Limit(const Value* args, uint32_t count, uint32_t index) {
  return index < count && args[index].as_int() >= 0 ? static_cast<uint64_t>(args[index].as_int())
                                                    : UINT64_MAX;
}

// Tells, one after another, where `part` stands in `text`; where it is empty, before each character
// and at the end.
class Finder {
 public:
  Finder(std::string_view text, std::string_view part) : text_(text), part_(part) {}

  // npos: no further one.
  size_t Next() {
    const size_t found = FindText(text_, part_, at_);
    if (found > text_.size()) return std::string_view::npos;
    at_ = found + part_.size();
    if (part_.empty()) at_ += at_ < text_.size() ? CharacterSize(text_, at_) : 1;
    return found;
  }

 private:
  std::string_view text_;
  std::string_view part_;
  size_t at_ = 0;
};

uint64_t CountOf(std::string_view text, std::string_view part, uint64_t limit) {
  Finder finder(text, part);
  uint64_t count = 0;
  while (count < limit && finder.Next() != std::string_view::npos) ++count;
  return count;
}

Value Replace(const Value* args, uint32_t count, Scratch& scratch) {
  for (uint32_t i = 0; i < 3; ++i) {
    if (!args[i].is(ValueKind::kString)) return NoOverload();
  }
  if (count == 4 && !args[3].is(ValueKind::kInt)) return NoOverload();
  const std::string_view text = args[0].as_string();
  const std::string_view part = args[1].as_string();
  const std::string_view instead = args[2].as_string();
  if (!scratch.Charge(1 + text.size() / 16)) return Spent();
  const uint64_t times = CountOf(text, part, Limit(args, count, 3));
  if (times == 0) return args[0];
  char* room = scratch.Allocate(text.size() - times * part.size() + times * instead.size());
  if (room == nullptr) return Spent();
  Writer out(room);
  Finder finder(text, part);
  size_t done = 0;
  for (uint64_t i = 0; i < times; ++i) {
    const size_t found = finder.Next();
    out.Put(text.substr(done, found - done));
    out.Put(instead);
    done = found + part.size();
  }
  out.Put(text.substr(done));
  return out.Text();
}

// REQUIRES: there are `pieces` characters at least, and one piece.
void SplitCharacters(std::string_view text, StoredValue* elements, uint64_t pieces) {
  size_t at = 0;
  for (uint64_t i = 0; i + 1 < pieces; ++i) {
    const size_t size = CharacterSize(text, at);
    elements[i].Store(Value::String(text.substr(at, size)));
    at += size;
  }
  elements[pieces - 1].Store(Value::String(text.substr(at)));
}

// REQUIRES: `separator` is not empty and stands pieces - 1 times at least.
void SplitAt(std::string_view text, std::string_view separator, StoredValue* elements,
             uint64_t pieces) {
  size_t at = 0;
  for (uint64_t i = 0; i + 1 < pieces; ++i) {
    const size_t found = FindText(text, separator, at);
    elements[i].Store(Value::String(text.substr(at, found - at)));
    at = found + separator.size();
  }
  elements[pieces - 1].Store(Value::String(text.substr(at)));
}

Value Split(const Value* args, uint32_t count, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString) || !args[1].is(ValueKind::kString) ||
      (count == 3 && !args[2].is(ValueKind::kInt)))
    return NoOverload();
  const std::string_view text = args[0].as_string();
  const std::string_view separator = args[1].as_string();
  if (!scratch.Charge(1 + text.size() / 16)) return Spent();
  const uint64_t limit = Limit(args, count, 2);
  // Without a separator each character is a piece, and no text has none.
  const uint64_t all = separator.empty() ? static_cast<uint64_t>(CountCharacters(text))
                                         : CountOf(text, separator, limit) + 1;
  const uint64_t pieces = std::min(all, limit);
  if (pieces == 0) return Value::List(nullptr, 0);
  auto* elements = scratch.AllocateArray<StoredValue>(pieces);
  if (elements == nullptr) return Spent();
  if (separator.empty()) {
    SplitCharacters(text, elements, pieces);
  } else {
    SplitAt(text, separator, elements, pieces);
  }
  return Value::List(elements, static_cast<uint32_t>(pieces));
}

Value Join(const Value* args, uint32_t count, Scratch& scratch) {
  const Value list = args[0];
  if (!list.is(ValueKind::kList) || (count == 2 && !args[1].is(ValueKind::kString)))
    return NoOverload();
  const std::string_view separator = count == 2 ? args[1].as_string() : std::string_view();
  if (!scratch.Charge(list.size())) return Spent();
  size_t size = list.size() == 0 ? 0 : separator.size() * (list.size() - 1);
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value element = list.elements()[i].Load();
    if (!element.is(ValueKind::kString))
      return element.is(ValueKind::kError) ? element : NoOverload();
    size += element.size();
  }
  char* room = scratch.Allocate(size);
  if (room == nullptr) return Spent();
  Writer out(room);
  for (uint32_t i = 0; i < list.size(); ++i) {
    if (i > 0) out.Put(separator);
    out.Put(list.elements()[i].Load().as_string());
  }
  return out.Text();
}

// Unicode's property White_Space, as UTF-8.
constexpr std::string_view kSpaces[] = {
    "\t",           "\n",           "\v",           "\f",           "\r",           " ",
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82",
    "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88",
    "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F",
    "\xE3\x80\x80"};

template <typename Stands>
size_t SpaceAt(Stands stands) {
  for (const std::string_view space : kSpaces) {
    if (stands(space)) return space.size();
  }
  return 0;
}

Value Trim(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  std::string_view text = args[0].as_string();
  if (!scratch.Charge(1 + text.size() / 16)) return Spent();
  const auto begins = [&text](std::string_view space) { return text.starts_with(space); };
  const auto ends = [&text](std::string_view space) { return text.ends_with(space); };
  while (const size_t size = SpaceAt(begins)) text.remove_prefix(size);
  while (const size_t size = SpaceAt(ends)) text.remove_suffix(size);
  return Value::String(text);
}

// The letter that follows a backslash in the place of the character; 0: it stands for itself.
char EscapeOf(char c) {
  constexpr std::string_view kFrom = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view kTo = "abfnrtv\\\"";
  const size_t found = kFrom.find(c);
  return found == std::string_view::npos ? '\0' : kTo[found];
}

Value Quote(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  const std::string_view text = args[0].as_string();
  const auto escapes = static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return EscapeOf(c) != '\0'; }));
  char* room = scratch.Allocate(text.size() + escapes + 2);
  if (room == nullptr) return Spent();
  char* at = room;
  *at++ = '"';
  for (const char c : text) {
    const char escape = EscapeOf(c);
    if (escape != '\0') *at++ = '\\';
    *at++ = escape != '\0' ? escape : c;
  }
  *at++ = '"';
  return Value::String({room, static_cast<size_t>(at - room)});
}

constexpr NativeFunction kNatives[] = {
    {"replace", Replace}, {"split", Split},         {"join", Join},
    {"trim", Trim},       {"strings.quote", Quote},
};

}  // namespace

NativeTable PieceNatives() { return kNatives; }

}  // namespace telltale::engine
