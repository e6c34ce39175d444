#include "daemon/sample/figures.h"

#include <utility>

namespace telltale::sample {
namespace {

report::SampledStream StreamFigures(const StreamSample& sampled, const std::string& name) {
  report::SampledStream stream;
  stream.name = name;
  stream.events = static_cast<uint64_t>(sampled.profile.events());
  stream.bad_lines = static_cast<uint64_t>(sampled.bad_lines);
  for (const auto& [reason, count] : sampled.bad_reasons)
    stream.bad_reasons.emplace_back(reason, static_cast<uint64_t>(count));
  for (const ProfiledField& field : sampled.profile.Fields()) {
    report::SampledField figures;
    figures.path = PathText(field.path);
    figures.events = static_cast<uint64_t>(field.profile.events);
    for (const std::string_view type : field.profile.Types()) figures.types.emplace_back(type);
    stream.fields.push_back(std::move(figures));
  }
  stream.more_fields = sampled.profile.left_out();
  return stream;
}

}  // namespace

report::SampleFigures Figures(const Sample& sample, const rules::StreamCatalog& streams) {
  report::SampleFigures figures;
  for (const StreamSample& stream : sample.streams)
    figures.streams.push_back(StreamFigures(stream, streams[stream.stream].name));
  for (const StepFit& fit : sample.steps) {
    report::SampledStep step;
    step.rule = fit.rule->id;
    step.step = fit.step;
    step.stream = streams[fit.stream].name;
    step.fits = static_cast<uint64_t>(fit.fits);
    step.errors = static_cast<uint64_t>(fit.errors);
    figures.steps.push_back(std::move(step));
  }
  return figures;
}

}  // namespace telltale::sample
