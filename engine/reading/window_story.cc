#include "engine/reading/window_story.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/window/window_matcher.h"
#include "engine/window/window_plan.h"

namespace telltale::engine {
namespace {

constexpr size_t kMostReads = 8;  // values that are shown of a condition

std::string Plural(uint64_t count, std::string_view word) {
  return absl::StrCat(count, " ", std::string(word), count == 1 ? "" : "s");
}

// The sources that the event fits for the key.
StepMask SourcesOf(const RuleReading& reading, const Event& event, const Key& key,
                   Scratch& scratch) {
  const Taken nothing(reading.steps());
  StepMask sources = 0;
  for (uint32_t step = 0; step < reading.steps(); ++step) {
    if (reading.Reaches(step, event, key, scratch) == RoleFit::kFits &&
        reading.Test(step, event, nothing, nullptr, scratch) == RoleFit::kFits)
      sources |= StepMask{1} << step;
  }
  return sources;
}

// Runs the window and takes down each look at it.
class WindowTeller : public MatchReceiver {
 public:
  WindowTeller(const RuleReading& reading, const std::vector<const Event*>& events, const Key& key,
               Scratch& scratch)
      : reading_(reading), events_(events), key_(key), scratch_(scratch), rule_(reading.rule()) {
    rules::Aggregate& aggregate = *rule_.aggregate;
    aggregate.evidence = 1;
    count_ = aggregate.calls.size();
    aggregate.calls.push_back({.function = rules::AggregateFunction::kCount,
                               .type = rules::Type::Of(rules::TypeKind::kInt)});
  }

  absl::StatusOr<WindowStory> Run(int64_t watermark) {
    absl::StatusOr<WindowPlan> plan = CompileWindow(rule_, reading_.layouts(), &reading_.inputs());
    if (!plan.ok()) return plan.status();
    plan->every_look = true;
    ShardMemory memory;
    TimerQueue timers;
    const std::unique_ptr<RuleMatcher> matcher =
        MakeWindowMatcher(*plan, 0, memory, timers, timers, scratch_, *this);
    const auto fire_before = [&](int64_t bound) {
      while (timers.DueBefore(bound)) matcher->Fire(timers.Pop());
    };
    const Hash128 hash{};
    for (size_t i = 0; i < events_.size(); ++i) {
      const Event& event = *events_[i];
      const StepMask sources = SourcesOf(reading_, event, key_, scratch_);
      if (sources == 0) continue;
      fire_before(event.time);
      story_.events.push_back(i);
      EventHandle held = kNoEvent;
      matcher->Process(event, hash, sources, 0, held);
      if (held != kNoEvent) memory.events.Unref(held);
    }
    fire_before(watermark);
    return std::move(story_);
  }

  void OnMatch(uint32_t, const Match& match) override {
    const WindowResult& window = *match.window;
    WindowStory::Look look{.time = match.time, .start = window.start, .end = window.end};
    if (window.by_event) look.event = story_.events.back();
    look.count = static_cast<uint64_t>(window.values[count_].as_int());
    const std::optional<rules::Expression>& having = reading_.rule().aggregate->having;
    if (having) {
      const Frame frame{
          .event = nullptr, .steps = nullptr, .key = key_.data(), .aggregates = window.values};
      look.failed = FailedParts(*having, reading_.layouts(), reading_.inputs(), frame, scratch_);
    }
    if (look.failed.empty()) {
      ++story_.fulfilled;
    } else if (!story_.nearest || IsNearer(look, *story_.nearest)) {
      story_.nearest = look;
    }
    story_.last = std::move(look);
  }
  // Fewer parts are missing, or as many with no fewer events.
  static bool IsNearer(const WindowStory::Look& a, const WindowStory::Look& b) {
    if (a.failed.size() != b.failed.size()) return a.failed.size() < b.failed.size();
    return a.count >= b.count;
  }
  void OnLimit(uint32_t, const LimitHit&) override {}
  void OnConditionError(uint32_t) override {}

 private:
  const RuleReading& reading_;
  const std::vector<const Event*>& events_;
  const Key& key_;
  Scratch& scratch_;
  rules::Rule rule_;
  size_t count_ = 0;  // the call that tells how many events there are
  WindowStory story_;
};

// By the definition of W4: each event against those before it.
class TermTeller {
 public:
  TermTeller(const RuleReading& reading, const std::vector<const Event*>& events, const Key& key,
             Scratch& scratch)
      : reading_(reading), events_(events), key_(key), scratch_(scratch) {}

