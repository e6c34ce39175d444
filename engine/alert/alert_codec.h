// An alert as bytes: of one that was told early, what is needed to take it back (T5).
//
// Streams are written by their names, steps by their numbers, which the rule's fingerprint vouches
// for. Owner: the caller. Thread: one. Errors: broken bytes make the reader fail.
#ifndef TELLTALE_ENGINE_ALERT_ALERT_CODEC_H_
#define TELLTALE_ENGINE_ALERT_ALERT_CODEC_H_

#include <memory>

#include "engine/alert/alert.h"
#include "engine/event/bytes.h"

namespace telltale::engine {

// REQUIRES: `alert.rules`, where there is evidence.
void EncodeAlert(const Alert& alert, ByteWriter& out);
// As an alert of `rule`, which is one of `rules`. Where the reader has failed it means nothing.
Alert DecodeAlert(const std::shared_ptr<const rules::RuleSet>& rules, const rules::Rule& rule,
                  ByteReader& in);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_ALERT_ALERT_CODEC_H_
