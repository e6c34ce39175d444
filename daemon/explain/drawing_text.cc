// The automaton for a terminal: each state with the ways out of it.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "daemon/explain/drawing.h"

namespace telltale::explain {
namespace {

constexpr size_t kColumns = 92;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

size_t Points(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

// The first `columns` code points of the text.
std::string_view First(std::string_view text, size_t columns) {
  size_t at = 0;
  for (; at < text.size(); ++at) {
    if (IsContinuation(text[at])) continue;
    if (columns-- == 0) break;
  }
  return text.substr(0, at);
}

void AppendLines(std::string& text, std::string_view first, const std::vector<std::string>& lines) {
  const std::string further(first.size(), ' ');
  for (size_t i = 0; i < lines.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? std::string(first) : further, lines[i], "\n");
  }
}

}  // namespace

std::vector<std::string> Wrap(std::string_view text, size_t columns) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    if (Points(text) <= columns) {
      lines.emplace_back(text);
      break;
    }
    const std::string_view fits = First(text, columns + 1);
    size_t end = fits.rfind(' ');
    if (end == std::string_view::npos || end == 0) end = First(text, columns).size();
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  return lines;
}

std::vector<std::string> StateLines(const State& state, size_t columns) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view text) {
    for (std::string& line : Wrap(text, columns)) lines.push_back(std::move(line));
  };
  if (state.kind != StateKind::kStep) return lines;
  add(absl::StrCat(state.count.empty() ? "an event" : state.count, " of ", state.stream,
                   state.key.empty() ? "" : absl::StrCat(" by ", state.key)));
  if (!state.where.empty()) add("where " + state.where);
  for (const std::string& part : state.parts) add(part);
  return lines;
}

std::vector<std::string> EdgeLines(const Edge& edge, size_t columns) {
  std::vector<std::string> lines;
  for (const std::string& condition : edge.conditions) {
    for (std::string& line : Wrap(condition, columns)) lines.push_back(std::move(line));
  }
  return lines;
}

std::string ToText(const Automaton& automaton) {
  std::string text;
  for (size_t s = 0; s < automaton.states.size(); ++s) {
    const State& state = automaton.states[s];
    absl::StrAppend(&text, state.kind == StateKind::kStep ? "[" : "(", state.name,
                    state.kind == StateKind::kStep ? "]" : ")",
                    state.optional ? " optional\n" : "\n");
    AppendLines(text, "    ", StateLines(state, kColumns));
    for (const Edge& edge : automaton.edges) {
      if (edge.from != s) continue;
      std::string way = absl::StrCat("  -> ", automaton.states[edge.to].name);
      std::string conditions;
      for (const std::string& condition : edge.conditions) {
        absl::StrAppend(&conditions, conditions.empty() ? "" : ", ", condition);
      }
      if (conditions.empty()) {
        absl::StrAppend(&text, way, "\n");
      } else {
        absl::StrAppend(&way, ": ");
        AppendLines(text, way, Wrap(conditions, kColumns - std::min(way.size(), kColumns / 2)));
      }
    }
  }
  return text;
}

}  // namespace telltale::explain