  absl::StatusOr<WindowStory> Run() {
    for (size_t i = 0; i < events_.size(); ++i) {
      const StepMask sources = SourcesOf(reading_, *events_[i], key_, scratch_);
      if (sources == 0) continue;
      story_.events.push_back(i);
      const absl::StatusOr<std::string> term = TermOf(*events_[i], sources);
      if (!term.ok()) return term.status();
      Judge(i, *term);
      terms_.push_back(*term);
    }
    return std::move(story_);
  }

 private:
  // What CEL's == tells apart as text; empty: there is none.
  absl::StatusOr<std::string> TermOf(const Event& event, StepMask sources) {
    const auto source = static_cast<size_t>(std::countr_zero(sources));
    std::string text;
    for (const rules::Expression& field : reading_.rule().new_terms->fields[source]) {
      const auto program = Compile(field, reading_.layouts(), &reading_.inputs());
      if (!program.ok()) return program.status();
      const Value value = Evaluate(**program, {.event = &event}, scratch_);
      if (value.is(ValueKind::kError) || value.is(ValueKind::kAbsent) || value.is(ValueKind::kNull))
        return std::string();
      // 17 and 17.0 are one, 17 and "17" are not.
      if (value.is(ValueKind::kString) || !KeyText(value, text)) AppendJson(value, text);
      text += '\x1f';
    }
    return text;
  }

  void Judge(size_t event, const std::string& term) {
    if (term.empty()) {
      story_.known = {event, std::nullopt};
      return;
    }
    const int64_t since = Minus(events_[event]->time, reading_.rule().new_terms->history);
    for (size_t i = terms_.size(); i-- > 0;) {
      if (events_[story_.events[i]]->time < since) break;
      if (terms_[i] != term) continue;
      story_.known = {event, story_.events[i]};
      return;
    }
    ++story_.fulfilled;
  }

  const RuleReading& reading_;
  const std::vector<const Event*>& events_;
  const Key& key_;
  Scratch& scratch_;
  std::vector<std::string> terms_;  // by story_.events
  WindowStory story_;
};

std::string DescribeLook(const WindowStory::Look& look, const std::vector<const Event*>& events,
                         const Names& names) {
  std::string text = look.event ? absl::StrCat("at ", names.event(*events[*look.event]))
                                : absl::StrCat("at ", names.time(look.time));
  absl::StrAppend(&text, ", over ", names.time(look.start), " to ", names.time(look.end), " with ",
                  Plural(look.count, "event"), ":\n");
  for (const FailedPart& part : look.failed) {
    absl::StrAppend(
        &text, "  ", part.text,
        part.error ? absl::StrCat(" ended in an error: ", part.reason) : std::string(" was false"),
        "\n");
    for (size_t i = 0; i < part.reads.size() && i < kMostReads; ++i)
      absl::StrAppend(&text, "    ", part.reads[i].text, " was ", part.reads[i].value, "\n");
  }
  return text;
}

std::string DescribeTerms(const WindowStory& story, const std::vector<const Event*>& events,
                          const Names& names) {
  if (!story.known) return "";
  const std::string event = names.event(*events[story.known->event]);
  if (!story.known->before) return absl::StrCat("the last one without a value was ", event, "\n");
  return absl::StrCat("what ", event, " has was seen before, in ",
                      names.event(*events[*story.known->before]), "\n");
}

}  // namespace

absl::StatusOr<WindowStory> TellWindow(const RuleReading& reading,
                                       const std::vector<const Event*>& events, const Key& key,
                                       Scratch& scratch, int64_t watermark) {
  if (reading.rule().aggregate) return WindowTeller(reading, events, key, scratch).Run(watermark);
  return TermTeller(reading, events, key, scratch).Run();
}

std::string Describe(const WindowStory& story, const rules::Rule& rule,
                     const std::vector<const Event*>& events, const Names& names) {
  std::string text = absl::StrCat(Plural(story.events.size(), "event"),
                                  rule.aggregate ? " came into the window" : " were looked at",
                                  story.events.empty() ? "" : ", the last one ");
  if (!story.events.empty()) absl::StrAppend(&text, names.event(*events[story.events.back()]));
  text += "\n";
  if (rule.new_terms) {
    absl::StrAppend(&text, story.fulfilled, story.fulfilled == 1 ? " value was" : " values were",
                    " new\n");
    return text + DescribeTerms(story, events, names);
  }
  if (story.fulfilled > 0) {
    absl::StrAppend(&text, "the condition was true at ", Plural(story.fulfilled, "look"),
                    " of it\n");
  }
  if (story.last && story.last->failed.empty()) {
    text += "it was true the last time: it has to be false before it counts again\n";
  } else if (story.nearest) {
    absl::StrAppend(&text, story.fulfilled > 0 ? "where not, " : "it was never true, and ",
                    "nearest ", DescribeLook(*story.nearest, events, names));
  }
  return text;
}

}  // namespace telltale::engine
