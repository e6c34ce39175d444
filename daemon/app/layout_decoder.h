// Decodes records with the layouts of the rule set that their event time belongs to: while the
// engine switches rules, each set has its stretch of event time, up to the T_s of the next (C2).
//
// Owner: the daemon. Thread: the ingest thread. Errors: a reason word, as the decoder gives it.
#ifndef TELLTALE_DAEMON_APP_LAYOUT_DECODER_H_
#define TELLTALE_DAEMON_APP_LAYOUT_DECODER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/decode/json_decoder.h"
#include "daemon/kafka/record_decoder.h"
#include "engine/runtime/engine.h"

namespace telltale::app {

class LayoutDecoder : public kafka::RecordDecoder {
 public:
  // Both outlive it.
  LayoutDecoder(const config::Config& config, const engine::Engine& engine);

  kafka::DecodedRecord Decode(const kafka::Record& record) override;
  void RulesChanged() override;

 private:
  struct Set {
    uint64_t generation = 0;
    std::vector<std::unique_ptr<decode::JsonDecoder>> decoders;  // by stream
  };
  Set MakeNewest() const;

  const config::Config& config_;
  const engine::Engine& engine_;
  std::deque<Set> sets_;  // oldest first: those that the engine runs
};

}  // namespace telltale::app

#endif  // TELLTALE_DAEMON_APP_LAYOUT_DECODER_H_
