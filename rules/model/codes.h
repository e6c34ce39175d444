// The stable codes of diagnostics. A code is never reused and never changes its meaning; the
// one-line title is what the reference lists. R00xx YAML, R01xx documents and keys, R02xx rule
// structure, R03xx expression syntax, R04xx expression names and types, R05xx words of the language
// that this version does not have, R06xx tests of rules, R07xx definitions, R08xx Sigma, C01xx the
// daemon's config; R09xx and C09xx are warnings.
//
// Owner: constants. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_MODEL_CODES_H_
#define TELLTALE_RULES_MODEL_CODES_H_

#include <string_view>

namespace telltale::rules {

struct Code {
  const char* id = "";
  const char* title = "";

  // By its text: each source may have a copy of a literal of its own.
  bool operator==(const Code& other) const {
    return std::string_view(id) == std::string_view(other.id);
  }
};

// YAML.
inline constexpr Code kYamlSyntax{"R0001", "not well-formed YAML"};
inline constexpr Code kYamlLimit{"R0002", "beyond a limit of the YAML reader"};
inline constexpr Code kYamlEncoding{"R0003", "not UTF-8"};
inline constexpr Code kYamlControlCharacter{"R0004", "a character that YAML does not allow"};
inline constexpr Code kYamlAnchor{"R0005", "an anchor or an alias"};
inline constexpr Code kYamlTag{"R0006", "a tag"};
inline constexpr Code kDuplicateKey{"R0007", "a key that its map has already"};
inline constexpr Code kKeyNotScalar{"R0008", "a key that is not a word"};
inline constexpr Code kUnreadableFile{"R0009", "a file that cannot be read"};

// Documents and keys.
inline constexpr Code kUnknownKey{"R0101", "a key that the language does not have"};
inline constexpr Code kMissingKey{"R0102", "a required key is missing"};
inline constexpr Code kWrongKind{"R0103", "a value of the wrong kind"};
inline constexpr Code kUnknownWord{"R0104", "a value that is none of the known words"};
inline constexpr Code kOutOfRange{"R0105", "a number out of its range"};
inline constexpr Code kBadDuration{"R0106", "not a duration"};
inline constexpr Code kDuplicateRule{"R0107", "a rule id that is taken"};
inline constexpr Code kBadRuleId{"R0108", "not a rule id"};
inline constexpr Code kBadTemplate{"R0109", "a template that does not parse"};
inline constexpr Code kNotARule{"R0110", "a document that holds no rule"};
inline constexpr Code kEmptyValue{"R0111", "an empty value"};
inline constexpr Code kNoSuchWarning{"R0112", "a code that no warning has"};

// Rule structure.
inline constexpr Code kUnknownStream{"R0201", "a stream that the config does not declare"};
inline constexpr Code kDuplicateStep{"R0202", "a step name that is taken"};
inline constexpr Code kUnknownModifier{"R0203", "an unknown modifier of a detection"};
inline constexpr Code kBadStepName{"R0204", "not a step name"};
inline constexpr Code kLeadingNotWithoutWithin{"R0205", "a leading 'not' without a 'within'"};
inline constexpr Code kTrailingNotWithoutDeadline{"R0206", "a trailing 'not' without a deadline"};
inline constexpr Code kNoRequiredStep{"R0207", "a sequence that could match without any event"};
inline constexpr Code kBadRepeat{"R0208", "bounds of a repeat that nothing can meet"};
inline constexpr Code kBadAfterMatchStep{"R0209", "a step that 'after_match' cannot skip to"};
inline constexpr Code kNoJointSuppression{"R0210", "alerts that cannot be suppressed together"};
inline constexpr Code kKeyPartCount{"R0211", "another number of key parts than the rule's"};
inline constexpr Code kBadStepShape{"R0212", "a step of the wrong shape"};
// R0213 was a 'not' with only optional steps on one side, which is R0919 now.
inline constexpr Code kAbsenceWithinBetween{"R0214", "a 'within' on a 'not' between two steps"};
inline constexpr Code kConflictingKeys{"R0215", "keys that exclude each other"};
inline constexpr Code kKeylessCoPartitioned{"R0217", "a rule without a key over shared partitions"};
inline constexpr Code kIdleContiguity{"R0218", "a 'contiguity' that never counts"};
inline constexpr Code kRepeatOfOne{"R0219", "words of a repeat where nothing repeats"};
inline constexpr Code kMisplacedNot{"R0220", "a 'not' that stands between no two places"};
inline constexpr Code kOptionalAlternative{"R0221", "an alternative that may be left out"};
inline constexpr Code kWaitsForTwoTimes{"R0222", "an 'all_of' that waits for two times of another"};
inline constexpr Code kGreedyForEver{"R0223", "a greedy repeat that nothing ends"};
inline constexpr Code kPatternTooLarge{"R0224", "a pattern with too many states"};
inline constexpr Code kPatternTooWide{"R0225", "a pattern with too many ways at a time"};
inline constexpr Code kBadTimeoutStep{"R0226", "an 'on_timeout' that can never come"};
inline constexpr Code kBadWindow{"R0228", "a window whose parts do not go together"};
inline constexpr Code kNeverEmitted{"R0229", "an 'emit' that its window does not have"};
inline constexpr Code kBadOutput{"R0230", "a topic that results cannot go to"};
inline constexpr Code kNotCounted{"R0231", "matches that cannot be counted"};
inline constexpr Code kBadMetric{"R0232", "a metric that Prometheus cannot take"};
inline constexpr Code kMetricClash{"R0233", "metrics of one name that are not alike"};
inline constexpr Code kBadBaseline{"R0234", "a baseline whose parts do not go together"};

// Rules on rules.
inline constexpr Code kAlertCycle{"R0241", "rules that read one another's alerts in a circle"};
inline constexpr Code kEndlessAlerts{"R0242", "alerts whose times lag without a bound"};
inline constexpr Code kNoAlertsRead{"R0243", "an 'include' of what are no alerts"};

// Expression syntax.
inline constexpr Code kCelSyntax{"R0301", "text that does not belong in an expression here"};
inline constexpr Code kCelCharacter{"R0302", "a character that expressions do not have"};
inline constexpr Code kCelForeignOperator{"R0303", "an operator of another language"};
inline constexpr Code kCelUnclosedString{"R0304", "a string that is not closed"};
inline constexpr Code kCelEscape{"R0305", "an escape that strings do not have"};
inline constexpr Code kCelNumber{"R0306", "a number that is misspelt or out of range"};
inline constexpr Code kCelUnclosedBracket{"R0307",
                                          "a bracket that is not closed, or closes nothing"};
inline constexpr Code kCelReservedWord{"R0308", "a reserved word used as a name"};
inline constexpr Code kCelMacro{"R0309", "a macro with the wrong arguments"};
inline constexpr Code kCelTooDeep{"R0310", "an expression that is nested too deeply"};
inline constexpr Code kCelTooLarge{"R0311", "an expression that is too large"};
inline constexpr Code kCelEmpty{"R0312", "an empty expression"};

// Expression names and types.
inline constexpr Code kUnknownName{"R0401", "a name that is not known here"};
inline constexpr Code kUnknownFunction{"R0402", "a function that does not exist"};
inline constexpr Code kNoOverload{"R0403",
                                  "an operator or function that does not take these types"};
inline constexpr Code kArgumentCount{"R0404", "a function with too few or too many arguments"};
inline constexpr Code kNoFields{"R0405", "a field of something that has no fields"};
inline constexpr Code kResultType{"R0406", "an expression of the wrong type for its place"};
inline constexpr Code kBadRegex{"R0407", "a regular expression that RE2 does not accept"};
inline constexpr Code kBadMapKey{"R0408", "a map literal with a key that it cannot have"};
inline constexpr Code kStepToCome{"R0409", "a step that has taken nothing yet"};
inline constexpr Code kBadConstant{"R0410", "a constant that its function cannot read"};
inline constexpr Code kMisplacedAggregate{"R0411", "an aggregate where there is no window"};
inline constexpr Code kMisplacedCount{"R0412", "a count of matches where none are counted"};
inline constexpr Code kMisplacedWindow{"R0413", "a window that is not read as windows are"};
inline constexpr Code kBadHalfLife{"R0414", "a decay that its window does not have"};
inline constexpr Code kMisplacedBaseline{"R0415", "a value that no baseline has here"};

// Definitions, overrides and what hangs on them.
inline constexpr Code kDuplicateDefinition{"R0701", "a definition's name that is taken"};
inline constexpr Code kBadDefinitionName{"R0702", "not a name for a definition"};
inline constexpr Code kDataFile{"R0703", "a data file that cannot be read"};
inline constexpr Code kBadDataFile{"R0704", "a data file that is not well-formed"};
inline constexpr Code kNoSuchColumn{"R0705", "a column that a data file does not have"};
inline constexpr Code kBadListValue{"R0706", "a value that a list cannot hold"};
inline constexpr Code kMacroCycle{"R0707", "a macro that comes back to itself"};
inline constexpr Code kMacroArguments{"R0708", "a macro with too few or too many arguments"};
inline constexpr Code kUnknownDefinition{"R0709", "a list or table that is not defined"};
inline constexpr Code kTableUse{"R0710", "a table that is used without a key"};
inline constexpr Code kOverrideTarget{"R0711", "an override of a rule that does not exist"};
inline constexpr Code kOverrideConflict{"R0712", "overrides that contradict each other"};
inline constexpr Code kNotAppendable{"R0713", "a key that nothing can be appended to"};
inline constexpr Code kBadTime{"R0714", "not a date or time"};
inline constexpr Code kDuplicateException{"R0715", "an exception's name that is taken"};

// Words of the language that this version does not have.
// R0501 and R0502 were aggregate and new_terms.
// R0503 to R0509 were on_timeout, until, any_of, all_of, contiguity, inside and greedy, R0510 was
// emit: early, R0511 was output: metric.
// R0518 was Sigma as a whole, R0519 a group of steps.
inline constexpr Code kLaterOnChange{"R0533", "on_change"};
inline constexpr Code kLaterOnEnd{"R0534", "on_end"};
// R0535 to R0537 were on: alerts, mode: building_block and include.

// Words of expressions that this version does not have.
// R0521 was count() and its like, R0523 and R0524 were optional values and macros with two
// variables.
inline constexpr Code kNoMessages{"R0525", "messages cannot be made in an expression"};

// Tests of rules.
inline constexpr Code kBadTestTime{"R0601", "not a time of a test"};
inline constexpr Code kTestTimeTwice{"R0602", "an event of a test with two times, or none"};
inline constexpr Code kBadEventIndex{"R0603", "a number that is no event of the test"};
inline constexpr Code kNotJson{"R0604", "a value that JSON does not have"};
inline constexpr Code kImpossibleAlert{"R0605", "an expected alert that the rule cannot raise"};
inline constexpr Code kDuplicateTest{"R0606", "a name of a test that is taken"};
inline constexpr Code kUnknownTestedRule{"R0607", "a test of a rule that is not there"};
inline constexpr Code kNotTests{"R0608", "a document that holds no tests"};

// Sigma.
inline constexpr Code kModifiersClash{"R0801", "modifiers that do not go together"};
inline constexpr Code kBadSigmaValue{"R0802", "a value that its modifier cannot take"};
inline constexpr Code kSigmaCondition{"R0803", "a condition of Sigma that does not parse"};
inline constexpr Code kUnknownIdentifier{"R0804", "a search identifier that does not exist"};
inline constexpr Code kNoPlaceholder{"R0805", "a placeholder without a list"};
inline constexpr Code kSigmaOne{"R0806", "a word of Sigma 1 that is no more"};
inline constexpr Code kUnknownRule{"R0807", "a Sigma rule or correlation that does not exist"};
inline constexpr Code kCorrelationCycle{"R0808", "a correlation that refers to itself"};
inline constexpr Code kBadTimespan{"R0809", "not a timespan"};
inline constexpr Code kBadCorrelation{"R0810", "a correlation's condition of the wrong shape"};
inline constexpr Code kAliasOfAbsentRule{"R0811", "an alias that does not fit the rules"};

// Warnings about rules.
inline constexpr Code kStateForEver{"R0902", "a pattern that can hold state for ever"};
inline constexpr Code kTieDecides{"R0903", "an outcome that can hang on a tie"};
inline constexpr Code kSingleKey{"R0904", "a rule without a key runs on one shard"};
inline constexpr Code kManyOptional{"R0905", "optional steps that multiply matches"};
inline constexpr Code kWithinWithoutEffect{"R0906", "a 'within' that has no effect"};
inline constexpr Code kNeverMatches{"R0907", "a rule that can never match"};
inline constexpr Code kUndeclaredFieldInNot{"R0908", "a 'not' that reads an undeclared field"};
inline constexpr Code kNothingFits{"R0909", "an optional step or a 'not' that nothing fits"};
inline constexpr Code kAlwaysTrue{"R0910", "a condition that is always true"};
inline constexpr Code kNeverTrue{"R0911", "a part of a condition that is never true"};
inline constexpr Code kSameAsAnother{"R0912", "a rule that finds what another finds"};
inline constexpr Code kBelowResolution{"R0913", "a duration below the resolution of the times"};
inline constexpr Code kIdleAbsence{"R0914", "a 'not' that bars nothing"};
inline constexpr Code kUnusedAllowance{"R0915", "an allowed warning that is not given"};
inline constexpr Code kOnlyOne{"R0916", "an 'any_of' or 'all_of' of one place"};
inline constexpr Code kUnreachableStep{"R0917", "a step that is never taken"};
inline constexpr Code kManySubsets{"R0918", "a repeat that multiplies matches"};
inline constexpr Code kUnanchoredAbsence{"R0919", "a 'not' with only optional steps on one side"};
inline constexpr Code kMemberWaits{"R0920", "a member of an 'all_of' that waits for another"};
inline constexpr Code kIdleEarly{"R0928", "an 'emit: early' that has no effect"};
inline constexpr Code kUnreadWindow{"R0929", "a window or baseline that nothing reads"};

// Warnings about rules on rules.
inline constexpr Code kNoAlertsCome{"R0931", "alerts that no rule raises"};
inline constexpr Code kNoAlertField{"R0932", "a field that no alert has that is read"};
inline constexpr Code kIdleBlock{"R0933", "a building block that nothing reads"};

// Warnings about definitions.
inline constexpr Code kUnusedDefinition{"R0941", "a list or macro that no rule uses"};
inline constexpr Code kValueTwice{"R0942", "a value that a list has already"};
inline constexpr Code kExpired{"R0943", "an exception that has expired"};

// Warnings about rules beside a sample of events (`telltale check --sample`).
inline constexpr Code kFieldOfNoEvent{"R0951", "a field that no event of the sample has"};
inline constexpr Code kTypeOfNoEvent{"R0952", "a field that no event of the sample has so typed"};

// Warnings about Sigma.
inline constexpr Code kUnservedLogsource{"R0961", "a logsource that no stream serves"};
// R0962 was correlations that are not evaluated.
inline constexpr Code kUnusedIdentifier{"R0963", "a search identifier that no condition asks for"};
inline constexpr Code kTimeframeWithoutEffect{"R0964", "a 'timeframe' that has no effect"};
inline constexpr Code kAllOfOne{"R0965", "'all' of a single value"};
inline constexpr Code kExpandsNothing{"R0966", "'expand' without a placeholder"};
inline constexpr Code kFilterWithoutEffect{"R0967", "a filter that does not act on a rule"};
inline constexpr Code kForeignTaxonomy{"R0968", "a taxonomy that is not known"};

// Warnings about expressions.
inline constexpr Code kHiddenField{"R0921", "a step's or variable's name hides another name"};
inline constexpr Code kUndeclaredField{
    "R0922", "an undeclared field with almost the name of a declared one"};
inline constexpr Code kForeignConstant{"R0923", "a field named like another language's constant"};
inline constexpr Code kUntypedArithmetic{"R0924", "arithmetic on a field of undeclared type"};
inline constexpr Code kAlmostAStep{"R0925", "an undeclared field with almost the name of a step"};
inline constexpr Code kDivisionByZero{"R0926", "a division by a constant 0"};
inline constexpr Code kUndeclaredFieldInUntil{"R0927", "an 'until' that reads an undeclared field"};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_CODES_H_
