// The keys of the config's maps, the words of later versions, and the Kafka properties that are not
// the user's to set.
//
// Owner: static constants. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_DAEMON_CONFIG_CONFIG_WORDS_H_
#define TELLTALE_DAEMON_CONFIG_CONFIG_WORDS_H_

#include <string_view>

#include "rules/load/yaml/values.h"

namespace telltale::config {

extern const rules::ReadCodes kConfigCodes;

const rules::KeySet& ConfigKeys();
const rules::KeySet& StreamKeys();
const rules::KeySet& TableKeys();
const rules::KeySet& TimeKeys();
const rules::KeySet& LogsourceKeys();
const rules::KeySet& AlertKeys();
const rules::KeySet& TopicKeys();  // of `late` and `dead_letters`
const rules::KeySet& MemoryKeys();
const rules::KeySet& ListenKeys();
const rules::KeySet& LogKeys();

const std::vector<rules::LaterWord>& LaterFormats();
const std::vector<rules::LaterWord>& LaterDeliveries();

// Why the user cannot set this librdkafka property; empty: it is passed on.
std::string_view WhyOwned(std::string_view property);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_CONFIG_WORDS_H_
