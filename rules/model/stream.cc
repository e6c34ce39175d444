#include "rules/model/stream.h"

namespace telltale::rules {

std::optional<StreamIndex> StreamCatalog::Find(std::string_view name) const {
  for (StreamIndex i = 0; i < streams_.size(); ++i) {
    if (streams_[i].name == name) return i;
  }
  return std::nullopt;
}

}  // namespace telltale::rules
