// What the checker's tables of functions and the engine's say of each other: every function that a
// condition may call is there, and every one that is there may be called.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "engine/condition/native.h"
#include "rules/load/cel/functions.h"

namespace telltale::engine {
namespace {

// What the compiler makes instructions of, or leaves out.
bool IsCompiled(std::string_view name) {
  return name == "size" || name == "dyn" || name == "or" || name == "orValue";
}

TEST(ConditionFunctions, WhatMayBeCalledIsThere) {
  for (const rules::FunctionTable& table : rules::AllFunctions()) {
    for (const rules::Function& function : table) {
      if (function.is_operator() || IsCompiled(function.name)) continue;
      EXPECT_NE(FindNative(function.name), nullptr) << function.name;
    }
  }
}

TEST(ConditionFunctions, WhatIsThereMayBeCalled) {
  for (const NativeTable& table : AllNatives()) {
    for (const NativeFunction& native : table) {
      EXPECT_NE(native.call, nullptr) << native.name;
      if (native.name.starts_with('@')) continue;
      EXPECT_NE(rules::FindFunction(native.name), nullptr) << native.name;
    }
  }
}

TEST(ConditionFunctions, NamesAreUniqueOnBothSides) {
  std::set<std::string_view> checked;
  for (const rules::FunctionTable& table : rules::AllFunctions()) {
    for (const rules::Function& function : table)
      EXPECT_TRUE(checked.insert(function.name).second) << function.name;
  }
  std::set<std::string_view> natives;
  for (const NativeTable& table : AllNatives()) {
    for (const NativeFunction& native : table)
      EXPECT_TRUE(natives.insert(native.name).second) << native.name;
  }
}

// The reference is made from the table: each function says how it is called and what it does.
TEST(ConditionFunctions, EachIsDescribed) {
  for (const rules::FunctionTable& table : rules::AllFunctions()) {
    for (const rules::Function& function : table) {
      EXPECT_NE(function.result, nullptr) << function.name;
      EXPECT_LE(function.min_args, function.max_args) << function.name;
      if (function.is_operator()) continue;
      EXPECT_TRUE(function.global || function.member) << function.name;
      EXPECT_FALSE(function.summary.empty()) << function.name;
      EXPECT_FALSE(function.summary.ends_with('.')) << function.name;
      EXPECT_FALSE(function.family.empty()) << function.name;
      EXPECT_NE(function.usage.find(function.name), std::string_view::npos) << function.name;
      EXPECT_TRUE(function.usage.ends_with(')')) << function.name;
    }
  }
}

}  // namespace
}  // namespace telltale::engine
