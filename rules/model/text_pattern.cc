#include "rules/model/text_pattern.h"

#include <algorithm>

namespace telltale::rules {

using Kind = PatternPart::Kind;

TextPattern TextPattern::Parse(std::string_view canonical) {
  TextPattern pattern;
  for (size_t i = 0; i < canonical.size(); ++i) {
    const char c = canonical[i];
    if (c == '*') {
      pattern.Add(Kind::kAnyText);
    } else if (c == '?') {
      pattern.Add(Kind::kAnyCharacter);
    } else if (c != '\\' || i + 1 == canonical.size()) {
      pattern.AddText(canonical.substr(i, 1));
    } else if (canonical[++i] == '-') {
      pattern.Add(Kind::kDash);
    } else {
      pattern.AddText(canonical.substr(i, 1));
    }
  }
  return pattern;
}

void TextPattern::AddText(std::string_view text) {
  if (text.empty()) return;
  if (parts_.empty() || parts_.back().kind != Kind::kText) parts_.push_back({Kind::kText, ""});
  parts_.back().text += text;
}

void TextPattern::Add(PatternPart::Kind kind) {
  if (kind == Kind::kAnyText && !parts_.empty() && parts_.back().kind == kind) return;
  parts_.push_back({kind, ""});
}

void TextPattern::OpenFront() {
  if (parts_.empty() || parts_.front().kind != Kind::kAnyText)
    parts_.insert(parts_.begin(), {Kind::kAnyText, ""});
}

void TextPattern::OpenBack() { Add(Kind::kAnyText); }

bool TextPattern::HasWildcard() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const PatternPart& part) {
    return part.kind == Kind::kAnyText || part.kind == Kind::kAnyCharacter;
  });
}

std::string TextPattern::ToString() const {
  std::string out;
  for (const PatternPart& part : parts_) {
    switch (part.kind) {
      case Kind::kAnyText:
        out += '*';
        break;
      case Kind::kAnyCharacter:
        out += '?';
        break;
      case Kind::kDash:
        out += "\\-";
        break;
      case Kind::kText:
        for (const char c : part.text) {
          if (c == '*' || c == '?' || c == '\\') out += '\\';
          out += c;
        }
    }
  }
  return out;
}

}  // namespace telltale::rules
