#include "rules/load/cel/constant_checks.h"

#include <optional>
#include <string>
#include <string_view>

#include "re2/re2.h"
#include "rules/load/cel/concat.h"
#include "rules/load/cel/functions.h"
#include "rules/load/cel/literal.h"
#include "rules/model/address.h"
#include "rules/model/codes.h"
#include "rules/model/format_clauses.h"
#include "rules/model/scalar_text.h"
#include "rules/model/time_text.h"

namespace telltale::rules {
namespace {

// The text of a literal; null: it is something else.
const std::string* TextOf(const Expr& expr) {
  return expr.kind == ExprKind::kConstant ? std::get_if<std::string>(&expr.constant) : nullptr;
}

// At the bytes [begin, end) of the literal's value.
Diagnostic& ErrorInside(Code code, const Expr& literal, size_t begin, size_t end,
                        std::string message, Reporter& reporter) {
  const DecodedLiteral decoded = DecodeLiteral(reporter.TextOf(literal));
  return reporter.Error(code, literal.begin + decoded.offsets[begin],
                        literal.begin + decoded.offsets[end], std::move(message));
}

void CheckText(const Expr& arg, std::string_view (*mistake)(std::string_view), Reporter& reporter) {
  const std::string* text = TextOf(arg);
  if (text == nullptr) return;
  const std::string_view found = mistake(*text);
  if (!found.empty()) reporter.Error(kBadConstant, arg, std::string(found));
}

// What int() and its like make of a text.
std::string_view (*MistakeOf(std::string_view conversion))(std::string_view) {
  if (conversion == "int") return IntMistake;
  if (conversion == "uint") return UintMistake;
  if (conversion == "double") return DoubleMistake;
  return conversion == "bool" ? BoolMistake : nullptr;
}

// getHours(time, zone) and its like.
bool TakesZone(const Expr& call) {
  return call.member && call.args.size() == 2 && call.name.starts_with("get") &&
         call.args[0]->type.kind == TypeKind::kTimestamp;
}

// Of whole numbers; others divide to infinity.
void CheckDivision(const Expr& call, Reporter& reporter) {
  const Expr& divisor = *call.args[1];
  if (divisor.kind != ExprKind::kConstant) return;
  const auto* number = std::get_if<int64_t>(&divisor.constant);
  const auto* natural = std::get_if<uint64_t>(&divisor.constant);
  if ((number != nullptr && *number == 0) || (natural != nullptr && *natural == 0))
    reporter.Warning(kDivisionByZero, divisor,
                     "a whole number cannot be divided by 0: this always ends in an error");
}

// Regular expressions (V4).

void TellRegex(const re2::RE2& regex, const Expr& pattern, Reporter& reporter) {
  const std::string& text = *TextOf(pattern);
  std::string message = Concat("not a regular expression: ", regex.error());
  const std::string& part = regex.error_arg();
  const size_t at = part.empty() ? std::string::npos : text.find(part);
  Diagnostic& error =
      at == std::string::npos
          ? reporter.Error(kBadRegex, pattern, std::move(message))
          : ErrorInside(kBadRegex, pattern, at, at + part.size(), std::move(message), reporter);
  if (regex.error_code() == re2::RE2::ErrorBadPerlOp ||
      regex.error_code() == re2::RE2::ErrorBadEscape) {
    error.notes.push_back("expressions are RE2's: no look-around, no back-references");
  }
}

// `rewrite`: what stands in the place of matches; null: they are extracted, or looked for.
void CheckPattern(const Expr& call, const Expr* rewrite, Reporter& reporter) {
  const Expr& pattern = *call.args[1];
  const std::string* text = TextOf(pattern);
  if (text == nullptr) return;
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 regex(*text, options);
  if (!regex.ok()) return TellRegex(regex, pattern, reporter);
  if (rewrite == nullptr && call.name != "matches" && regex.NumberOfCapturingGroups() > 1) {
    reporter
        .Error(kBadConstant, pattern,
               Concat("the pattern has ", std::to_string(regex.NumberOfCapturingGroups()),
                      " groups, and it is open which one to take"))
        .notes.push_back("a group that takes nothing is (?:...)");
  }
  const std::string* instead = rewrite == nullptr ? nullptr : TextOf(*rewrite);
  std::string mistake;
  if (instead != nullptr && !regex.CheckRewriteString(*instead, &mistake)) {
    reporter.Error(kBadConstant, *rewrite,
                   "in what replaces a match, \\1 to \\9 are groups that the pattern has, and a "
                   "backslash is \\\\");
  }
}

// format().

std::string_view WordsFor(FormatFault fault) {
  switch (fault) {
    case FormatFault::kUnfinished:
      return "the template ends inside a clause; a percent sign is %%";
    case FormatFault::kNoPrecision:
      return "digits follow the point: %.2f";
    case FormatFault::kLongPrecision:
      return "at most 1000 digits follow the point of a number";
    default:
      return "no such clause: there are %s %d %f %e %b %o %x %X, and %% for a percent sign";
  }
}

// Whether the clause takes values of the type, as far as that is known.
bool Takes(char letter, const Type& type) {
  const auto any_of = [&type](std::initializer_list<TypeKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), type.kind) != kinds.end();
  };
  if (IsDyn(type)) return true;
  switch (letter) {
    case 's':
      return type.kind != TypeKind::kOptional;
    case 'd':
    case 'f':
    case 'e':
      return any_of({TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble});
    case 'b':
      return any_of({TypeKind::kInt, TypeKind::kUint, TypeKind::kBool});
    case 'o':
      return any_of({TypeKind::kInt, TypeKind::kUint});
    default:
      return any_of({TypeKind::kInt, TypeKind::kUint, TypeKind::kString, TypeKind::kBytes});
  }
}

