#include "daemon/replay/replay.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "daemon/decode/json_decoder.h"
#include "daemon/replay/settled_alerts.h"

namespace telltale::replay {
namespace {

constexpr int kEventsPerFlush = 4096;

// One file: gives its events one after the other and keeps count of the rest.
class Source {
 public:
  Source(Replay::Input& input, const Replay& replay, StreamCounts& counts)
      : lines_(input.lines),
        counts_(counts),
        name_(replay.config->streams[input.stream].name),
        dead_letters_(*replay.dead_letters),
        decoder_(input.stream, replay.rules->layouts[input.stream],
                 replay.config->streams[input.stream].time,
                 replay.config->streams[input.stream].max_record_bytes) {}

  // The event that is next, valid until Advance; null at the end.
  const engine::Event* event() const { return event_; }
  std::string_view line() const { return line_; }
  const std::string& name() const { return name_; }
  StreamCounts& counts() { return counts_; }
  const LineReader& lines() const { return lines_; }

  void Advance() {
    event_ = nullptr;
    while (event_ == nullptr && lines_.Next(line_)) {
      if (decode::IsBlank(line_)) continue;
      ++counts_.lines;
      decode::RawRecord record;
      record.value = line_;
      record.offset = lines_.number();
      const decode::Decoded decoded = decoder_.Decode(record);
      event_ = decoded.event;
      if (event_ != nullptr) return;
      ++counts_.dead_letters[static_cast<size_t>(decoded.reason)];
      dead_letters_.Write(name_, lines_.number(), decode::ReasonText(decoded.reason), -1, line_);
    }
  }

 private:
  LineReader& lines_;
  StreamCounts& counts_;
  const std::string& name_;
  RejectFile& dead_letters_;
  decode::JsonDecoder decoder_;
  const engine::Event* event_ = nullptr;
  std::string_view line_;
};

class Runner {
 public:
  explicit Runner(Replay& replay);
  absl::StatusOr<Summary> ToTheEnd();

 private:
  Source* Next();
  void Offer(Source& source);
  void End(Source& source);
  void Flush();
  void PutOut(const std::vector<engine::Alert>& alerts);

  Replay& replay_;
  Summary summary_;
  SettledAlerts alerts_;
  std::unique_ptr<engine::Engine> engine_;
  std::vector<std::unique_ptr<Source>> sources_;
  Position position_;
  int unflushed_ = 0;
};

Runner::Runner(Replay& replay) : replay_(replay) {
  const std::vector<config::StreamConfig>& streams = replay.config->streams;
  summary_.streams.resize(streams.size());
  engine::EngineOptions options;
  options.workers = replay.config->workers;
  for (const config::StreamConfig& stream : streams) {
    options.max_out_of_orderness.push_back(stream.time.max_out_of_orderness);
  }
  engine_ = engine::MakeEngine(replay.rules, std::move(options), alerts_);
  for (Replay::Input& input : replay.inputs) {
    engine_->AddPartition({.stream = input.stream, .partition = 0}, {});
    sources_.push_back(std::make_unique<Source>(input, replay, summary_.streams[input.stream]));
    position_.size += input.lines.size();
  }
}

absl::StatusOr<Summary> Runner::ToTheEnd() {
  for (const Replay::Watch& watch : replay_.watches) {
    absl::Status status = engine_->Watch(watch.rule, watch.key, kWatchLimits);
    if (!status.ok()) return status;
  }
  for (auto& source : sources_) {
    source->Advance();
    if (source->event() == nullptr) End(*source);
  }
  while (Source* source = Next()) {
    Offer(*source);
    source->Advance();
    if (source->event() == nullptr) End(*source);
    if (++unflushed_ == kEventsPerFlush) Flush();
  }
  engine_->Finish();
  PutOut(alerts_.TakeAll());
  summary_.engine = engine_->Stats();
  summary_.watched = engine_->Watched();
  for (const auto& source : sources_) {
    if (!source->lines().status().ok()) return source->lines().status();
  }
  return summary_;
}

// The one whose event is the earliest.
Source* Runner::Next() {
  Source* next = nullptr;
  for (const auto& source : sources_) {
    if (source->event() == nullptr) continue;
    if (next == nullptr || engine::Before(*source->event(), *next->event())) next = source.get();
  }
  return next;
}

void Runner::Offer(Source& source) {
  const engine::Event& event = *source.event();
  const engine::Admission admission = engine_->Offer(event);
  if (admission.late) {
    ++source.counts().late;
    replay_.late->Write(source.name(), event.offset, "late", admission.delay, source.line());
  } else {
    ++source.counts().events;
  }
}

// What has ended holds nobody back: nothing of it is still to come.
void Runner::End(Source& source) {
  const auto stream = static_cast<uint32_t>(&source.counts() - summary_.streams.data());
  engine_->SetIdle({.stream = stream, .partition = 0}, true);
}

void Runner::Flush() {
  unflushed_ = 0;
  engine_->Flush();
  if (const auto progress = engine_->Settled(UINT64_MAX)) {
    // Streams without a file belong to no rule that could alert, or share one with a file.
    int64_t bound = engine::kMaxTime;
    for (const Replay::Input& input : replay_.inputs) {
      bound = std::min(bound, progress->SettledOf({.stream = input.stream}));
    }
    PutOut(alerts_.Take(bound));
  }
  if (!replay_.on_progress) return;
  position_.lines = summary_.total().lines;
  position_.alerts = summary_.alerts;
  position_.bytes = 0;
  for (const auto& source : sources_) position_.bytes += source->lines().bytes_read();
  replay_.on_progress(position_);
}

void Runner::PutOut(const std::vector<engine::Alert>& alerts) {
  for (const engine::Alert& alert : alerts) {
    ++(alert.rule->mode == rules::Mode::kShadow ? summary_.shadow_alerts : summary_.alerts);
    replay_.on_alert(alert);
  }
}

}  // namespace

int64_t StreamCounts::dead() const {
  return std::accumulate(dead_letters.begin(), dead_letters.end(), int64_t{0});
}

StreamCounts Summary::total() const {
  StreamCounts total;
  for (const StreamCounts& stream : streams) {
    total.lines += stream.lines;
    total.events += stream.events;
    total.late += stream.late;
    for (size_t i = 0; i < total.dead_letters.size(); ++i)
      total.dead_letters[i] += stream.dead_letters[i];
  }
  return total;
}

absl::StatusOr<Summary> Run(Replay& replay) { return Runner(replay).ToTheEnd(); }

}  // namespace telltale::replay
