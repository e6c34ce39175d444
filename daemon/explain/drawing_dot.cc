// The automaton in Graphviz's language.
#include "absl/strings/str_cat.h"
#include "daemon/explain/drawing.h"

namespace telltale::explain {
namespace {

constexpr size_t kColumns = 48;

// Between double quotes; a backslash would begin one of DOT's own escapes.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

// Lines that end to the left.
std::string Label(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) absl::StrAppend(&text, Escaped(line), "\\l");
  return text;
}

}  // namespace

std::string ToDot(const Automaton& automaton) {
  std::string title = absl::StrCat(automaton.id, ": ", automaton.title);
  if (!automaton.within.empty()) absl::StrAppend(&title, " (all within ", automaton.within, ")");
  std::string text = absl::StrCat("digraph \"", Escaped(automaton.id), "\" {\n  label=\"",
                                  Escaped(title), "\";\n  labelloc=t;\n",
                                  "  node [shape=box, style=rounded, fontname=monospace];\n"
                                  "  edge [fontname=monospace];\n");
  for (size_t s = 0; s < automaton.states.size(); ++s) {
    const State& state = automaton.states[s];
    switch (state.kind) {
      case StateKind::kStart:
        absl::StrAppend(&text, "  s", s, " [label=\"start\", shape=circle];\n");
        break;
      case StateKind::kMatch:
        absl::StrAppend(&text, "  s", s, " [label=\"match\", shape=doublecircle];\n");
        break;
      case StateKind::kStep:
        absl::StrAppend(&text, "  s", s, " [label=\"", Escaped(state.name),
                        state.optional ? " (optional)" : "", "\\l",
                        Label(StateLines(state, kColumns)), "\"",
                        state.optional ? ", style=\"rounded,dashed\"" : "", "];\n");
        break;
    }
  }
  for (const Edge& edge : automaton.edges) {
    absl::StrAppend(&text, "  s", edge.from, " -> s", edge.to);
    const std::string label = Label(EdgeLines(edge, kColumns));
    if (!label.empty()) absl::StrAppend(&text, " [label=\"", label, "\"]");
    absl::StrAppend(&text, ";\n");
  }
  return text + "}\n";
}

}  // namespace telltale::explain
