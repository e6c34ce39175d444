#include "daemon/decode/json_index.h"

#include <algorithm>

namespace telltale::decode {
namespace {

constexpr size_t kLeastCapacity = 16 << 10;

char FirstByte(std::string_view text) {
  const auto first = std::find_if_not(text.begin(), text.end(), IsSpace);
  return first == text.end() ? '\0' : *first;
}

}  // namespace

DeadLetterReason JsonIndex::Read(std::string_view text) {
  text_ = text;
  size_ = 0;
  if (text.empty()) return DeadLetterReason::kNotJson;
  if (stage_ == nullptr || stage_->capacity() < text.size()) {
    const size_t capacity = std::max(text.size() + text.size() / 2, kLeastCapacity);
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(
            capacity, 1, stage_) != simdjson::SUCCESS) {
      stage_ = nullptr;
      return DeadLetterReason::kTooLarge;
    }
  }
  switch (stage_->stage1(reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                         simdjson::stage1_mode::regular)) {
    case simdjson::SUCCESS:
      break;
    case simdjson::UTF8_ERROR:
      return DeadLetterReason::kInvalidUtf8;
    case simdjson::UNCLOSED_STRING:
      return FirstByte(text) == '{' ? DeadLetterReason::kTruncated : DeadLetterReason::kNotJson;
    default:
      return DeadLetterReason::kNotJson;
  }
  positions_ = stage_->structural_indexes.get();
  size_ = stage_->n_structural_indexes;
  return size_ == 0 ? DeadLetterReason::kNotJson : DeadLetterReason::kNone;
}

// The kinds of the open brackets are bits, the innermost the lowest (1: a brace); words of 64 that
// are full wait in nesting_.
bool JsonIndex::SkipNested(uint32_t& i) {
  uint64_t kinds = 0;
  uint32_t depth = 0;
  for (; i < size_; ++i) {
    const char c = Byte(i);
    switch (c) {
      case '{':
      case '[':
        if (depth != 0 && depth % 64 == 0) nesting_.push_back(kinds);
        kinds = kinds << 1 | static_cast<uint64_t>(c == '{');
        ++depth;
        break;
      case '}':
      case ']':
        if ((kinds & 1) != static_cast<uint64_t>(c == '}')) {
          nesting_.clear();
          return false;
        }
        kinds >>= 1;
        if (--depth == 0) {
          ++i;
          return true;
        }
        if (depth % 64 == 0) {
          kinds = nesting_.back();
          nesting_.pop_back();
        }
        break;
      default:
        break;
    }
  }
  nesting_.clear();
  return false;
}

DeadLetterReason JsonIndex::Fault(uint32_t i) {
  if (Skip(i)) return DeadLetterReason::kNone;
  return i >= size_ ? DeadLetterReason::kTruncated : DeadLetterReason::kNotJson;
}

}  // namespace telltale::decode
