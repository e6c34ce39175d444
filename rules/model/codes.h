// The stable codes of diagnostics. A code is never reused and never changes its meaning; the one-line title is what
// the reference lists. R00xx YAML, R01xx documents and keys, R02xx rule structure, R03xx expression syntax, R04xx
// expression names and types, R05xx words of the language that this version does not have, C01xx the daemon's config;
// R09xx and C09xx are warnings.
#ifndef TELLTALE_RULES_MODEL_CODES_H_
#define TELLTALE_RULES_MODEL_CODES_H_

namespace telltale::rules {

struct Code {
  const char* id = "";
  const char* title = "";
};

// Expression syntax.
inline constexpr Code kCelSyntax{"R0301", "text that does not belong in an expression here"};
inline constexpr Code kCelCharacter{"R0302", "a character that expressions do not have"};
inline constexpr Code kCelForeignOperator{"R0303", "an operator of another language"};
inline constexpr Code kCelUnclosedString{"R0304", "a string that is not closed"};
inline constexpr Code kCelEscape{"R0305", "an escape that strings do not have"};
inline constexpr Code kCelNumber{"R0306", "a number that is misspelt or out of range"};
inline constexpr Code kCelUnclosedBracket{"R0307", "a bracket that is not closed, or closes nothing"};
inline constexpr Code kCelReservedWord{"R0308", "a reserved word used as a name"};
inline constexpr Code kCelMacro{"R0309", "a macro with the wrong arguments"};
inline constexpr Code kCelTooDeep{"R0310", "an expression that is nested too deeply"};
inline constexpr Code kCelTooLarge{"R0311", "an expression that is too large"};
inline constexpr Code kCelEmpty{"R0312", "an empty expression"};

// Expression names and types.
inline constexpr Code kUnknownName{"R0401", "a name that is not known here"};
inline constexpr Code kUnknownFunction{"R0402", "a function that does not exist"};
inline constexpr Code kNoOverload{"R0403", "an operator or function that does not take these types"};
inline constexpr Code kArgumentCount{"R0404", "a function with too few or too many arguments"};
inline constexpr Code kNoFields{"R0405", "a field of something that has no fields"};
inline constexpr Code kResultType{"R0406", "an expression of the wrong type for its place"};
inline constexpr Code kBadRegex{"R0407", "a regular expression that RE2 does not accept"};
inline constexpr Code kBadMapKey{"R0408", "a map literal with a key that it cannot have"};

// Words of expressions that this version does not have.
inline constexpr Code kLaterFunction{"R0521", "a function of a later version"};
inline constexpr Code kLaterTables{"R0522", "lists and tables come with a later version"};
inline constexpr Code kLaterOptional{"R0523", "optional values come with a later version"};
inline constexpr Code kLaterMacro{"R0524", "a macro of a later version"};
inline constexpr Code kNoMessages{"R0525", "messages cannot be made in an expression"};

// Warnings about expressions.
inline constexpr Code kHiddenField{"R0921", "a step's or variable's name hides another name"};
inline constexpr Code kUndeclaredField{"R0922", "an undeclared field with almost the name of a declared one"};
inline constexpr Code kForeignConstant{"R0923", "a field named like another language's constant"};
inline constexpr Code kUntypedArithmetic{"R0924", "arithmetic on a field of undeclared type"};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_CODES_H_
