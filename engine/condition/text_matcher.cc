#include "engine/condition/text_matcher.h"

#include <algorithm>
#include <array>

namespace telltale::engine {
namespace {

using rules::PatternPart;
using rules::TextPattern;
using Kind = PatternPart::Kind;

constexpr size_t kFewParts = 4;  // up to here each is searched by itself

constexpr std::array<char, 256> kFolded = [] {
  std::array<char, 256> table{};
  for (size_t i = 0; i < table.size(); ++i)
    table[i] = static_cast<char>(i >= 'A' && i <= 'Z' ? i - 'A' + 'a' : i);
  return table;
}();

bool IsAscii(const TextPattern& pattern) {
  return std::all_of(pattern.parts().begin(), pattern.parts().end(), [](const PatternPart& part) {
    return std::all_of(part.text.begin(), part.text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  });
}

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

size_t AfterCharacter(std::string_view text, size_t at) {
  do ++at;
  while (at < text.size() && Continues(text[at]));
  return at;
}

size_t AfterDash(std::string_view text, size_t at) {
  for (const std::string_view dash : rules::kDashes) {
    if (text.substr(at).starts_with(dash)) return at + dash.size();
  }
  return SIZE_MAX;
}

size_t Characters(std::string_view text) {
  return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), Continues));
}

std::shared_ptr<const re2::RE2> RegexOf(const TextPattern& pattern) {
  std::string regex = "(?is)";
  for (const PatternPart& part : pattern.parts()) {
    switch (part.kind) {
      case Kind::kAnyText:
        regex += ".*";
        break;
      case Kind::kAnyCharacter:
        regex += '.';
        break;
      case Kind::kDash:
        regex += '[';
        for (const std::string_view dash : rules::kDashes) regex += dash;
        regex += ']';
        break;
      case Kind::kText:
        regex += re2::RE2::QuoteMeta(part.text);
    }
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  return std::make_shared<const re2::RE2>(regex, options);
}

// `*text*`: the text; else null.
const std::string* AsPart(const TextPattern& pattern) {
  const std::vector<PatternPart>& parts = pattern.parts();
  const bool part = parts.size() == 3 && parts[0].kind == Kind::kAnyText &&
                    parts[1].kind == Kind::kText && parts[2].kind == Kind::kAnyText;
  return part ? &parts[1].text : nullptr;
}

}  // namespace

char FoldByte(char c) { return kFolded[static_cast<unsigned char>(c)]; }

TextMatcher::TextMatcher(const TextPattern& pattern, bool cased) : cased_(cased) {
  if (!cased && !IsAscii(pattern)) {
    regex_ = RegexOf(pattern);
    if (regex_->ok()) return;
    regex_.reset();  // too large for RE2: only ASCII is folded
  }
  AddPieces(pattern);
}

void TextMatcher::AddPieces(const TextPattern& pattern) {
  bool fresh = true;
  for (const PatternPart& part : pattern.parts()) {
    if (part.kind == Kind::kAnyText) {
      open_front_ = open_front_ || pieces_.empty();
      fresh = true;
      continue;
    }
    if (fresh) pieces_.emplace_back();
    fresh = false;
    Piece& piece = pieces_.back();
    switch (part.kind) {
      case Kind::kText:
        for (const char c : part.text) piece.units.push_back(static_cast<unsigned char>(Fold(c)));
        piece.characters += Characters(part.text);
        break;
      case Kind::kAnyCharacter:
        piece.units.push_back(kAnyCharacter);
        ++piece.characters;
        break;
      default:
        piece.units.push_back(kDash);
        ++piece.characters;
    }
  }
  open_back_ = !pattern.parts().empty() && pattern.parts().back().kind == Kind::kAnyText;
}

size_t TextMatcher::EndAt(const Piece& piece, std::string_view text, size_t at) const {
  for (const uint16_t unit : piece.units) {
    if (at >= text.size()) return kNone;
    if (unit < kAnyCharacter) {
      if (static_cast<unsigned char>(Fold(text[at])) != unit) return kNone;
      ++at;
    } else if (unit == kAnyCharacter) {
      at = AfterCharacter(text, at);
    } else {
      at = AfterDash(text, at);
      if (at == kNone) return kNone;
    }
  }
  return at;
}

size_t TextMatcher::EndOfFirst(const Piece& piece, std::string_view text, size_t from) const {
  const uint16_t first = piece.units.front();
  for (size_t at = from; at < text.size(); ++at) {
    const bool may_begin = first < kAnyCharacter
                               ? static_cast<unsigned char>(Fold(text[at])) == first
                               : !Continues(text[at]);
    if (!may_begin) continue;
    const size_t end = EndAt(piece, text, at);
    if (end != kNone) return end;
  }
  return kNone;
}

