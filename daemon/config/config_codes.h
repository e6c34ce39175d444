// The stable codes of mistakes in the config; rules/model/codes.h says how codes are given.
//
// Owner: constants. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_CONFIG_CONFIG_CODES_H_
#define TELLTALE_DAEMON_CONFIG_CONFIG_CODES_H_

#include "rules/model/codes.h"

namespace telltale::config {

inline constexpr rules::Code kUnknownKey{"C0101", "a key that the config does not have"};
inline constexpr rules::Code kMissingKey{"C0102", "a required key is missing"};
inline constexpr rules::Code kWrongKind{"C0103", "a value of the wrong kind"};
inline constexpr rules::Code kUnknownWord{"C0104", "a value that is none of the known words"};
inline constexpr rules::Code kOutOfRange{"C0105", "a number out of its range"};
inline constexpr rules::Code kBadQuantity{"C0106", "not a duration or a size"};
inline constexpr rules::Code kEmptyValue{"C0107", "an empty value"};
inline constexpr rules::Code kBadName{"C0108", "not a name for a stream, topic or group"};
inline constexpr rules::Code kOwnedProperty{"C0109", "a Kafka property that Telltale sets itself"};
inline constexpr rules::Code kTopicTwice{"C0110", "a topic that has two roles"};
inline constexpr rules::Code kBadListen{"C0111", "not an address to listen on"};
inline constexpr rules::Code kBadType{"C0112", "not a type of a field"};
inline constexpr rules::Code kBadTime{"C0113", "not a time"};
inline constexpr rules::Code kLaterWord{"C0114", "a word that this version does not have"};
inline constexpr rules::Code kConflictingKeys{"C0115", "keys that exclude each other"};
inline constexpr rules::Code kNotOneDocument{"C0116", "not one document"};
inline constexpr rules::Code kUnreadable{"C0117", "a config that cannot be read"};
inline constexpr rules::Code kNoSuchFile{"C0118", "a rule file that does not exist"};
inline constexpr rules::Code kBadPath{"C0119", "not a path to a field"};
inline constexpr rules::Code kNoTimeInFiles{"C0120",
                                            "a stream whose events have no time in a file"};
inline constexpr rules::Code kBadProperty{"C0121", "a Kafka property that librdkafka refuses"};
inline constexpr rules::Code kBadTimeFormat{"C0122", "not a format of times"};
inline constexpr rules::Code kBadZone{"C0123", "not a time zone"};

inline constexpr rules::Code kTableFile{"C0131", "a table's file that cannot be read"};
inline constexpr rules::Code kTableRow{"C0132", "a row that a table cannot hold"};

inline constexpr rules::Code kRowTwice{"C0911", "a key that a table has twice"};
inline constexpr rules::Code kNoMatch{"C0901", "a pattern that no rule file matches"};

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_CONFIG_CODES_H_
