// One HTTP GET to a server on this machine: /metrics, /livez, /readyz.
//
// No state; any thread may call it. Errors: UNAVAILABLE where nobody listens or the connection
// breaks, DEADLINE_EXCEEDED at the timeout, DATA_LOSS where the answer is not HTTP.
#ifndef TELLTALE_TESTS_SUPPORT_HTTP_GET_H_
#define TELLTALE_TESTS_SUPPORT_HTTP_GET_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace telltale::support {

struct HttpResponse {
  int status = 0;
  std::string headers;  // as sent, without the status line
  std::string body;
};

absl::StatusOr<HttpResponse> HttpGet(uint16_t port, std::string_view path,
                                     absl::Duration timeout = absl::Seconds(5));

// Asks every 50 ms until the answer has this status; the last answer or error at the timeout.
absl::StatusOr<HttpResponse> WaitForHttpStatus(uint16_t port, std::string_view path, int status,
                                               absl::Duration timeout);

// The value of a sample in Prometheus' text format, by its name with labels exactly as printed:
// `telltale_events_total{stream="logins"}`. NOT_FOUND where there is none.
absl::StatusOr<double> MetricValue(std::string_view exposition, std::string_view sample);

}  // namespace telltale::support

#endif  // TELLTALE_TESTS_SUPPORT_HTTP_GET_H_
