// The vocabulary of the config: the keys of its maps with what they take and what they are for, the
// words of its choices, those of later versions, and the Kafka properties that are not the user's
// to set. The reader, the schema (config_schema.h) and the test of the reference go by it.
//
// Owner: static constants. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_DAEMON_CONFIG_CONFIG_WORDS_H_
#define TELLTALE_DAEMON_CONFIG_CONFIG_WORDS_H_

#include <map>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "rules/load/yaml/key_set.h"
#include "rules/load/yaml/values.h"

namespace telltale::config {

extern const rules::ReadCodes kConfigCodes;

const rules::KeySet& ConfigKeys();
const rules::KeySet& StreamKeys();
const rules::KeySet& TableKeys();
const rules::KeySet& TimeKeys();
const rules::KeySet& DedupKeys();
const rules::KeySet& LogsourceKeys();
const rules::KeySet& AlertKeys();
const rules::KeySet& LateKeys();
const rules::KeySet& DeadLetterKeys();
const rules::KeySet& MemoryKeys();
const rules::KeySet& HttpKeys();
const rules::KeySet& GrpcKeys();
const rules::KeySet& LogKeys();

const rules::ValueReader::Words<TimeSource>& TimeSourceWords();
const rules::ValueReader::Words<TimeUnit>& TimeUnitWords();
const rules::ValueReader::Words<TableFormat>& TableFormatWords();
const rules::ValueReader::Words<LogLevel>& LogLevelWords();
const rules::ValueReader::Words<LogFormat>& LogFormatWords();

const std::vector<rules::LaterWord>& LaterFormats();
const std::vector<rules::LaterWord>& LaterDeliveries();

// librdkafka's properties that are not the user's to set, and why.
using OwnedProperties = std::map<std::string_view, std::string_view>;
const OwnedProperties& PropertiesOfOurs();
// Why the user cannot set this librdkafka property; empty: it is passed on.
std::string_view WhyOwned(std::string_view property);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_CONFIG_WORDS_H_
