#include "daemon/config/field_types.h"

#include <utility>

namespace telltale::config {

using rules::Type;
using rules::TypeKind;

namespace {

constexpr int kMaxNesting = 16;

// type = name | "list(" type ")" | "map(" type "," type ")"; blanks anywhere between.
class TypeParser {
 public:
  explicit TypeParser(std::string_view text) : text_(text) {}

  std::optional<Type> Whole() {
    std::optional<Type> type = One(0);
    SkipBlanks();
    if (!text_.empty()) return std::nullopt;
    return type;
  }

 private:
  void SkipBlanks() {
    while (text_.starts_with(' ')) text_.remove_prefix(1);
  }

  bool Accept(char c) {
    SkipBlanks();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::string_view Name() {
    SkipBlanks();
    size_t size = 0;
    while (size < text_.size() && text_[size] >= 'a' && text_[size] <= 'z') ++size;
    const std::string_view name = text_.substr(0, size);
    text_.remove_prefix(size);
    return name;
  }

  std::optional<Type> One(int depth) {
    if (depth > kMaxNesting) return std::nullopt;
    const std::string_view name = Name();
    if (name == "dyn") return Type::Dyn();
    if (name == "bool") return Type::Of(TypeKind::kBool);
    if (name == "int") return Type::Of(TypeKind::kInt);
    if (name == "uint") return Type::Of(TypeKind::kUint);
    if (name == "double") return Type::Of(TypeKind::kDouble);
    if (name == "string") return Type::Of(TypeKind::kString);
    if (name == "list") return List(depth);
    if (name == "map") return Map(depth);
    return std::nullopt;
  }

  std::optional<Type> List(int depth) {
    if (!Accept('(')) return Type::List(Type::Dyn());
    std::optional<Type> element = One(depth + 1);
    if (!element || !Accept(')')) return std::nullopt;
    return Type::List(*std::move(element));
  }

  // JSON's keys are strings.
  std::optional<Type> Map(int depth) {
    if (!Accept('(')) return Type::Map(Type::Of(TypeKind::kString), Type::Dyn());
    const std::optional<Type> key = One(depth + 1);
    if (!key || key->kind != TypeKind::kString || !Accept(',')) return std::nullopt;
    std::optional<Type> value = One(depth + 1);
    if (!value || !Accept(')')) return std::nullopt;
    return Type::Map(*key, *std::move(value));
  }

  std::string_view text_;
};

}  // namespace

std::optional<Type> ParseType(std::string_view text) { return TypeParser(text).Whole(); }

const std::vector<std::string>& TypeWords() {
  static const std::vector<std::string> words = {"bool",   "int",  "uint", "double",
                                                 "string", "list", "map",  "dyn"};
  return words;
}

}  // namespace telltale::config
