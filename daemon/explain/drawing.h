// An automaton as text for a terminal, in DOT for Graphviz, and as an SVG picture that needs no
// tool.
//
// Owner: the caller. Thread: any. Units: of SVG pixels. Errors: none; whatever a rule's texts hold
// is escaped.
#ifndef TELLTALE_DAEMON_EXPLAIN_DRAWING_H_
#define TELLTALE_DAEMON_EXPLAIN_DRAWING_H_

#include <string>
#include <string_view>
#include <vector>

#include "daemon/explain/automaton.h"
#include "daemon/explain/layered_layout.h"

namespace telltale::explain {

// Each ends with a newline.
std::string ToText(const Automaton& automaton);
std::string ToDot(const Automaton& automaton);
std::string ToSvg(const Automaton& automaton);

// Where the SVG picture has its boxes, by state, and the texts of its edges, by edge.
Drawing LayOut(const Automaton& automaton);

// What stands in the box of a state, line by line, and beside an edge; wrapped to `columns`.
std::vector<std::string> StateLines(const State& state, size_t columns);
std::vector<std::string> EdgeLines(const Edge& edge, size_t columns);

// Words of `text` on lines of at most `columns` code points; a longer word is cut.
std::vector<std::string> Wrap(std::string_view text, size_t columns);

}  // namespace telltale::explain

#endif  // TELLTALE_DAEMON_EXPLAIN_DRAWING_H_
