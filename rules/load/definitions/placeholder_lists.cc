#include "rules/load/definitions/placeholder_lists.h"

#include <array>
#include <charconv>
#include <string_view>
#include <variant>

namespace telltale::rules {
namespace {

struct TextOf {
  std::string operator()(std::string_view text) const { return std::string(text); }
  template <typename Number>
  std::string operator()(Number number) const {
    std::array<char, 400> buffer;  // the greatest double has 309 digits
    const auto end = [&] {
      if constexpr (std::is_same_v<Number, double>) {
        return std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                             std::chars_format::fixed);
      } else {
        return std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
      }
    }();
    return std::string(buffer.data(), end.ptr);
  }
};

}  // namespace

PlaceholderLists::PlaceholderLists(const Definitions& definitions, Uses& uses)
    : definitions_(definitions), uses_(uses) {
  placeholders_.find = [this](const std::string& name) { return Find(name); };
  for (const auto& [name, list] : definitions.lists) placeholders_.names.push_back(name);
}

const std::vector<std::string>* PlaceholderLists::Find(const std::string& name) {
  const auto list = definitions_.lists.find(name);
  if (list == definitions_.lists.end()) return nullptr;
  uses_.lists.insert(name);
  const auto [texts, is_new] = texts_.try_emplace(name);
  for (size_t i = 0; is_new && i < list->second->size(); ++i)
    texts->second.push_back(std::visit(TextOf{}, (*list->second)[i]));
  return &texts->second;
}

}  // namespace telltale::rules
