#include "daemon/explain/layered_layout.h"

#include <algorithm>
#include <numeric>

namespace telltale::explain {
namespace {

constexpr double kMargin = 24;
constexpr double kBeside = 28;       // between two things of a layer
constexpr double kBetween = 22;      // between two layers
constexpr double kLeastHeight = 12;  // of a layer without texts
constexpr double kFromLine = 8;      // from a line to its text
constexpr double kLoop = 26;         // how far a loop reaches out
constexpr double kBoxWeight = 64;    // a box gives way less than an edge that passes
constexpr int kRounds = 12;
constexpr int kOrderingRounds = 6;

// What takes room in a layer: a box, or an edge that passes, with its text.
struct Item {
  size_t layer = 0;
  Size size;
  double port = 0;  // where lines meet it, from its left side
  double weight = 1;
  double x = 0;  // of its left side
  std::vector<size_t> above;
  std::vector<size_t> below;
  double line() const { return x + port; }
};

class Layers {
 public:
  Layers(const std::vector<Size>& boxes, const std::vector<LayoutEdge>& edges)
      : boxes_(boxes), edges_(edges), items_(boxes.size()), passes_(edges.size()) {}

  Drawing Run() {
    RankBoxes();
    PassEdges();
    std::vector<size_t> order(items_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    for (const size_t item : order) {
      layers_.resize(std::max(layers_.size(), items_[item].layer + 1));
      layers_[items_[item].layer].push_back(item);
    }
    for (int round = 0; round < kRounds; ++round) {
      const bool sorted = round < kOrderingRounds;
      for (size_t l = 0; l < layers_.size(); ++l) Arrange(l, &Item::above, nullptr, sorted);
      for (size_t l = layers_.size(); l-- > 0;) Arrange(l, &Item::below, nullptr, sorted);
    }
    for (size_t l = 0; l < layers_.size(); ++l) Arrange(l, &Item::above, &Item::below, false);
    return Draw();
  }

 private:
  using Neighbours = std::vector<size_t> Item::*;

  // Boxes stand in even layers, the texts of edges in odd ones.
  void RankBoxes() {
    std::vector<size_t> rank(boxes_.size(), 0);
    for (size_t from = 0; from < boxes_.size(); ++from) {
      for (const LayoutEdge& edge : edges_) {
        if (edge.from == from && edge.to != from) {
          rank[edge.to] = std::max(rank[edge.to], rank[from] + 1);
        }
      }
    }
    for (size_t b = 0; b < boxes_.size(); ++b) {
      items_[b] = {.layer = 2 * rank[b],
                   .size = boxes_[b],
                   .port = boxes_[b].width / 2,
                   .weight = kBoxWeight};
    }
  }

  void PassEdges() {
    for (size_t e = 0; e < edges_.size(); ++e) {
      const LayoutEdge& edge = edges_[e];
      if (edge.from == edge.to) {
        Size& size = items_[edge.from].size;
        size.width += kLoop + (edge.text.width > 0 ? kFromLine + edge.text.width : 0);
        size.height = std::max(size.height, edge.text.height);
        continue;
      }
      const size_t first = items_[edge.from].layer + 1;
      size_t last = edge.from;
      for (size_t layer = first; layer < items_[edge.to].layer; ++layer) {
        Item item{.layer = layer};
        if (layer == first && edge.text.width > 0)
          item.size = {kFromLine + edge.text.width, edge.text.height};
        passes_[e].push_back(items_.size());
        items_.push_back(std::move(item));
        Join(last, items_.size() - 1);
        last = items_.size() - 1;
      }
      Join(last, edge.to);
    }
  }

  void Join(size_t above, size_t below) {
    items_[above].below.push_back(below);
    items_[below].above.push_back(above);
  }

  // Where an item would like its line to be: at the mean of its neighbours' lines.
  double Wanted(const Item& item, Neighbours first, Neighbours second) const {
    double sum = 0;
    size_t count = 0;
    for (const Neighbours neighbours : {first, second}) {
      if (neighbours == nullptr) continue;
      for (const size_t other : item.*neighbours) {
        sum += items_[other].line();
        ++count;
      }
    }
    return count == 0 ? item.line() : sum / static_cast<double>(count);
  }

  // Puts a layer's items where they want to be as far as they do not overlap: the least sum of
  // squared distances under the order, which is a regression on a rising sequence (pool adjacent
  // violators).
  void Arrange(size_t layer, Neighbours first, Neighbours second, bool sort) {
    std::vector<size_t>& row = layers_[layer];
    std::vector<double> wanted(items_.size());
    for (const size_t i : row) wanted[i] = Wanted(items_[i], first, second);
    if (sort) {
      std::stable_sort(row.begin(), row.end(),
                       [&](size_t a, size_t b) { return wanted[a] < wanted[b]; });
    }
    struct Block {
      double sum, weight;
      size_t count;
      double mean() const { return sum / weight; }
    };
    std::vector<Block> blocks;
    std::vector<double> offsets;  // of each left side, were they set side by side
    double offset = 0;
    for (const size_t i : row) {
      const Item& item = items_[i];
      offsets.push_back(offset);
      const double start = wanted[i] - item.port - offset;
      blocks.push_back({start * item.weight, item.weight, 1});
      while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
        const Block last = blocks.back();
        blocks.pop_back();
        blocks.back().sum += last.sum;
        blocks.back().weight += last.weight;
        blocks.back().count += last.count;
      }
      offset += item.size.width + kBeside;
    }
    size_t at = 0;
    for (const Block& block : blocks) {
      for (size_t i = 0; i < block.count; ++i, ++at) {
        items_[row[at]].x = block.mean() + offsets[at];
      }
    }
  }

