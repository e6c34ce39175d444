// The text of numbers, bools and time zones, as CEL's int(), uint(), double(), bool() and the
// functions that take a zone read it.
//
// Source: the CEL specification, "List of Standard Definitions". Owner: value types. Thread: any.
// Errors: nullopt for what is not one or out of its range; the functions with "Mistake" say what is
// wrong.
#ifndef TELLTALE_RULES_MODEL_SCALAR_TEXT_H_
#define TELLTALE_RULES_MODEL_SCALAR_TEXT_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace telltale::rules {

std::optional<int64_t> ReadInt(std::string_view text);
std::optional<uint64_t> ReadUint(std::string_view text);
std::optional<double> ReadDouble(std::string_view text);
std::optional<bool> ReadBool(std::string_view text);

// "+05:30", "-08:00" or "02:00", in seconds.
std::optional<int64_t> ReadZoneOffset(std::string_view text);
// What a zone may be called: a name is a path below the machine's zones, must not lead out of
// there, and must mean the same on all machines.
bool IsZoneName(std::string_view name);

// In the words of its author; empty: none.
std::string_view IntMistake(std::string_view text);
std::string_view UintMistake(std::string_view text);
std::string_view DoubleMistake(std::string_view text);
std::string_view BoolMistake(std::string_view text);
std::string_view ZoneMistake(std::string_view text);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_SCALAR_TEXT_H_
