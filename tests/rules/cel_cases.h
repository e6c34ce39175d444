// Helpers of the tests of expressions: a mistake as its author sees it, and random expressions.
// Thread: any.
#ifndef TELLTALE_TESTS_RULES_CEL_CASES_H_
#define TELLTALE_TESTS_RULES_CEL_CASES_H_

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "rules/load/cel/cel.h"

namespace telltale::rules {

// The text as if it were a file of its own.
inline LocatedText InFile(const std::string& text) {
  return LocatedText(text, std::make_shared<const SourceFile>("rule.yml", text));
}

inline std::string Rendered(Diagnostics& diagnostics) {
  diagnostics.Sort();
  return Render(diagnostics);
}

// Random expressions of the grammar, macros left out, with random blanks and needless parentheses.
class ExpressionWriter {
 public:
  explicit ExpressionWriter(uint32_t seed) : random_(seed) {}

  std::string Expression(int depth) {
    switch (depth <= 0 ? Pick(4) : Pick(14)) {
      case 0:
        return Choose({"a", "b_1", "event", "login", ".root"});
      case 1:
        return Choose({"1", "-7", "0x1F", "3u", "-9223372036854775808", "18446744073709551615u"});
      case 2:
        return Choose({"1.5", "-.5", "1e300", "2.5E-7", "true", "false", "null"});
      case 3:
        return Choose({"'a'", "\"q\\\"'\"", "r'\\d'", "b'\\xff'", "'''x\ny'''", "'\\u00e9'", "''"});
      case 4:
        return Concat(Operand(depth), ".", Choose({"name", "in_", "`a-b`", "const"}));
      case 5:
        return Concat(Operand(depth), "[", Expression(depth - 1), "]");
      case 6:
        return Concat(Choose({"!", "-", "--", "!!"}), Operand(depth));
      case 7:
        return Concat("f(", Expression(depth - 1), ",", Expression(depth - 1), ")");
      case 8:
        return Concat("[", Expression(depth - 1), Blank(), ",", Expression(depth - 1),
                      Choose({"", ","}), "]");
      case 9:
        return Concat("{", Expression(depth - 1), ":", Expression(depth - 1), Choose({"", ","}),
                      "}");
      case 10:
        return Concat(Binary(depth), "?", Binary(depth), ":", Expression(depth - 1));
      case 11:
        return Concat(Operand(depth), ".g(", Expression(depth - 1), ")");
      default:
        return Binary(depth);
    }
  }

 private:
  size_t Pick(size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(random_); }
  std::string Choose(const std::vector<std::string>& words) { return words[Pick(words.size())]; }
  std::string Blank() { return Choose({"", " ", "\n", "\t // note\n"}); }
  std::string Operand(int depth) { return Concat("(", Expression(depth - 1), ")"); }

  std::string Binary(int depth) {
    std::string out = Operand(depth);
    for (size_t i = 0; i < Pick(3); ++i) {
      out += Concat(
          Blank(),
          Choose({"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", " in ", "&&", "||"}),
          Blank(), Operand(depth));
    }
    return out;
  }

  template <typename... Parts>
  static std::string Concat(const Parts&... parts) {
    std::string out;
    ((out += parts), ...);
    return out;
  }

  std::mt19937 random_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_TESTS_RULES_CEL_CASES_H_
