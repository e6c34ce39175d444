#include "rules/model/key_parts.h"

namespace telltale::rules {

std::string ToText(const KeyParts& key) {
  std::string text;
  for (size_t i = 0; i < key.size(); ++i) {
    if (i > 0) text += ", ";
    text += key[i].value_or("null");
  }
  return text;
}

}  // namespace telltale::rules
