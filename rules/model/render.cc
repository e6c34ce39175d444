// Diagnostics as text for a terminal, in the manner of today's compilers: place and message, the
// lines of all places that take part with the main one underlined by carets and the others by
// dashes, notes.
//
//   ato.yml:6:5: error[R0202]: the step name 'a' is taken
//      4 |   - a: { on: logins }
//        |     - by this step
//     ...
//      6 |   - a: { on: logins }
//        |     ^
//      = rule 'example', step 'a'
#include <algorithm>
#include <tuple>

#include "rules/model/diagnostic.h"
#include "rules/model/line_picture.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kBlue = "\x1b[1;34m";
constexpr std::string_view kReset = "\x1b[0m";

// A place to underline.
struct Mark {
  const Span* span = nullptr;
  std::string_view message;
  bool primary = false;
  uint32_t line = 0;
};

class Picture {
 public:
  Picture(const Diagnostic& diagnostic, const RenderStyle& style)
      : diagnostic_(diagnostic), style_(style) {}

  std::string Text() {
    Measure();
    Headline();
    if (diagnostic_.span.file != nullptr) Snippet(diagnostic_.span.file.get(), true);
    OtherFiles();
    for (const Label& label : diagnostic_.labels) {
      if (label.span.file == nullptr) Note(label.message);
    }
    for (const std::string& note : diagnostic_.notes) Note(note);
    return std::move(text_);
  }

 private:
  // Collects the marks and the right edge of their line numbers: all snippets are aligned.
  void Measure() {
    const auto mark = [&](const Span& span, std::string_view message, bool primary) {
      if (span.file == nullptr) return;
      marks_.push_back({&span, message, primary, span.file->Locate(span.begin).line});
      gutter_ = std::max(gutter_, std::to_string(marks_.back().line).size() + 3);
    };
    mark(diagnostic_.span, "", true);
    for (const Label& label : diagnostic_.labels) mark(label.span, label.message, false);
    std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) {
      return std::make_tuple(a.line, !a.primary, a.span->begin) <
             std::make_tuple(b.line, !b.primary, b.span->begin);
    });
  }

  std::string_view Colour() const {
    return diagnostic_.severity == Severity::kError ? kRed : kYellow;
  }

  void Append(std::string_view colour, std::string_view text) {
    if (style_.colour) text_ += colour;
    text_ += text;
    if (style_.colour) text_ += kReset;
  }

  static std::string Place(const Span& span) {
    const LineColumn at = span.file->Locate(span.begin);
    return Printable(span.file->path()) + ":" + std::to_string(at.line) + ":" +
           std::to_string(at.column);
  }

  void Headline() {
    if (diagnostic_.span.file != nullptr) Append(kBold, Place(diagnostic_.span) + ": ");
    const bool error = diagnostic_.severity == Severity::kError;
    Append(Colour(), std::string(error ? "error[" : "warning[") + diagnostic_.code.id + "]");
    Append(kBold, ": " + Printable(MessageOf(diagnostic_)));
    text_ += '\n';
  }

  void Margin(std::string_view label, std::string_view bar) {
    Append(kBlue, std::string(gutter_ - std::min(gutter_, label.size()), ' ') + std::string(label) +
                      std::string(bar));
  }

  // The marked lines of one file, each once where its marks fit into one window.
  void Snippet(const SourceFile* file, bool is_main) {
    uint32_t shown_line = 0;
    std::string shown;
    for (const Mark& mark : marks_) {
      if (mark.span->file.get() != file) continue;
      if (shown_line == 0 && !is_main) {
        Append(kBlue, std::string(gutter_ - 2, ' ') + "::: ");
        text_ += Place(*mark.span) + "\n";
      }
      const uint32_t start = file->LineStart(mark.line);
      const std::string_view line = file->Line(mark.line);
      const size_t begin = std::min<size_t>(mark.span->begin - start, line.size());
      const size_t end = std::clamp<size_t>(mark.span->end < start ? 0 : mark.span->end - start,
                                            begin, line.size());
      const LinePicture picture = DrawLine(line, begin, end);
      if (shown_line != mark.line || shown != picture.line) {
        if (shown_line != 0 && mark.line > shown_line + 1) {
          Append(kBlue, std::string(gutter_ - 1, ' ') + "...");
          text_ += '\n';
        }
        Margin(std::to_string(mark.line), " | ");
        text_ += picture.line + "\n";
        shown_line = mark.line;
        shown = picture.line;
      }
      Underline(mark, picture);
    }
  }

  void Underline(const Mark& mark, const LinePicture& picture) {
    Margin("", " | ");
    text_.append(picture.before, ' ');
    std::string line(picture.marked, mark.primary ? '^' : '-');
    if (!mark.message.empty()) line += " " + Printable(mark.message);
    Append(mark.primary ? Colour() : kBlue, line);
    text_ += '\n';
  }

  void OtherFiles() {
    std::vector<const SourceFile*> done = {nullptr, diagnostic_.span.file.get()};
    for (const Label& label : diagnostic_.labels) {
      const SourceFile* file = label.span.file.get();
      if (std::find(done.begin(), done.end(), file) != done.end()) continue;
      done.push_back(file);
      Snippet(file, false);
    }
  }

  void Note(std::string_view note) {
    Append(kBlue, std::string(gutter_ - 1, ' ') + "=");
    text_ += " " + Printable(note) + "\n";
  }

  const Diagnostic& diagnostic_;
  const RenderStyle& style_;
  std::vector<Mark> marks_;
  size_t gutter_ = 4;
  std::string text_;
};

}  // namespace

std::string MessageOf(const Diagnostic& diagnostic) {
  if (diagnostic.suggestion.empty()) return diagnostic.message;
  return diagnostic.message + " (did you mean '" + diagnostic.suggestion + "'?)";
}

std::string Render(const Diagnostic& diagnostic, const RenderStyle& style) {
  return Picture(diagnostic, style).Text();
}

std::string Render(const Diagnostics& diagnostics, const RenderStyle& style) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.list()) text += Render(diagnostic, style);
  const size_t more = diagnostics.added() - diagnostics.list().size();
  if (more > 0) text += "... and " + std::to_string(more) + " more\n";
  return text;
}

}  // namespace telltale::rules
