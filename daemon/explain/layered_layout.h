// Places the boxes of a directed graph in layers, one below the other, so that nothing overlaps.
//
// The method is Sugiyama's, kept small: a box stands one layer below the lowest box that leads to
// it (longest path); an edge passes every layer between its ends at a point of its own, so that it
// crosses no box, and its text takes such a place, too; the order within a layer follows the mean
// of the neighbours above and below; places are moved towards the neighbours as far as there is
// room. An edge from a box to itself is a loop at the box's right side, its text beside it.
//
// Owner: value types. Thread: no state, any. Units: pixels; y grows downwards. Errors: none.
// REQUIRES: the edges, but for loops, lead from a lower number to a higher one.
#ifndef TELLTALE_DAEMON_EXPLAIN_LAYERED_LAYOUT_H_
#define TELLTALE_DAEMON_EXPLAIN_LAYERED_LAYOUT_H_

#include <cstddef>
#include <vector>

namespace telltale::explain {

struct Size {
  double width = 0;
  double height = 0;
};

struct Point {
  double x = 0;
  double y = 0;
};

struct Rectangle {
  double x = 0;  // of the left upper corner
  double y = 0;
  double width = 0;
  double height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
  double middle() const { return x + width / 2; }
};

struct LayoutEdge {
  size_t from = 0;
  size_t to = 0;
  Size text;  // zero: none
};

struct Drawing {
  std::vector<Rectangle> boxes;
  std::vector<Rectangle> texts;           // by edge
  std::vector<std::vector<Point>> lines;  // by edge, from box to box; of a loop four corners
  Size size;
};

Drawing LayOutLayers(const std::vector<Size>& boxes, const std::vector<LayoutEdge>& edges);

}  // namespace telltale::explain

#endif  // TELLTALE_DAEMON_EXPLAIN_LAYERED_LAYOUT_H_
