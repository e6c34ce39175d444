// Answers of the control API as people read them, and as JSON (protobuf's own mapping) as machines
// do.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_CONTROL_RENDER_H_
#define TELLTALE_DAEMON_CONTROL_RENDER_H_

#include <string>

#include "proto/telltale/v1/control.pb.h"

namespace telltale::control {

// Diagnostics with their lines and carets, as for standard error; empty where there are none.
std::string RenderDiagnostics(
    const google::protobuf::RepeatedPtrField<v1::Diagnostic>& diagnostics);

// Each ends with a newline.
std::string RenderText(const v1::ValidateResponse& response);
std::string RenderText(const v1::ReloadResponse& response);
std::string RenderText(const v1::ListRulesResponse& response);
std::string RenderText(const v1::GetStatusResponse& response);
std::string RenderText(const v1::ListWatchedKeysResponse& response);
std::string RenderText(const v1::ExplainKeyResponse& response);
// Nothing: that it was done is all there is to say.
inline std::string RenderText(const v1::WatchKeyResponse&) { return ""; }
inline std::string RenderText(const v1::UnwatchKeyResponse&) { return ""; }

// One line, fields with their names as in the .proto file, zeros written out.
std::string RenderJson(const google::protobuf::Message& message);

}  // namespace telltale::control

#endif  // TELLTALE_DAEMON_CONTROL_RENDER_H_
