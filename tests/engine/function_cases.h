// What the tests of functions share: an expression's result, evaluated with and without folding.
// Thread: any.
#ifndef TELLTALE_TESTS_ENGINE_FUNCTION_CASES_H_
#define TELLTALE_TESTS_ENGINE_FUNCTION_CASES_H_

#include <gtest/gtest.h>

#include <string>

#include "tests/engine/condition_cases.h"

namespace telltale::engine {

// As ResultText; "R0403" and the like where the checker refuses it.
inline std::string ResultOf(const std::string& expr, const std::string& event = "{}") {
  CompiledCondition condition(expr);
  if (condition.ok()) return condition.Result({.event = event});
  const size_t code = condition.mistake().find("error[");
  return code == std::string::npos ? condition.mistake() : condition.mistake().substr(code + 6, 5);
}

// The same with `x` in the place of what is not known before evaluation.
inline std::string ResultWith(const std::string& x, const std::string& expr) {
  return ResultOf(expr, "{'x': " + x + "}");
}

}  // namespace telltale::engine

#endif  // TELLTALE_TESTS_ENGINE_FUNCTION_CASES_H_
