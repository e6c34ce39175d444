// The daemon's values as messages of telltale.v1. Pure; no call goes out from here.
//
// Owner: the caller owns the messages. Thread: any. Errors: none; what is not known is left unset.
#ifndef TELLTALE_DAEMON_CONTROL_TRANSLATE_H_
#define TELLTALE_DAEMON_CONTROL_TRANSLATE_H_

#include <vector>

#include "daemon/app/reload.h"
#include "daemon/explain/key_explanation.h"
#include "daemon/telemetry/process_figures.h"
#include "daemon/telemetry/snapshot.h"
#include "engine/runtime/engine.h"
#include "engine/runtime/key_watch.h"
#include "proto/telltale/v1/control.pb.h"
#include "rules/model/rule.h"

namespace telltale::control {

v1::ValidateResponse ToValidateResponse(const app::ReloadOutcome& outcome);
v1::ReloadResponse ToReloadResponse(const app::ReloadOutcome& outcome);
v1::ListRulesResponse ToListRulesResponse(const rules::RuleSet& rules,
                                          const engine::EngineStats& stats);
v1::ListWatchedKeysResponse ToListWatchedKeysResponse(
    const std::vector<engine::WatchedKey>& watched);
v1::ExplainKeyResponse ToExplainKeyResponse(const explain::KeyExplanation& explanation);
v1::GetStatusResponse ToGetStatusResponse(const telemetry::Snapshot& snapshot,
                                          const telemetry::ProcessFigures& process);

}  // namespace telltale::control

#endif  // TELLTALE_DAEMON_CONTROL_TRANSLATE_H_
