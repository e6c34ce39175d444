// Keys under watch as messages.
#include <utility>
#include <vector>

#include "daemon/control/translate.h"
#include "daemon/control/wire_values.h"

namespace telltale::control {
namespace {

using Taken = std::vector<std::pair<uint32_t, size_t>>;

v1::WatchedKey ToWatchedKey(const engine::WatchedKey& watched) {
  v1::WatchedKey message;
  message.mutable_key()->set_rule(watched.its_rule().id);
  for (const rules::KeyPart& part : watched.key)
    message.mutable_key()->add_parts(Utf8(part.value_or("null")));
  message.set_events(static_cast<uint32_t>(watched.blocks.size()));
  uint64_t bytes = 0;
  for (const engine::EventBlock& block : watched.blocks) bytes += block->size() * sizeof(uint64_t);
  message.set_bytes(bytes);
  message.set_forgotten(watched.forgotten);
  if (IsTime(watched.since)) SetTime(watched.since, message.mutable_since());
  return message;
}

void AddTaken(const explain::KeyExplanation& explanation, const Taken& taken,
              google::protobuf::RepeatedPtrField<v1::TakenEvent>* messages) {
  const rules::StreamCatalog& streams = *explanation.watched.rules->rules->streams;
  for (const auto& [step, index] : taken) {
    const engine::Event& event = *explanation.settled[index];
    v1::TakenEvent* message = messages->Add();
    message->set_step(explanation.watched.its_rule().steps[step].name);
    message->set_stream(streams[event.stream].name);
    message->set_partition(static_cast<int32_t>(event.partition));
    message->set_offset(event.offset);
    SetTime(event.time, message->mutable_time());
  }
}

v1::KeyOutcome ToOutcome(engine::NearMiss::Outcome outcome) {
  using Outcome = engine::NearMiss::Outcome;
  switch (outcome) {
    case Outcome::kNothingBegan:
      return v1::KEY_OUTCOME_NOTHING_BEGAN;
    case Outcome::kStopped:
      return v1::KEY_OUTCOME_STOPPED;
    case Outcome::kDropped:
      return v1::KEY_OUTCOME_DROPPED;
    case Outcome::kBroken:
      return v1::KEY_OUTCOME_BROKEN;
    case Outcome::kPending:
      return v1::KEY_OUTCOME_PENDING;
    case Outcome::kComplete:
      return v1::KEY_OUTCOME_COMPLETE;
  }
  return v1::KEY_OUTCOME_UNSPECIFIED;
}

void SetProgress(const explain::KeyExplanation& explanation, const engine::NearMiss& progress,
                 v1::KeyProgress* message) {
  message->set_outcome(ToOutcome(progress.outcome));
  AddTaken(explanation, progress.taken, message->mutable_taken());
  const bool pending = progress.outcome == engine::NearMiss::Outcome::kPending;
  if (pending && IsTime(progress.latest))
    SetTime(progress.latest, message->mutable_pending_until());
  if (pending) return;
  for (const engine::Awaited& awaited : progress.next) {
    v1::AwaitedStep* step = message->add_awaited();
    step->set_step(explanation.watched.its_rule().steps[awaited.step].name);
    step->set_waits(awaited.waits);
    if (IsTime(awaited.latest)) SetTime(awaited.latest, step->mutable_until());
  }
}

}  // namespace

v1::ListWatchedKeysResponse ToListWatchedKeysResponse(
    const std::vector<engine::WatchedKey>& watched) {
  v1::ListWatchedKeysResponse response;
  for (const engine::WatchedKey& key : watched) *response.add_keys() = ToWatchedKey(key);
  return response;
}

v1::ExplainKeyResponse ToExplainKeyResponse(const explain::KeyExplanation& explanation) {
  v1::ExplainKeyResponse response;
  *response.mutable_watched() = ToWatchedKey(explanation.watched);
  if (IsTime(explanation.watched.watermark))
    SetTime(explanation.watched.watermark, response.mutable_watermark());
  response.set_waiting_events(static_cast<uint32_t>(explanation.waiting));
  const engine::KeyStory& story = explanation.story;
  response.set_matches(explanation.window ? explanation.window->fulfilled : story.matches);
  AddTaken(explanation, story.last_match, response.mutable_last_match());
  if (story.progress) SetProgress(explanation, *story.progress, response.mutable_progress());
  response.set_exhausted(story.exhausted);
  response.set_text(Utf8(explain::ToText(explanation)));
  return response;
}

}  // namespace telltale::control
