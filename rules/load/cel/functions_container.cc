// Functions over whatever has a size.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

Result Size(const Args& args) {
  return Fits(args[0], TypeKind::kString, TypeKind::kBytes, TypeKind::kList, TypeKind::kMap,
              TypeKind::kEvent)
             ? Result(Type::Of(TypeKind::kInt))
             : std::nullopt;
}

constexpr std::string_view kFamily = "lists and maps";

constexpr Function kFunctions[] = {
    {"size", "size(list)",
     "how many elements a list has, entries a map, characters a text, bytes bytes", kFamily, 1, 1,
     true, true, Size, "size([1, 2])", "2"},
};

}  // namespace

FunctionTable ContainerFunctions() { return kFunctions; }

}  // namespace telltale::rules