// Each piece takes as many characters wherever it stands, so the first place that it fits leaves
// most for those behind it.
bool TextMatcher::Matches(std::string_view text) const {
  if (regex_ != nullptr) return re2::RE2::FullMatch({text.data(), text.size()}, *regex_);
  if (pieces_.empty()) return open_back_ || text.empty();
  size_t at = 0;
  size_t next = 0;
  size_t last = pieces_.size();
  if (!open_front_) {
    at = EndAt(pieces_[next++], text, 0);
    if (at == kNone) return false;
    if (next == last) return open_back_ || at == text.size();
  }
  if (!open_back_) --last;
  for (; next < last; ++next) {
    at = EndOfFirst(pieces_[next], text, at);
    if (at == kNone) return false;
  }
  if (open_back_) return true;
  size_t begin = text.size();
  for (size_t left = pieces_.back().characters; left > 0; --left) {
    if (begin == at) return false;
    do --begin;
    while (begin > at && Continues(text[begin]));
  }
  return EndAt(pieces_.back(), text, begin) == text.size();
}

PartFinder::PartFinder(std::vector<std::string> parts, bool cased) : cased_(cased) {
  for (std::string& part : parts) {
    for (char& c : part) c = Fold(c);
    const auto pair = static_cast<uint16_t>(static_cast<unsigned char>(part[0]) |
                                            static_cast<unsigned char>(part[1]) << 8);
    starts_.set(StartOf(pair));
    parts_.emplace_back(pair, std::move(part));
  }
  std::sort(parts_.begin(), parts_.end());
}

bool PartFinder::AnyIn(std::string_view text) const {
  if (parts_.empty() || text.size() < 2) return false;
  auto low = static_cast<unsigned char>(Fold(text[0]));
  for (size_t at = 0; at + 1 < text.size(); ++at) {
    const auto high = static_cast<unsigned char>(Fold(text[at + 1]));
    const auto pair = static_cast<uint16_t>(low | high << 8);
    low = high;
    if (!starts_.test(StartOf(pair))) continue;
    auto part =
        std::lower_bound(parts_.begin(), parts_.end(), pair,
                         [](const auto& entry, uint16_t wanted) { return entry.first < wanted; });
    for (; part != parts_.end() && part->first == pair; ++part) {
      const std::string& wanted = part->second;
      if (wanted.size() > text.size() - at) continue;
      if (std::equal(wanted.begin() + 2, wanted.end(),
                     text.begin() + static_cast<ptrdiff_t>(at) + 2,
                     [this](char a, char b) { return a == Fold(b); }))
        return true;
    }
  }
  return false;
}

size_t TextSet::Hash::operator()(absl::string_view text) const {
  uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, over folded bytes
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(cased ? c : FoldByte(c))) * 0x100000001b3;
  return hash ^ hash >> 32;
}

bool TextSet::Equal::operator()(absl::string_view a, absl::string_view b) const {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [this](char x, char y) {
           return cased ? x == y : FoldByte(x) == FoldByte(y);
         });
}

TextSet::TextSet(const std::vector<TextPattern>& patterns, bool cased)
    : whole_(0, Hash{cased}, Equal{cased}), parts_({}, cased) {
  std::vector<std::string> parts;
  size_t many = 0;
  for (const TextPattern& pattern : patterns) many += AsPart(pattern) != nullptr ? 1U : 0U;
  for (const TextPattern& pattern : patterns) {
    const bool simple = cased || IsAscii(pattern);
    const std::vector<PatternPart>& all = pattern.parts();
    const std::string* part = AsPart(pattern);
    if (simple && (all.empty() || (all.size() == 1 && all[0].kind == Kind::kText))) {
      whole_.insert(all.empty() ? std::string() : all[0].text);
    } else if (simple && many > kFewParts && part != nullptr && part->size() >= 2) {
      parts.push_back(*part);
    } else {
      others_.emplace_back(pattern, cased);
    }
  }
  parts_ = PartFinder(std::move(parts), cased);
}

bool TextSet::Matches(std::string_view text) const {
  if (!whole_.empty() && whole_.contains(absl::string_view(text.data(), text.size()))) return true;
  if (parts_.AnyIn(text)) return true;
  return std::any_of(others_.begin(), others_.end(),
                     [&](const TextMatcher& matcher) { return matcher.Matches(text); });
}

}  // namespace telltale::engine
