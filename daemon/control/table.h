// A table for a terminal: columns as wide as their widest cell, numbers to the right.
//
// Owner: the caller. Thread: one. Errors: none.
#ifndef TELLTALE_DAEMON_CONTROL_TABLE_H_
#define TELLTALE_DAEMON_CONTROL_TABLE_H_

#include <string>
#include <utility>
#include <vector>

namespace telltale::control {

class Table {
 public:
  explicit Table(std::vector<std::string> titles) { rows_.push_back(std::move(titles)); }

  // REQUIRES: as many cells as titles.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  // A line for the titles and one for each row; no blanks at the ends of lines.
  std::string ToString() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace telltale::control

#endif  // TELLTALE_DAEMON_CONTROL_TABLE_H_
