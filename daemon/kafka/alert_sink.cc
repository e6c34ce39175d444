#include "daemon/kafka/alert_sink.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/kafka/steady_clock.h"

namespace telltale::kafka {
namespace {

constexpr size_t kBackedUp = 20000;
constexpr size_t kMostOutstanding = 100000;

const char* TypeOf(engine::AlertKind kind) {
  switch (kind) {
    case engine::AlertKind::kMatch:
      return "telltale.alert.match";
    case engine::AlertKind::kTimeout:
      return "telltale.alert.timeout";
    case engine::AlertKind::kWindow:
      return "telltale.alert.window";
    case engine::AlertKind::kLimit:
      return "telltale.alert.limit";
  }
  return "telltale.alert";
}

// A result in shadow is a record, as an alert in shadow is.
bool IsOfMetric(const engine::Alert& alert) {
  return engine::IsOutput(alert) && alert.rule->output->metric.has_value() &&
         alert.rule->mode != rules::Mode::kShadow;
}

}  // namespace

KafkaAlertSink::KafkaAlertSink(Options options) : options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<KafkaAlertSink>> KafkaAlertSink::Create(Options options) {
  std::unique_ptr<KafkaAlertSink> sink(new KafkaAlertSink(std::move(options)));
  Outbox::Options outbox;
  outbox.name = "alerts";
  outbox.properties = sink->options_.properties;
  outbox.reports = sink->options_.reports;
  outbox.known_topic = sink->options_.topic;
  outbox.acknowledged = [raw = sink.get()](const Outgoing& record) { raw->Acknowledged(record); };
  absl::StatusOr<std::unique_ptr<Outbox>> created = Outbox::Create(std::move(outbox));
  if (!created.ok()) return created.status();
  sink->outbox_ = *std::move(created);
  return sink;
}

void KafkaAlertSink::Deliver(uint32_t, uint64_t epoch, std::vector<engine::Alert> alerts) {
  std::erase_if(alerts, [this](const engine::Alert& alert) {
    if (!IsOfMetric(alert)) return false;
    if (options_.metric) options_.metric(alert);
    return true;
  });
  if (alerts.empty()) return;
  {
    std::lock_guard lock(mutex_);
    outstanding_[epoch] += alerts.size();
  }
  const std::string detected = engine::FormatTime(absl::GetCurrentTimeNanos());
  if (abandoned_) return;  // outstanding for ever: its epoch is never committed
  for (const engine::Alert& alert : alerts) {
    if (outbox_->outstanding() >= kMostOutstanding) {
      outbox_->WaitBelow(kMostOutstanding, absl::InfiniteDuration());
    }
    outbox_->Send(Envelope(alert, epoch, detected));
  }
}

std::unique_ptr<Outgoing> KafkaAlertSink::Envelope(const engine::Alert& alert, uint64_t epoch,
                                                   const std::string& detected) const {
  auto record = std::make_unique<Outgoing>();
  const rules::Rule& rule = *alert.rule;
  std::string id = engine::ToHex(alert.id);
  const bool output = engine::IsOutput(alert);
  record->topic = rule.mode == rules::Mode::kShadow ? options_.shadow_topic
                  : output                          ? rule.output->topic
                                                    : options_.topic;
  record->value = output ? engine::OutputJson(alert) : engine::AlertJson(alert);
  record->headers.Add("ce_specversion", "1.0");
  record->headers.Add("ce_id", id);
  record->headers.Add("ce_source", options_.source);
  record->headers.Add("ce_type", output ? "telltale.output" : TypeOf(alert.kind));
  record->headers.Add("ce_time", engine::FormatTime(alert.time));
  record->headers.Add("ce_subject", rule.id);
  record->headers.Add("content-type", "application/json");
  record->headers.Add("telltale.detected", detected);
  record->headers.Add("telltale.emitted", engine::FormatTime(absl::GetCurrentTimeNanos()));
  if (alert.revision != 0) record->headers.Add("telltale.revision", absl::StrCat(alert.revision));
  record->key = alert.record_key.empty() ? std::move(id) : alert.record_key;
  record->tag = epoch;
  return record;
}

void KafkaAlertSink::Acknowledged(const Outgoing& record) {
  const Polled& noted = polled_[record.tag % polled_.size()];
  const int64_t polled = noted.epoch.load(std::memory_order_acquire) == record.tag
                             ? noted.at.load(std::memory_order_relaxed)
                             : newest_polled_.load(std::memory_order_relaxed);
  if (polled > 0) latency_.Observe(static_cast<double>(SteadyNow() - polled) * 1e-9);
  acknowledged_.fetch_add(1, std::memory_order_relaxed);
  std::lock_guard lock(mutex_);
  auto found = outstanding_.find(record.tag);
  if (--found->second == 0) outstanding_.erase(found);
}

uint64_t KafkaAlertSink::AcknowledgedEpoch() const {
  std::lock_guard lock(mutex_);
  if (outstanding_.empty()) return std::numeric_limits<uint64_t>::max();
  return outstanding_.begin()->first - 1;
}

void KafkaAlertSink::NoteEpoch(uint64_t epoch, int64_t polled_ns) {
  Polled& noted = polled_[epoch % polled_.size()];
  noted.at.store(polled_ns, std::memory_order_relaxed);
  noted.epoch.store(epoch, std::memory_order_release);
  newest_polled_.store(polled_ns, std::memory_order_relaxed);
}

bool KafkaAlertSink::BackedUp() const { return outbox_->outstanding() > kBackedUp; }

void KafkaAlertSink::Abandon() {
  abandoned_ = true;
  outbox_->Abandon();
}

telemetry::AlertFigures KafkaAlertSink::figures() const {
  telemetry::AlertFigures figures;
  figures.acknowledged = acknowledged_.load(std::memory_order_relaxed);
  figures.outstanding = outbox_->outstanding();
  return figures;
}

}  // namespace telltale::kafka
