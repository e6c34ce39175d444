// What is wrong with a user's rules or config, said all at once and with its place.
//
// Diagnostics are data, collected by every stage of loading into one list, sorted and rendered at
// the end; absl::Status is for our own failures only. A message names the thing in the user's
// words; `code` is stable for ever (see codes.h).
//
// Owner: the caller of the loader owns the list. Thread: one thread at a time. Errors: none.
#ifndef TELLTALE_RULES_MODEL_DIAGNOSTIC_H_
#define TELLTALE_RULES_MODEL_DIAGNOSTIC_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/codes.h"
#include "rules/model/source.h"

namespace telltale::rules {

enum class Severity { kError, kWarning };

struct Label {
  Span span;
  std::string message;
};

struct Diagnostic {
  Severity severity = Severity::kError;
  Code code;
  Span span;
  std::string message;
  std::string suggestion;     // the nearest known word; empty: none ("did you mean 'contains'?")
  std::vector<Label> labels;  // further places that take part
  std::vector<std::string> notes;  // "rule 'ato-new-device', step 'login'"
};

class Diagnostics {
 public:
  // Adds and returns the entry, so that a caller can attach suggestion, labels or notes. Beyond
  // kMostKept entries are counted only: a broken file of megabytes must not become gigabytes of
  // text.
  Diagnostic& Error(Code code, Span span, std::string message);
  Diagnostic& Warning(Code code, Span span, std::string message);
  void Append(Diagnostics other);

  static constexpr size_t kMostKept = 1000;

  bool has_errors() const { return errors_ > 0; }
  bool empty() const { return list_.empty(); }
  // How many were ever added, and how many of them were errors, kept or not.
  size_t added() const { return added_; }
  size_t errors() const { return errors_; }
  const std::vector<Diagnostic>& list() const { return list_; }
  // Takes out those that `unwanted` says, among the ones that are kept.
  void Remove(const std::function<bool(const Diagnostic&)>& unwanted);
  // By file (those of `files` in their order, then in order of first appearance), then place, then
  // code; equal entries once.
  void Sort(const std::vector<SourcePtr>& files = {});

  // While alive, every diagnostic added gets `note` ("rule 'x'") appended to its notes.
  class Scope {
   public:
    Scope(Diagnostics& diagnostics, std::string note);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Diagnostics& diagnostics_;
  };

 private:
  Diagnostic& Add(Severity severity, Code code, Span span, std::string message);

  std::vector<Diagnostic> list_;
  std::vector<std::string> scopes_;
  Diagnostic dropped_;  // what a caller writes to beyond kMostKept
  size_t added_ = 0;
  size_t errors_ = 0;
};

struct RenderStyle {
  bool colour = false;  // with ANSI's escape sequences
};

// file:line:col: error[R0203]: message (did you mean 'x'?), the lines of its places with carets,
// notes. Ends with a newline.
std::string Render(const Diagnostic& diagnostic, const RenderStyle& style = {});
std::string Render(const Diagnostics& diagnostics, const RenderStyle& style = {});

// The message with its suggestion: "... 'whre' (did you mean 'where'?)".
std::string MessageOf(const Diagnostic& diagnostic);

// What to write in the place of what, where that is known: the suggestion, if the text at the
// diagnostic's span is the very word that its message is about.
struct Fix {
  Span span;
  std::string text;
};
std::optional<Fix> FixOf(const Diagnostic& diagnostic);

// The candidate nearest to `word` by edit distance (Damerau), if near enough to be a slip of the
// pen; else empty.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_DIAGNOSTIC_H_