void CheckFormat(const Expr& call, Reporter& reporter) {
  const Expr& literal = *call.args[0];
  const std::string* text = TextOf(literal);
  if (text == nullptr) return;
  const Expr* values = call.args[1]->kind == ExprKind::kList ? call.args[1].get() : nullptr;
  FormatClauses clauses(*text);
  size_t count = 0;
  for (;;) {
    const FormatClause clause = clauses.Next();
    if (clause.letter == 0) {
      if (clauses.fault() == FormatFault::kNone) break;
      ErrorInside(kBadConstant, literal, clause.begin, clause.end,
                  std::string(WordsFor(clauses.fault())), reporter);
      return;
    }
    if (clause.letter == '%') continue;
    const size_t number = count++;
    if (values == nullptr) continue;
    if (number >= values->args.size()) {
      ErrorInside(kBadConstant, literal, clause.begin, clause.end,
                  "there is no value for this clause", reporter);
      return;
    }
    const Expr& value = *values->args[number];
    if (!Takes(clause.letter, value.type)) {
      reporter.Error(
          kNoOverload, value,
          Concat("'%", std::string(1, clause.letter), "' does not take ", value.type.ToString()));
    }
  }
  if (values != nullptr && values->args.size() > count) {
    reporter.Error(kBadConstant, *values->args[count], "there is no clause for this value");
  }
}

}  // namespace

void CheckConstants(const Expr& call, Reporter& reporter) {
  const std::string_view name = call.name;
  if (name == "matches" || name == "regex.extract" || name == "regex.extractAll") {
    CheckPattern(call, nullptr, reporter);
  } else if (name == "regex.replace") {
    CheckPattern(call, call.args[2].get(), reporter);
  } else if (name == "ip" || name == "ip.isCanonical") {
    CheckText(*call.args[0], AddressMistake, reporter);
  } else if (name == "timestamp") {
    CheckText(*call.args[0], TimestampMistake, reporter);
  } else if (name == "duration") {
    CheckText(*call.args[0], DurationMistake, reporter);
  } else if (name == "cidr") {
    CheckText(*call.args[0], NetworkMistake, reporter);
  } else if (name == "containsIP") {
    CheckText(*call.args[1], AddressMistake, reporter);
  } else if (name == "containsCIDR") {
    CheckText(*call.args[1], NetworkMistake, reporter);
  } else if (name == "format") {
    CheckFormat(call, reporter);
  } else if (name == "_/_" || name == "_%_") {
    CheckDivision(call, reporter);
  } else if (TakesZone(call)) {
    CheckText(*call.args[1], ZoneMistake, reporter);
  } else if (const auto mistake = MistakeOf(name)) {
    CheckText(*call.args[0], mistake, reporter);
  }
}

}  // namespace telltale::rules
