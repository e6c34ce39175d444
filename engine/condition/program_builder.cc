#include "engine/condition/program_builder.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/condition/copy_value.h"

namespace telltale::engine {
namespace {

constexpr uint32_t kMaxRegisters = 65'000;

}  // namespace

ProgramBuilder::ProgramBuilder(const std::vector<EventLayout>& layouts) {
  for (const EventLayout& layout : layouts) {
    const std::optional<uint32_t> slot = layout.Find({});
    parts_.whole_slots.push_back(slot.has_value() ? static_cast<int32_t>(*slot) : -1);
  }
}

Register ProgramBuilder::Take(uint32_t count) {
  const uint32_t first = top_;
  if (first + count > kMaxRegisters) {
    Fail(absl::ResourceExhaustedError("an expression that needs too many registers"));
    return 0;
  }
  top_ += count;
  most_ = std::max(most_, top_);
  return static_cast<Register>(first);
}

void ProgramBuilder::Release(Register mark) { top_ = std::max<uint32_t>(mark, 1); }

uint32_t ProgramBuilder::Emit(Instruction instruction) {
  parts_.code.push_back(instruction);
  return Here() - 1;
}

void ProgramBuilder::Land(const std::vector<uint32_t>& jumps) {
  for (const uint32_t jump : jumps) parts_.code[jump].c = Here();
}

Value ProgramBuilder::Keep(Value value) { return CopyValue(value, parts_.arena); }

uint32_t ProgramBuilder::AddConstant(Value value) {
  parts_.constants.push_back(Keep(value));
  return static_cast<uint32_t>(parts_.constants.size() - 1);
}

uint32_t ProgramBuilder::AddPath(const rules::FieldPath& path) {
  auto* names =
      reinterpret_cast<StoredValue*>(parts_.arena.Allocate(path.size() * sizeof(StoredValue)));
  for (size_t i = 0; i < path.size(); ++i)
    names[i].Store(Value::String(CopyText(path[i], parts_.arena)));
  parts_.constants.push_back(Value::List(names, static_cast<uint32_t>(path.size())));
  return static_cast<uint32_t>(parts_.constants.size() - 1);
}

uint32_t ProgramBuilder::AddSet(ConstantSet set) {
  parts_.sets.push_back(std::move(set));
  return static_cast<uint32_t>(parts_.sets.size() - 1);
}

uint32_t ProgramBuilder::AddRegex(std::unique_ptr<re2::RE2> regex) {
  parts_.regexes.push_back(std::move(regex));
  return static_cast<uint32_t>(parts_.regexes.size() - 1);
}

uint32_t ProgramBuilder::AddTest(std::unique_ptr<const FieldTest> test) {
  parts_.tests.push_back(std::move(test));
  return static_cast<uint32_t>(parts_.tests.size() - 1);
}

uint32_t ProgramBuilder::AddFunction(const NativeFunction& function) {
  for (uint32_t i = 0; i < parts_.functions.size(); ++i) {
    if (parts_.functions[i] == &function) return i;
  }
  parts_.functions.push_back(&function);
  return static_cast<uint32_t>(parts_.functions.size() - 1);
}

uint32_t ProgramBuilder::AddList(const ListInput& list) {
  parts_.lists.push_back(&list);
  return static_cast<uint32_t>(parts_.lists.size() - 1);
}

uint32_t ProgramBuilder::AddTable(const Table& table) {
  parts_.tables.push_back(&table);
  return static_cast<uint32_t>(parts_.tables.size() - 1);
}

void ProgramBuilder::EmitConstant(Value value, Register dst) {
  Emit({.op = Op::kConstant, .dst = dst, .c = AddConstant(value)});
}

absl::StatusOr<std::shared_ptr<const Program>> ProgramBuilder::Finish() {
  if (!status_.ok()) return status_;
  parts_.registers = most_;
  return std::make_shared<const Program>(std::move(parts_));
}

}  // namespace telltale::engine
