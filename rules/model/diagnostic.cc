#include "rules/model/diagnostic.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace telltale::rules {
namespace {

bool SamePlace(const Span& a, const Span& b) {
  return a.file == b.file && a.begin == b.begin && a.end == b.end;
}

bool Same(const Diagnostic& a, const Diagnostic& b) {
  return a.severity == b.severity && std::string_view(a.code.id) == b.code.id &&
         SamePlace(a.span, b.span) && a.message == b.message;
}

// The user's words stand in messages and notes, and a rule's id can be a megabyte.
std::string Shortened(std::string text) {
  constexpr size_t kLongest = 1000;
  if (text.size() <= kLongest) return text;
  size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

}  // namespace

Diagnostic& Diagnostics::Add(Severity severity, Code code, Span span, std::string message) {
  ++added_;
  if (severity == Severity::kError) ++errors_;
  if (list_.size() >= kMostKept) {
    dropped_ = {};
    return dropped_;
  }
  Diagnostic& entry = list_.emplace_back();
  entry.severity = severity;
  entry.code = code;
  entry.span = std::move(span);
  entry.message = Shortened(std::move(message));
  std::string scope;
  for (const std::string& note : scopes_) scope += (scope.empty() ? "" : ", ") + note;
  if (!scope.empty()) entry.notes.push_back(std::move(scope));
  return entry;
}

Diagnostic& Diagnostics::Error(Code code, Span span, std::string message) {
  return Add(Severity::kError, code, std::move(span), std::move(message));
}

Diagnostic& Diagnostics::Warning(Code code, Span span, std::string message) {
  return Add(Severity::kWarning, code, std::move(span), std::move(message));
}

void Diagnostics::Append(Diagnostics other) {
  added_ += other.added_;
  errors_ += other.errors_;
  for (Diagnostic& entry : other.list_) {
    if (list_.size() < kMostKept) list_.push_back(std::move(entry));
  }
}

void Diagnostics::Sort(const std::vector<SourcePtr>& files) {
  std::unordered_map<const SourceFile*, size_t> ranks;
  for (const SourcePtr& file : files) ranks.try_emplace(file.get(), ranks.size());
  for (const Diagnostic& entry : list_) ranks.try_emplace(entry.span.file.get(), ranks.size());
  const auto order = [&ranks](const Diagnostic& entry) {
    return std::make_tuple(ranks.at(entry.span.file.get()), entry.span.begin, entry.span.end,
                           std::string_view(entry.code.id));
  };
  std::stable_sort(list_.begin(), list_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return order(a) < order(b); });
  const auto end = std::unique(list_.begin(), list_.end(), Same);
  for (auto entry = end; entry != list_.end(); ++entry) {
    --added_;
    if (entry->severity == Severity::kError) --errors_;
  }
  list_.erase(end, list_.end());
}

void Diagnostics::Remove(const std::function<bool(const Diagnostic&)>& unwanted) {
  std::erase_if(list_, [&](const Diagnostic& entry) {
    if (!unwanted(entry)) return false;
    --added_;
    if (entry.severity == Severity::kError) --errors_;
    return true;
  });
}

Diagnostics::Scope::Scope(Diagnostics& diagnostics, std::string note) : diagnostics_(diagnostics) {
  diagnostics_.scopes_.push_back(Shortened(std::move(note)));
}

Diagnostics::Scope::~Scope() { diagnostics_.scopes_.pop_back(); }

}  // namespace telltale::rules