  Drawing Draw() {
    std::vector<double> top(layers_.size() + 1, kMargin);
    for (size_t l = 0; l < layers_.size(); ++l) {
      double height = kLeastHeight;
      for (const size_t i : layers_[l]) height = std::max(height, items_[i].size.height);
      top[l + 1] = top[l] + height + kBetween;
    }
    double left = items_.empty() ? 0 : items_.front().x;
    for (const Item& item : items_) left = std::min(left, item.x);
    for (Item& item : items_) item.x += kMargin - left;
    Drawing drawing;
    for (size_t b = 0; b < boxes_.size(); ++b) {
      drawing.boxes.push_back(
          {items_[b].x, top[items_[b].layer], boxes_[b].width, boxes_[b].height});
    }
    for (size_t e = 0; e < edges_.size(); ++e) DrawEdge(e, top, drawing);
    for (const Item& item : items_) {
      drawing.size.width = std::max(drawing.size.width, item.x + item.size.width + kMargin);
    }
    drawing.size.height = top.back() - kBetween + kMargin;
    return drawing;
  }

  void DrawEdge(size_t e, const std::vector<double>& top, Drawing& drawing) const {
    const LayoutEdge& edge = edges_[e];
    const Rectangle& from = drawing.boxes[edge.from];
    Rectangle text{0, 0, edge.text.width, edge.text.height};
    std::vector<Point> line;
    if (edge.from == edge.to) {
      const double out = from.right() + kLoop;
      const double high = from.y + from.height / 3;
      const double low = from.y + from.height * 2 / 3;
      line = {{from.right(), high}, {out, high}, {out, low}, {from.right(), low}};
      text.x = out + kFromLine;
      text.y = from.y;
    } else {
      const Rectangle& to = drawing.boxes[edge.to];
      line.push_back({from.middle(), from.bottom()});
      // Straight down as far as the highest box of the layer reaches.
      const double layer_bottom = top[items_[edge.from].layer + 1] - kBetween;
      if (layer_bottom > from.bottom()) line.push_back({from.middle(), layer_bottom});
      const size_t before = line.size();
      for (const size_t pass : passes_[e]) {
        const Item& item = items_[pass];
        if (line.size() == before) {
          text.x = item.line() + kFromLine;
          text.y = top[item.layer];
        }
        line.push_back({item.line(), top[item.layer]});
        line.push_back({item.line(), top[item.layer + 1] - kBetween});
      }
      line.push_back({to.middle(), to.y});
    }
    drawing.texts.push_back(text);
    drawing.lines.push_back(std::move(line));
  }

  const std::vector<Size>& boxes_;
  const std::vector<LayoutEdge>& edges_;
  std::vector<Item> items_;  // the boxes, then what passes
  std::vector<std::vector<size_t>> passes_;
  std::vector<std::vector<size_t>> layers_;  // items from left to right
};

}  // namespace

Drawing LayOutLayers(const std::vector<Size>& boxes, const std::vector<LayoutEdge>& edges) {
  return Layers(boxes, edges).Run();
}

}  // namespace telltale::explain
