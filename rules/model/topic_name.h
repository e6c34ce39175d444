// What Kafka takes as the name of a topic, or of a group.
//
// Source: Kafka's org.apache.kafka.common.internals.Topic. Owner, thread, errors: none.
#ifndef TELLTALE_RULES_MODEL_TOPIC_NAME_H_
#define TELLTALE_RULES_MODEL_TOPIC_NAME_H_

#include <cstddef>
#include <string_view>

namespace telltale::rules {

inline constexpr size_t kLongestTopic = 249;
// The same for a schema, as ECMA 262 has it.
inline constexpr std::string_view kTopicPattern = "^(?!\\.\\.?$)[A-Za-z0-9._-]{1,249}$";

bool IsTopicName(std::string_view name);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_TOPIC_NAME_H_
