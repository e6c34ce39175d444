// Decodes records with the layouts of the rule set that their event time belongs to: while the
// engine switches rules, events up to T_s are for the old set and later ones for the new (C2).
//
// Owner: the daemon. Thread: the ingest thread. Errors: a reason word, as the decoder gives it.
#ifndef TELLTALE_DAEMON_APP_LAYOUT_DECODER_H_
#define TELLTALE_DAEMON_APP_LAYOUT_DECODER_H_

#include <cstdint>
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
    const engine::CompiledRules* rules = nullptr;
    std::vector<std::unique_ptr<decode::JsonDecoder>> decoders;  // by stream
  };
  Set Make(const engine::CompiledRules& rules) const;

  const config::Config& config_;
  const engine::Engine& engine_;
  Set current_;
  Set old_;  // of the last switch
};

}  // namespace telltale::app

#endif  // TELLTALE_DAEMON_APP_LAYOUT_DECODER_H_
