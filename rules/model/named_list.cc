#include "rules/model/named_list.h"

#include <bit>
#include <cmath>
#include <utility>

#include "absl/hash/hash.h"

namespace telltale::rules {
namespace {

using Element = NamedList::Element;

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

// The one form of equal values: what is integral is an int64 where it fits, else a uint64.
Element Plain(const Element& element) {
  if (const auto* whole = std::get_if<uint64_t>(&element)) {
    if (*whole <= static_cast<uint64_t>(INT64_MAX)) return static_cast<int64_t>(*whole);
  } else if (const auto* real = std::get_if<double>(&element)) {
    if (std::trunc(*real) != *real) return element;  // nan, too
    if (*real >= -kTwoTo63 && *real < kTwoTo63) return static_cast<int64_t>(*real);
    if (*real >= kTwoTo63 && *real < kTwoTo64) return static_cast<uint64_t>(*real);
  }
  return element;
}

}  // namespace

NamedList::NamedList(std::string name)
    : name_(std::move(name)), index_(0, Hash{this}, Equal{this}) {}

bool NamedList::Add(Element element) {
  if (const auto* real = std::get_if<double>(&element); real != nullptr && std::isnan(*real)) {
    return false;
  }
  if (Contains(element)) return false;
  Stored stored{static_cast<Kind>(element.index()), 0, 0};
  switch (stored.kind) {
    case Kind::kInt:
      stored.bits = static_cast<uint64_t>(std::get<int64_t>(element));
      break;
    case Kind::kUint:
      stored.bits = std::get<uint64_t>(element);
      break;
    case Kind::kDouble:
      stored.bits = std::bit_cast<uint64_t>(std::get<double>(element));
      break;
    case Kind::kText: {
      const std::string_view text = std::get<std::string_view>(element);
      stored.size = static_cast<uint32_t>(text.size());
      stored.bits = texts_.size();
      texts_ += text;
      break;
    }
  }
  stored_.push_back(stored);
  index_.insert(static_cast<uint32_t>(stored_.size() - 1));
  return true;
}

NamedList::Element NamedList::operator[](size_t i) const {
  const Stored& stored = stored_[i];
  switch (stored.kind) {
    case Kind::kInt:
      return static_cast<int64_t>(stored.bits);
    case Kind::kUint:
      return stored.bits;
    case Kind::kDouble:
      return std::bit_cast<double>(stored.bits);
    case Kind::kText:
      break;
  }
  return std::string_view(texts_).substr(stored.bits, stored.size);
}

Type NamedList::type() const {
  for (const Stored& stored : stored_) {
    if (stored.kind != stored_.front().kind) return Type::List(Type::Dyn());
  }
  if (stored_.empty()) return Type::List(Type::Dyn());
  constexpr TypeKind kKinds[] = {TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble,
                                 TypeKind::kString};
  return Type::List(Type::Of(kKinds[static_cast<size_t>(stored_.front().kind)]));
}

size_t NamedList::Hash::operator()(const Element& element) const {
  return absl::HashOf(Plain(element));
}

bool NamedList::Equal::Same(const Element& a, const Element& b) {
  const Element x = Plain(a);
  const Element y = Plain(b);
  return x == y;
}

}  // namespace telltale::rules
