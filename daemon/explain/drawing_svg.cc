// The automaton as a picture: rounded boxes for steps, dashed ones where they are optional, circles
// for start and match, and a legend.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "daemon/explain/drawing.h"
#include "daemon/report/xml_text.h"

namespace telltale::explain {
namespace {

using report::XmlText;

constexpr size_t kStateColumns = 52;
constexpr size_t kEdgeColumns = 44;
constexpr double kCharacter = 7.3;  // the width of a monospaced character of 12 pixels, rounded up
constexpr double kLine = 16;
constexpr double kPadding = 10;
constexpr double kCircle = 56;  // across
constexpr double kTitle = 56;   // above the graph
constexpr double kLegend = 64;  // below it
constexpr double kLegendWidth = 560;

constexpr std::string_view kStyle =
    "<style>text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#1f2933}"
    ".t{font-size:15px;font-weight:bold}.n{font-weight:bold}.e{fill:#52606d}"
    ".b{fill:#f5f7fa;stroke:#3e4c59;stroke-width:1.5}.o{stroke-dasharray:6 4}"
    ".l{fill:none;stroke:#3e4c59;stroke-width:1.5;stroke-linejoin:round}"
    ".m{fill:#fff;stroke:#3e4c59;stroke-width:1.5}</style>\n"
    "<defs><marker id=\"a\" markerWidth=\"9\" markerHeight=\"8\" refX=\"8\" refY=\"4\" "
    "orient=\"auto\"><path d=\"M0,0 L9,4 L0,8 z\" fill=\"#3e4c59\"/></marker></defs>\n";

double Width(std::string_view line) {
  size_t cells = 0;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) cells += byte >= 0xE1 ? 2 : 1;  // from U+1000 on they may be wide
  }
  return kCharacter * static_cast<double>(cells);
}

Size TextSize(const std::vector<std::string>& lines) {
  Size size{0, kLine * static_cast<double>(lines.size())};
  for (const std::string& line : lines) size.width = std::max(size.width, Width(line));
  return size;
}

std::string Text(double x, double y, std::string_view style, std::string_view text) {
  return absl::StrFormat(
      "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" xml:space=\"preserve\">%s</text>\n", x, y,
      std::string(style), XmlText(text));
}

std::string Heading(const State& state) {
  return state.optional ? absl::StrCat(state.name, " (optional)") : state.name;
}

Size BoxSize(const State& state) {
  if (state.kind != StateKind::kStep) return {kCircle, kCircle};
  const Size text = TextSize(StateLines(state, kStateColumns));
  return {std::max(text.width, Width(Heading(state)) * 1.05) + 2 * kPadding,
          text.height + kLine + 2 * kPadding};
}

std::string Circle(const Rectangle& box, const State& state) {
  const double x = box.middle();
  const double y = box.y + box.height / 2;
  std::string text = absl::StrFormat("<circle class=\"m\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n",
                                     x, y, kCircle / 2);
  if (state.kind == StateKind::kMatch) {
    absl::StrAppendFormat(&text, "<circle class=\"m\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n", x, y,
                          kCircle / 2 - 4);
  }
  return text + Text(x - Width(state.name) / 2, y + 4, "n", state.name);
}

std::string Box(const Rectangle& box, const State& state) {
  if (state.kind != StateKind::kStep) return Circle(box, state);
  std::string text = absl::StrFormat(
      "<rect class=\"b%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"6\"/>\n",
      state.optional ? " o" : "", box.x, box.y, box.width, box.height);
  double y = box.y + kPadding + 12;
  text += Text(box.x + kPadding, y, "n", Heading(state));
  for (const std::string& line : StateLines(state, kStateColumns)) {
    text += Text(box.x + kPadding, y += kLine, "", line);
  }
  return text;
}

std::string Line(const std::vector<Point>& points) {
  std::string text = "<polyline class=\"l\" marker-end=\"url(#a)\" points=\"";
  for (const Point& point : points) absl::StrAppendFormat(&text, "%.1f,%.1f ", point.x, point.y);
  text.pop_back();
  return text + "\"/>\n";
}

std::string Legend(double y) {
  constexpr double kLeft = 24;
  return Text(kLeft, y, "e", "box: a step, and the event that it took (dashed: optional)") +
         Text(kLeft, y + kLine, "e",
              "arrow: the first later event of the key that fits, where it says nothing else") +
         Text(kLeft, y + 2 * kLine, "e",
              "loop: the step takes one more; no ...: nothing like it in between");
}

}  // namespace

Drawing LayOut(const Automaton& automaton) {
  std::vector<Size> boxes;
  for (const State& state : automaton.states) boxes.push_back(BoxSize(state));
  std::vector<LayoutEdge> edges;
  for (const Edge& edge : automaton.edges) {
    // Layers need a direction: what leads back in a repeated group is laid out as if it led on.
    edges.push_back({std::min(edge.from, edge.to), std::max(edge.from, edge.to),
                     TextSize(EdgeLines(edge, kEdgeColumns))});
  }
  Drawing drawing = LayOutLayers(boxes, edges);
  for (size_t e = 0; e < edges.size(); ++e) {
    if (automaton.edges[e].from > automaton.edges[e].to)
      std::reverse(drawing.lines[e].begin(), drawing.lines[e].end());
  }
  for (Rectangle& box : drawing.boxes) box.y += kTitle;
  for (Rectangle& text : drawing.texts) text.y += kTitle;
  for (std::vector<Point>& line : drawing.lines) {
    for (Point& point : line) point.y += kTitle;
  }
  drawing.size.height += kTitle;
  return drawing;
}

std::string ToSvg(const Automaton& automaton) {
  const Drawing drawing = LayOut(automaton);
  const std::string within =
      automaton.within.empty() ? "" : absl::StrCat("all within ", automaton.within);
  const double width =
      std::max({drawing.size.width, kLegendWidth, Width(automaton.title) * 1.3 + 48});
  std::string text = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
      "viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n",
      width, drawing.size.height + kLegend, width, drawing.size.height + kLegend);
  absl::StrAppend(
      &text, "<title>", XmlText(automaton.title), "</title>\n", std::string(kStyle),
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n", Text(24, 30, "t", automaton.title),
      Text(24, 50, "e", within.empty() ? automaton.id : absl::StrCat(automaton.id, ", ", within)));
  for (const std::vector<Point>& line : drawing.lines) text += Line(line);
  for (size_t s = 0; s < automaton.states.size(); ++s) {
    text += Box(drawing.boxes[s], automaton.states[s]);
  }
  for (size_t e = 0; e < automaton.edges.size(); ++e) {
    double y = drawing.texts[e].y + 12;
    for (const std::string& line : EdgeLines(automaton.edges[e], kEdgeColumns)) {
      text += Text(drawing.texts[e].x, y, "e", line);
      y += kLine;
    }
  }
  return text + Legend(drawing.size.height + 12) + "</svg>\n";
}

}  // namespace telltale::explain
