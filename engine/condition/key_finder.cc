#include "engine/condition/key_finder.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/condition/inputs.h"
#include "engine/condition/number_text.h"
#include "engine/condition/scratch.h"

namespace telltale::engine {
namespace {

// As KeyText gives it, of most values: nothing has to be copied, or written, for it.
std::optional<std::string_view> TextAtHand(Value value, NumberBuffer& buffer) {
  switch (value.kind()) {
    case ValueKind::kString:
      return value.as_string();
    case ValueKind::kInt:
      return IntText(value.as_int(), buffer);
    case ValueKind::kUint:
      return UintText(value.as_uint(), buffer);
    default:
      return std::nullopt;
  }
}

}  // namespace

absl::StatusOr<KeyFinder> KeyFinder::Compile(const rules::Selector& selector, bool group_missing,
                                             const std::vector<EventLayout>& layouts,
                                             const Inputs* inputs) {
  KeyFinder finder;
  finder.group_missing_ = group_missing;
  for (size_t i = 0; i < selector.by.size(); ++i) {
    auto program = engine::Compile(selector.by[i], layouts, inputs);
    if (!program.ok()) return program.status();
    finder.parts_.push_back({*std::move(program), (selector.each >> i & 1) != 0});
    finder.each_ = finder.each_ || finder.parts_.back().each;
  }
  return finder;
}

bool KeyFinder::ReadParts(const Event& event, Scratch& scratch, KeyMemory& memory) const {
  memory.bytes_.clear();
  memory.texts_.clear();
  memory.ends_.clear();
  const auto add = [&](Value value) {
    const auto begin = static_cast<uint32_t>(memory.bytes_.size());
    if (!KeyText(value, memory.bytes_)) return;
    memory.texts_.push_back({begin, static_cast<uint32_t>(memory.bytes_.size()) - begin, false});
  };
  for (const Part& part : parts_) {
    const size_t first = memory.texts_.size();
    const Value value =
        Evaluate(*part.program, Frame{.event = &event, .steps = nullptr, .key = nullptr}, scratch);
    if (!part.each) {
      add(value);
    } else if (value.is(ValueKind::kList)) {
      for (uint32_t i = 0; i < value.size(); ++i) add(value.elements()[i].Load());
    }
    if (memory.texts_.size() == first) {
      if (!group_missing_) return false;
      memory.texts_.push_back({0, 0, true});
    }
    if (memory.texts_.size() > first + 1) {
      const auto begin = memory.texts_.begin() + static_cast<ptrdiff_t>(first);
      const auto less = [&](const KeyMemory::Text& a, const KeyMemory::Text& b) {
        return memory.TextOf(a) < memory.TextOf(b);
      };
      const auto same = [&](const KeyMemory::Text& a, const KeyMemory::Text& b) {
        return memory.TextOf(a) == memory.TextOf(b);
      };
      std::sort(begin, memory.texts_.end(), less);
      memory.texts_.erase(std::unique(begin, memory.texts_.end(), same), memory.texts_.end());
    }
    memory.ends_.push_back(static_cast<uint32_t>(memory.texts_.size()));
  }
  return true;
}

template <typename Visit>
uint64_t KeyFinder::ForEachKey(KeyMemory& memory, const Visit& visit) {
  const size_t parts = memory.ends_.size();
  const auto begin_of = [&](size_t part) { return part == 0 ? 0 : memory.ends_[part - 1]; };
  uint64_t keys = 1;
  memory.chosen_.clear();
  for (size_t part = 0; part < parts; ++part) {
    memory.chosen_.push_back(begin_of(part));
    if (__builtin_mul_overflow(keys, memory.ends_[part] - begin_of(part), &keys)) keys = UINT64_MAX;
  }
  for (uint64_t key = 0; key < std::min<uint64_t>(keys, rules::kMostKeysOfEvent); ++key) {
    memory.hasher_.Clear();
    for (const uint32_t index : memory.chosen_) {
      const KeyMemory::Text& text = memory.texts_[index];
      if (text.missing) {
        memory.hasher_.AddMissing();
      } else {
        memory.hasher_.Add(memory.TextOf(text));
      }
    }
    if (!visit(memory.hasher_.Finish())) break;
    // The next text of the last part; where it has none, of the one before, and so on.
    for (size_t part = parts; part-- > 0;) {
      if (++memory.chosen_[part] < memory.ends_[part]) break;
      memory.chosen_[part] = begin_of(part);
    }
  }
  return keys - std::min<uint64_t>(keys, rules::kMostKeysOfEvent);
}

rules::KeyParts KeyFinder::Chosen(const KeyMemory& memory) {
  rules::KeyParts key;
  for (const uint32_t index : memory.chosen_) {
    const KeyMemory::Text& text = memory.texts_[index];
    key.push_back(text.missing ? rules::KeyPart() : std::string(memory.TextOf(text)));
  }
  return key;
}

uint64_t KeyFinder::Find(const Event& event, Scratch& scratch, KeyMemory& memory,
                         std::vector<Hash128>& hashes) const {
  hashes.clear();
  if (!each_) return FindOne(event, scratch, memory, hashes);
  if (!ReadParts(event, scratch, memory)) return 1;
  return ForEachKey(memory, [&](const Hash128& hash) {
    hashes.push_back(hash);
    return true;
  });
}

// Where no part is of several values: as ForEachKey, but that nothing has to be chosen.
uint64_t KeyFinder::FindOne(const Event& event, Scratch& scratch, KeyMemory& memory,
                            std::vector<Hash128>& hashes) const {
  memory.hasher_.Clear();
  for (const Part& part : parts_) {
    NumberBuffer buffer;
    const Value value = Evaluate(*part.program, Frame{.event = &event}, scratch);
    memory.bytes_.clear();
    if (const auto text = TextAtHand(value, buffer)) {
      memory.hasher_.Add(*text);
    } else if (KeyText(value, memory.bytes_)) {
      memory.hasher_.Add(memory.bytes_);
    } else if (group_missing_) {
      memory.hasher_.AddMissing();
    } else {
      return 1;
    }
  }
  hashes.push_back(memory.hasher_.Finish());
  return 0;
}

std::vector<rules::KeyParts> KeyFinder::KeysOf(const Event& event, Scratch& scratch) const {
  std::vector<rules::KeyParts> keys;
  KeyMemory memory;
  if (!ReadParts(event, scratch, memory)) return keys;
  ForEachKey(memory, [&](const Hash128&) {
    keys.push_back(Chosen(memory));
    return true;
  });
  return keys;
}

rules::KeyParts KeyFinder::KeyOf(const Event& event, const Hash128& hash, Scratch& scratch) const {
  rules::KeyParts key;
  if (!each_) {
    key.reserve(parts_.size());
    for (const Part& part : parts_) {
      const Value value = Evaluate(*part.program, Frame{.event = &event}, scratch);
      if (KeyText(value, key.emplace_back().emplace())) continue;
      if (!group_missing_) return {};
      key.back().reset();
    }
    return key;
  }
  KeyMemory memory;
  if (!ReadParts(event, scratch, memory)) return key;
  ForEachKey(memory, [&](const Hash128& found) {
    if (found != hash) return true;
    key = Chosen(memory);
    return false;
  });
  return key;
}

bool KeyFinder::WriteKey(const Event& event, const Hash128& hash, Scratch& scratch,
                         KeyMemory& memory, ByteWriter& out) const {
  if (!ReadParts(event, scratch, memory)) return false;
  bool there = false;
  ForEachKey(memory, [&](const Hash128& found) {
    if (found != hash) return true;
    for (const uint32_t index : memory.chosen_) {
      const KeyMemory::Text& text = memory.texts_[index];
      out.Byte(text.missing ? 0 : 1);
      if (!text.missing) out.Text(memory.TextOf(text));
    }
    there = true;
    return false;
  });
  return there;
}

rules::KeyParts KeyFinder::ReadKey(size_t parts, ByteReader& in) {
  rules::KeyParts key(parts);
  for (rules::KeyPart& part : key) {
    if (in.Below(2, "mark") != 0) part = std::string(in.Text());
  }
  return key;
}

}  // namespace telltale::engine
