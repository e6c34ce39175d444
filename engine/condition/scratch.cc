#include "engine/condition/scratch.h"

#include <algorithm>

#include "re2/re2.h"
#include "rules/model/scalar_text.h"

namespace telltale::engine {
namespace {

constexpr size_t kFirstChunk = 4096;

constexpr size_t Aligned(size_t bytes) { return (bytes + 15) & ~size_t{15}; }

}  // namespace

char* Arena::Allocate(size_t bytes) {
  bytes = Aligned(std::max<size_t>(bytes, 1));
  if (chunks_.empty() || chunks_.back().size - used_ < bytes) return Grow(bytes);
  char* piece = chunks_.back().bytes.get() + used_;
  used_ += bytes;
  return piece;
}

char* Arena::Grow(size_t bytes) {
  const size_t size = std::max(bytes, chunks_.empty() ? kFirstChunk : chunks_.back().size * 2);
  chunks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
  used_ = bytes;
  return chunks_.back().bytes.get();
}

void Arena::Reset() {
  // One chunk that holds it all: the next round that needs as much allocates nothing.
  if (chunks_.size() > 1) {
    size_t total = 0;
    for (const Chunk& chunk : chunks_) total += chunk.size;
    chunks_.clear();
    chunks_.push_back({std::make_unique_for_overwrite<char[]>(total), total});
  }
  used_ = 0;
}

Scratch::Scratch(int64_t budget) : budget_(budget) {}
Scratch::~Scratch() = default;

std::string& Scratch::Text() {
  if (text_.capacity() > kMostKeptText) text_ = std::string();
  text_.clear();
  return text_;
}

// What it costs does not depend on whether the pattern is kept, so that an evaluation ends alike
// whatever came before it.
const re2::RE2* Scratch::Regex(std::string_view pattern) {
  constexpr int64_t kFixed = 100;
  if (!Charge(kFixed + pattern.size())) return nullptr;
  auto found = regexes_.find(pattern);
  if (found == regexes_.end()) {
    if (regexes_.size() >= kMaxRegexes) regexes_.clear();
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::StringPiece text(pattern.data(), pattern.size());
    found = regexes_.emplace(std::string(pattern), std::make_unique<re2::RE2>(text, options)).first;
  }
  const re2::RE2& regex = *found->second;
  if (regex.ok()) return Charge(static_cast<uint64_t>(regex.ProgramSize())) ? &regex : nullptr;
  // It was compiled until it outgrew its memory.
  constexpr int64_t kTooLarge = 100'000;
  if (regex.error_code() == re2::RE2::ErrorPatternTooLarge) Charge(kTooLarge);
  return nullptr;
}

const absl::TimeZone* Scratch::Zone(std::string_view name) {
  if (!rules::IsZoneName(name)) return nullptr;
  auto found = zones_.find(name);
  if (found == zones_.end()) {
    // Names that an event brings may be anything; Abseil never forgets one.
    if (zones_.size() >= kMaxZones) return nullptr;
    absl::TimeZone zone;
    const bool known = absl::LoadTimeZone({name.data(), name.size()}, &zone);
    found = zones_.emplace(std::string(name), known ? std::optional(zone) : std::nullopt).first;
  }
  return found->second.has_value() ? &*found->second : nullptr;
}

}  // namespace telltale::engine
