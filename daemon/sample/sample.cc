#include "daemon/sample/sample.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "daemon/decode/json_decoder.h"
#include "engine/condition/condition.h"
#include "engine/condition/inputs.h"
#include "engine/condition/scratch.h"
#include "engine/pattern/pattern.h"

namespace telltale::sample {
namespace {

using engine::ValueKind;

const rules::FieldPath kWholeEvent;

// Layouts leave out the rules that are off.
rules::RuleSet AllOn(const rules::RuleSet& rules) {
  rules::RuleSet on = rules;
  for (rules::Rule& rule : on.rules) rule.mode = rules::Mode::kLive;
  return on;
}

// What rules read, and the whole event.
std::vector<engine::EventLayout> LayoutsOf(const rules::RuleSet& rules) {
  std::vector<engine::EventLayout> layouts = engine::MakeLayouts(AllOn(rules));
  for (engine::EventLayout& layout : layouts) {
    if (layout.Find(kWholeEvent)) continue;
    std::vector<engine::Field> fields = layout.fields();
    fields.push_back({.path = kWholeEvent, .type = rules::Type::Dyn(), .as_double = false});
    layout = engine::EventLayout(std::move(fields));
  }
  return layouts;
}

class Reader {
 public:
  Reader(const rules::RuleSet& rules, const config::Config& config)
      : config_(config),
        layouts_(LayoutsOf(rules)),
        inputs_(rules, {}),
        conditions_(layouts_.size()) {}

  absl::Status Prepare(const rules::RuleSet& rules, const std::vector<Input>& inputs) {
    std::set<rules::StreamIndex> sampled;
    for (const Input& input : inputs) sampled.insert(input.stream);
    for (const rules::StreamIndex stream : sampled) AddStream(stream);
    for (const rules::Rule& rule : rules.rules) {
      for (const rules::Step& step : rule.steps) {
        if (absl::Status status = AddStep(rule, step.name, step.selector); !status.ok())
          return status;
      }
      for (const rules::Absence& absence : rule.absences) {
        if (absl::Status status = AddStep(rule, "not", absence.selector); !status.ok())
          return status;
      }
      for (const rules::Until& until : rule.untils) {
        if (absl::Status status = AddStep(rule, "until", until.selector); !status.ok())
          return status;
      }
    }
    return absl::OkStatus();
  }

  absl::Status Read(Input& input) {
    StreamSample& stream = *Find(input.stream);
    const config::StreamConfig& settings = config_.streams[input.stream];
    decode::JsonDecoder decoder(input.stream, layouts_[input.stream], settings.time,
                                settings.max_record_bytes);
    const bool timed_by_kafka = settings.time.source == config::TimeSource::kKafka;
    std::string_view line;
    while (input.lines.Next(line)) {
      if (decode::IsBlank(line)) continue;
      decode::RawRecord record;
      record.value = line;
      record.offset = input.lines.number();
      if (timed_by_kafka) record.timestamp = 0;
      const decode::Decoded decoded = decoder.Decode(record);
      if (decoded.event == nullptr) {
        AddBad(stream, decode::ReasonText(decoded.reason));
      } else {
        Take(stream, *decoded.event);
      }
    }
    return input.lines.status();
  }

  Sample TakeSample() && { return std::move(sample_); }

 private:
  struct Condition {
    size_t step = 0;  // in Sample::steps
    std::vector<engine::ProgramPtr> local;
  };

  StreamSample* Find(rules::StreamIndex stream) {
    return const_cast<StreamSample*>(std::as_const(sample_).Find(stream));
  }

  void AddStream(rules::StreamIndex index) {
    StreamSample stream;
    stream.stream = index;
    for (const engine::Field& field : layouts_[index].fields()) {
      if (field.path.empty()) continue;
      stream.profile.Keep(field.path);
      if (field.type.kind != rules::TypeKind::kDyn) stream.declared[field.path];
    }
    sample_.streams.push_back(std::move(stream));
  }

  absl::Status AddStep(const rules::Rule& rule, const std::string& name,
                       const rules::Selector& selector) {
    if (Find(selector.stream) == nullptr) return absl::OkStatus();
    Condition condition;
    condition.step = sample_.steps.size();
    for (const rules::Expression& conjunct : engine::Split(selector.where).local) {
      absl::StatusOr<engine::ProgramPtr> program = engine::Compile(conjunct, layouts_, &inputs_);
      if (!program.ok()) return program.status();
      condition.local.push_back(*std::move(program));
    }
    StepFit fit;
    fit.rule = &rule;
    fit.step = name;
    fit.stream = selector.stream;
    sample_.steps.push_back(std::move(fit));
    conditions_[selector.stream].push_back(std::move(condition));
    return absl::OkStatus();
  }

  static void AddBad(StreamSample& stream, std::string_view reason) {
    ++stream.bad_lines;
    ++stream.bad_reasons[std::string(reason)];
  }

  void Take(StreamSample& stream, const engine::Event& event) {
    const engine::EventLayout& layout = layouts_[stream.stream];
    const engine::Value whole = event.slot(*layout.Find(kWholeEvent));
    // The daemon lets such events pass where no rule reads the value.
    if (!whole.is(ValueKind::kMap)) return AddBad(stream, "bad_value");
    stream.profile.Add(whole);
    for (uint32_t slot = 0; slot < layout.slot_count(); ++slot) {
      const auto declared = stream.declared.find(layout.fields()[slot].path);
      if (declared == stream.declared.end()) continue;
      const engine::Value value = event.slot(slot);
      if (value.is(ValueKind::kAbsent)) continue;
      ++(value.is(ValueKind::kError) ? declared->second.misfits : declared->second.fits);
    }
    for (const Condition& condition : conditions_[stream.stream]) Ask(condition, event);
  }

  void Ask(const Condition& condition, const engine::Event& event) {
    engine::Frame frame;
    frame.event = &event;
    StepFit& fit = sample_.steps[condition.step];
    bool failed = false;
    for (const engine::ProgramPtr& program : condition.local) {
      const engine::Verdict verdict = engine::Test(*program, frame, scratch_);
      if (verdict == engine::Verdict::kFalse) return;  // absorbs errors, as && does
      failed |= verdict == engine::Verdict::kError;
    }
    ++(failed ? fit.errors : fit.fits);
  }

  const config::Config& config_;
  const std::vector<engine::EventLayout> layouts_;  // by StreamIndex
  const engine::Inputs inputs_;
  std::vector<std::vector<Condition>> conditions_;  // by StreamIndex
  engine::Scratch scratch_;
  Sample sample_;
};

}  // namespace

const StreamSample* Sample::Find(rules::StreamIndex stream) const {
  const auto found =
      std::find_if(streams.begin(), streams.end(),
                   [stream](const StreamSample& sampled) { return sampled.stream == stream; });
  return found == streams.end() ? nullptr : &*found;
}

absl::StatusOr<Sample> ReadSample(const rules::RuleSet& rules, const config::Config& config,
                                  std::vector<Input> inputs) {
  Reader reader(rules, config);
  if (absl::Status status = reader.Prepare(rules, inputs); !status.ok()) return status;
  for (Input& input : inputs) {
    if (absl::Status status = reader.Read(input); !status.ok()) return status;
  }
  return std::move(reader).TakeSample();
}

}  // namespace telltale::sample
