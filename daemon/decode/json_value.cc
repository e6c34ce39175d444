#include "daemon/decode/json_value.h"

#include <algorithm>
#include <cstring>

#include "daemon/decode/json_scalar.h"

namespace telltale::decode {
namespace {

using engine::ErrorCode;
using rules::Type;
using rules::TypeKind;

const Type kDyn = Type::Dyn();

bool Accepts(const Type& type, TypeKind kind) {
  return type.kind == TypeKind::kDyn || type.kind == kind;
}

const Type& ElementOf(const Type& type) { return type.element == nullptr ? kDyn : *type.element; }

bool IsOpening(char c) { return c == '{' || c == '['; }

}  // namespace

void JsonValueReader::Begin() {
  const std::string_view text = index_.text();
  has_escapes_ = std::memchr(text.data(), '\\', text.size()) != nullptr;
  arena_used_ = 0;
  if (has_escapes_ && arena_.size() < text.size()) arena_.resize(text.size() * 2);
}

std::optional<std::string_view> JsonValueReader::Resolve(std::string_view raw) {
  if (!has_escapes_ || raw.find('\\') == std::string_view::npos) return raw;
  char* const out = arena_.data() + arena_used_;
  const int64_t size = Unescape(raw, out);
  if (size < 0) return std::nullopt;
  return std::string_view(out, static_cast<size_t>(size));
}

std::optional<std::string_view> JsonValueReader::Text(uint32_t i) {
  return Resolve(index_.String(i));
}

bool JsonValueReader::IsScalar(uint32_t i) {
  const std::string_view text = index_.text();
  const size_t at = index_.At(i);
  switch (text[at]) {
    case '"':
      return Text(i).has_value();
    case 't':
      return IsWord(text, at, "true");
    case 'f':
      return IsWord(text, at, "false");
    case 'n':
      return IsWord(text, at, "null");
    default: {
      double value = 0;
      const Number number = ReadNumber(text, at);
      return number.kind != NumberKind::kBad && ToDouble(number, value);
    }
  }
}

void JsonValueReader::Read(uint32_t i, Ref ref, const Type& type, bool as_double) {
  ErrorCode error = ErrorCode::kNone;
  if (!IsOpening(index_.Byte(i))) {
    error = Scalar(i, ref, type, as_double);
  } else {
    if (extents_.size() < index_.size()) extents_.resize(index_.size() * size_t{2});
    uint32_t end = i;
    error = Measure(end, 0);
    if (error == ErrorCode::kNone) {
      keys_.clear();
      arena_used_ = 0;
      error = Build(i, ref, type);
      arena_used_ = 0;
    }
  }
  if (error != ErrorCode::kNone) builder_.SetError(ref, error);
}

ErrorCode JsonValueReader::Scalar(uint32_t i, Ref ref, const Type& type, bool as_double) {
  switch (index_.Byte(i)) {
    case '"':
      return StringValue(i, ref, type);
    case 't':
    case 'f':
    case 'n':
      return Word(i, ref, type);
    default:
      return NumberValue(i, ref, type, as_double);
  }
}

ErrorCode JsonValueReader::StringValue(uint32_t i, Ref ref, const Type& type) {
  const std::optional<std::string_view> text = Text(i);
  if (!text) return ErrorCode::kBadFieldValue;
  if (!Accepts(type, TypeKind::kString)) return ErrorCode::kWrongFieldType;
  builder_.SetString(ref, *text);
  return ErrorCode::kNone;
}

ErrorCode JsonValueReader::Word(uint32_t i, Ref ref, const Type& type) {
  const std::string_view text = index_.text();
  const size_t at = index_.At(i);
  if (text[at] == 'n') {
    if (!IsWord(text, at, "null")) return ErrorCode::kBadFieldValue;
    if (!Accepts(type, TypeKind::kNull)) return ErrorCode::kWrongFieldType;
    builder_.SetNull(ref);
    return ErrorCode::kNone;
  }
  const bool value = text[at] == 't';
  if (!IsWord(text, at, value ? "true" : "false")) return ErrorCode::kBadFieldValue;
  if (!Accepts(type, TypeKind::kBool)) return ErrorCode::kWrongFieldType;
  builder_.SetBool(ref, value);
  return ErrorCode::kNone;
}

ErrorCode JsonValueReader::NumberValue(uint32_t i, Ref ref, const Type& type, bool as_double) {
  const Number number = ReadNumber(index_.text(), index_.At(i));
  switch (number.kind) {
    case NumberKind::kBad:
      return ErrorCode::kBadFieldValue;
    case NumberKind::kInt:
      if (type.kind == TypeKind::kInt || (type.kind == TypeKind::kDyn && !as_double)) {
        builder_.SetInt(ref, number.i);
        return ErrorCode::kNone;
      }
      if (type.kind == TypeKind::kUint && number.i >= 0) {
        builder_.SetUint(ref, number.u);
        return ErrorCode::kNone;
      }
      break;
    case NumberKind::kUint:
      if (type.kind == TypeKind::kUint) {
        builder_.SetUint(ref, number.u);
        return ErrorCode::kNone;
      }
      break;
    case NumberKind::kDouble:
      break;
  }
  double value = 0;
  if (!ToDouble(number, value)) return ErrorCode::kBadFieldValue;
  if (!Accepts(type, TypeKind::kDouble)) return ErrorCode::kWrongFieldType;
  builder_.SetDouble(ref, value);
  return ErrorCode::kNone;
}

uint32_t JsonValueReader::After(uint32_t i) const {
  return IsOpening(index_.Byte(i)) ? extents_[i].end : i + 1;
}

// The value is balanced, so that its closing bracket bounds what is read here.
ErrorCode JsonValueReader::Measure(uint32_t& i, uint32_t depth) {
  const uint32_t begin = i;
  const bool is_map = index_.Byte(i) == '{';
  if (depth == kMaxValueDepth) return ErrorCode::kTooDeep;
  const char close = is_map ? '}' : ']';
  uint32_t elements = 0;
  ++i;
  if (i < index_.size() && index_.Byte(i) == close) {
    extents_[begin] = {.elements = 0, .end = ++i};
    return ErrorCode::kNone;
  }
  while (i < index_.size()) {
    if (is_map) {
      if (i + 2 >= index_.size() || index_.Byte(i) != '"' || index_.Byte(i + 1) != ':') break;
      i += 2;
    }
    const char c = index_.Byte(i);
    if (IsOpening(c)) {
      const ErrorCode error = Measure(i, depth + 1);
      if (error != ErrorCode::kNone) return error;
    } else if (c == ',' || c == ':' || c == '}' || c == ']') {
      break;
    } else {
      ++i;
    }
    ++elements;
    if (i >= index_.size()) break;
    const char after = index_.Byte(i++);
    if (after == close) {
      extents_[begin] = {.elements = elements, .end = i};
      return ErrorCode::kNone;
    }
    if (after != ',') break;
  }
  return ErrorCode::kBadFieldValue;
}

ErrorCode JsonValueReader::Build(uint32_t i, Ref ref, const Type& type) {
  switch (index_.Byte(i)) {
    case '{':
      return BuildMap(i, ref, type);
    case '[':
      return BuildList(i, ref, type);
    default:
      return Scalar(i, ref, type, false);
  }
}

ErrorCode JsonValueReader::BuildList(uint32_t i, Ref ref, const Type& type) {
  if (!Accepts(type, TypeKind::kList)) return ErrorCode::kWrongFieldType;
  const uint32_t size = extents_[i].elements;
  const Ref list = builder_.SetList(ref, size);
  uint32_t at = i + 1;
  for (uint32_t element = 0; element < size; ++element) {
    const ErrorCode error =
        Build(at, engine::EventBuilder::Element(list, element), ElementOf(type));
    if (error != ErrorCode::kNone) return error;
    at = After(at) + 1;
  }
  return ErrorCode::kNone;
}

// False: a key has a wrong escape.
bool JsonValueReader::CollectKeys(uint32_t i) {
  uint32_t at = i + 1;
  for (uint32_t entry = 0; entry < extents_[i].elements; ++entry) {
    const std::optional<std::string_view> name = Text(at);
    if (!name) return false;
    if (name->data() == arena_.data() + arena_used_) arena_used_ += name->size();
    keys_.push_back({.name = *name, .value = at + 2});
    at = After(at + 2) + 1;
  }
  return true;
}

void JsonValueReader::KeepLastOfEqualKeys(size_t begin) {
  const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, keys_.end(), [](const MapKey& a, const MapKey& b) {
    const int order = a.name.compare(b.name);
    return order != 0 ? order < 0 : a.value > b.value;
  });
  keys_.erase(std::unique(first, keys_.end(),
                          [](const MapKey& a, const MapKey& b) { return a.name == b.name; }),
              keys_.end());
}

ErrorCode JsonValueReader::BuildMap(uint32_t i, Ref ref, const Type& type) {
  if (!Accepts(type, TypeKind::kMap)) return ErrorCode::kWrongFieldType;
  if (type.key != nullptr && !Accepts(*type.key, TypeKind::kString))
    return ErrorCode::kWrongFieldType;
  const size_t begin = keys_.size();
  if (!CollectKeys(i)) return ErrorCode::kBadFieldValue;
  KeepLastOfEqualKeys(begin);
  const auto size = static_cast<uint32_t>(keys_.size() - begin);
  const Ref map = builder_.SetMap(ref, size);
  for (uint32_t entry = 0; entry < size; ++entry) {
    const MapKey key = keys_[begin + entry];  // a copy: building the value adds keys
    builder_.SetString(engine::EventBuilder::Key(map, entry), key.name);
    const ErrorCode error =
        Build(key.value, engine::EventBuilder::Item(map, entry), ElementOf(type));
    if (error != ErrorCode::kNone) return error;
  }
  keys_.resize(begin);
  return ErrorCode::kNone;
}

}  // namespace telltale::decode
