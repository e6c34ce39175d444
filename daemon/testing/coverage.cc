#include "daemon/testing/coverage.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "daemon/testing/text_report.h"
#include "engine/condition/scratch.h"
#include "engine/reading/way_walk.h"

namespace telltale::testing {

// One rule of one compiled set, with the programs of its branches.
class RuleProbe final : public engine::WayObserver {
 public:
  static std::unique_ptr<RuleProbe> Make(const rules::Rule& rule,
                                         const engine::CompiledRules& rules) {
    auto reading = engine::RuleReading::Make(rule, rules.layouts, *rules.inputs);
    if (!reading.ok()) return nullptr;
    auto probe = std::unique_ptr<RuleProbe>(new RuleProbe(rule, *std::move(reading)));
    for (const auto& branches : probe->points_.branches) {
      std::vector<Branch>& programs = probe->branches_.emplace_back();
      for (const BranchPoints& branch : branches) {
        auto program = engine::Compile(branch.part, rules.layouts, rules.inputs.get());
        if (program.ok()) programs.push_back({*std::move(program), &branch});
      }
    }
    return probe;
  }

  size_t points() const { return points_.all.size(); }

  void Note(const TestRun& run, std::vector<bool>& reached) {
    reached_ = &reached;
    NoteResults(run);
    events_ = OnTimeEvents(run);
    for (const engine::Key& key : reading_.KeysOf(events_, scratch_)) {
      engine::WayWalk(reading_, events_, key, scratch_).All(*this);
    }
  }

  void OnTest(uint32_t role, size_t event, const engine::Taken& taken, const engine::Value* windows,
              engine::RoleFit fit) override {
    const bool asked = fit == engine::RoleFit::kFits || fit == engine::RoleFit::kFalse ||
                       fit == engine::RoleFit::kError;
    if (!asked || branches_[role].empty()) return;
    const engine::TakenFrame frame(taken, events_[event], windows);
    for (const Branch& branch : branches_[role]) {
      if ((*reached_)[branch.points->never_true] && (*reached_)[branch.points->never_false])
        continue;
      const engine::Verdict verdict = engine::Test(*branch.program, frame.frame(), scratch_);
      if (verdict == engine::Verdict::kTrue) Reach(branch.points->never_true);
      if (verdict == engine::Verdict::kFalse) Reach(branch.points->never_false);
    }
  }
  void OnWay(const engine::Way& way) override {
    Reach(points_.taken[way.step()]);
    LeftOut(reading_.rule().pattern, way.taken, false);
  }
  void OnComplete(const engine::Way& way) override {
    LeftOut(reading_.rule().pattern, way.taken, true);
  }
  void OnStartBarred(uint32_t absence, size_t, size_t) override { Reach(points_.broken[absence]); }
  void OnBarred(const engine::Way&, const rules::Move&, uint32_t absence, size_t) override {
    Reach(points_.broken[absence]);
  }
  void OnUntil(const engine::Way&, const rules::Move&, uint32_t until, size_t) override {
    Reach(points_.ended[until]);
  }
  void OnDropped(const engine::Way&, uint32_t until, size_t) override {
    Reach(points_.ended[until]);
  }
  void OnBroken(const engine::Way&, uint32_t absence, size_t) override {
    Reach(points_.broken[absence]);
  }
  bool LooksBeyondWindows() const override { return true; }
  void OnTooLate(const engine::Way& way, const rules::Move& move, size_t event, int64_t) override {
    const int64_t time = events_[event]->time;
    const auto passed = [&](size_t since, const std::optional<int64_t>& within) {
      return within && time > engine::Plus(events_[since]->time, *within);
    };
    if (points_.too_late && passed(way.first(), reading_.rule().within)) Reach(*points_.too_late);
    if (!passed(way.at.anchors[move.strand], move.within)) return;
    // The move knows its window, and not whose it is.
    for (const PlacePoints& points : points_.places) {
      if (!engine::Holds(*points.place, move.step)) continue;
      if (points.too_late && points.place->within == move.within) Reach(*points.too_late);
      if (points.repeat_too_late && points.place->repeat.within == move.within)
        Reach(*points.repeat_too_late);
    }
  }

 private:
  struct Branch {
    std::shared_ptr<const engine::Program> program;
    const BranchPoints* points = nullptr;
  };

  RuleProbe(const rules::Rule& rule, engine::RuleReading reading)
      : points_(rule), reading_(std::move(reading)) {}

  void Reach(PointIndex point) { (*reached_)[point] = true; }

  // The optional places that a way has gone past, or never will go into. `done`: nothing more is
  // taken in the place.
  void LeftOut(const rules::Place& place, const engine::Taken& taken, bool done) {
    if (place.IsNot()) return;
    if (!engine::HasTaken(place, taken)) {
      for (const PlacePoints& points : points_.places) {
        if (done && points.place == &place && points.left_out) Reach(*points.left_out);
      }
      return;
    }
    const bool in_order = place.kind == rules::Place::Kind::kGroup;
    bool later = done;  // something behind the inner place has been taken
    for (auto inner = place.places.rbegin(); inner != place.places.rend(); ++inner) {
      const bool taken_there = engine::HasTaken(*inner, taken);
      if (place.kind != rules::Place::Kind::kAnyOf || taken_there) LeftOut(*inner, taken, later);
      if (in_order && taken_there) later = true;
    }
  }

  void NoteResults(const TestRun& run) {
    const std::string& id = reading_.rule().id;
    const bool alerted = std::any_of(run.alerts.begin(), run.alerts.end(), [&](const auto& alert) {
      return alert.rule->id == id && alert.kind != engine::AlertKind::kLimit;
    });
    Reach(alerted ? points_.alerts : points_.quiet);
    const bool timed_out =
        std::any_of(run.alerts.begin(), run.alerts.end(), [&](const auto& alert) {
          return alert.rule->id == id && alert.kind == engine::AlertKind::kTimeout;
        });
    if (points_.timed_out && timed_out) Reach(*points_.timed_out);
    for (const engine::RuleStats& stats : run.stats.rules) {
      if (stats.id != id) continue;
      if (points_.suppressed && stats.suppressed > 0) Reach(*points_.suppressed);
      for (size_t i = 0; i < points_.exceptions.size() && i < stats.exceptions.size(); ++i) {
        if (stats.exceptions[i].alerts > 0) Reach(points_.exceptions[i]);
      }
      if (points_.limited && stats.limit_hits > 0) Reach(*points_.limited);
    }
  }

  const RulePoints points_;
  const engine::RuleReading reading_;
  std::vector<std::vector<Branch>> branches_;  // by role
  std::vector<const engine::Event*> events_;
  engine::Scratch scratch_;
  std::vector<bool>* reached_ = nullptr;
};

Coverage::Coverage() = default;
Coverage::~Coverage() = default;
Coverage::Coverage(Coverage&&) noexcept = default;

RuleProbe* Coverage::ProbeOf(const CompiledPtr& rules, const rules::Rule& rule) {
  const auto [entry, added] = probes_.try_emplace({rules, rule.id});
  if (added) entry->second = RuleProbe::Make(rule, *rules);
  return entry->second.get();
}

void Coverage::Note(const TestRun& run) {
  for (const rules::Rule& rule : run.rules->rules->rules) {
    RuleProbe* probe = ProbeOf(run.rules, rule);
    if (probe == nullptr) continue;
    Reached& reached = reached_[rule.id];
    ++reached.tests;
    reached.points.resize(probe->points());
    probe->Note(run, reached.points);
  }
}

void Coverage::Merge(const Coverage& other) {
  for (const auto& [id, theirs] : other.reached_) {
    Reached& ours = reached_[id];
    ours.tests += theirs.tests;
    ours.points.resize(std::max(ours.points.size(), theirs.points.size()));
    for (size_t i = 0; i < theirs.points.size(); ++i)
      ours.points[i] = ours.points[i] || theirs.points[i];
  }
}

std::vector<RuleCoverage> Summarize(const Coverage& coverage, const rules::RuleSet& rules) {
  std::vector<RuleCoverage> summaries;
  for (const rules::Rule& rule : rules.rules) {
    RuleCoverage& summary = summaries.emplace_back();
    summary.rule = &rule;
    RulePoints points(rule);
    summary.points = points.all.size();
    const auto found = coverage.rules().find(rule.id);
    const bool tested = found != coverage.rules().end();
    if (tested) summary.tests = found->second.tests;
    for (size_t i = 0; i < points.all.size(); ++i) {
      if (!tested || !found->second.points[i]) summary.missed.push_back(std::move(points.all[i]));
    }
  }
  return summaries;
}

std::string CoverageText(const std::vector<RuleCoverage>& rules) {
  size_t reached = 0;
  size_t points = 0;
  size_t untested = 0;
  std::string lines;
  for (const RuleCoverage& rule : rules) {
    reached += rule.reached();
    points += rule.points;
    if (rule.tests == 0) {
      ++untested;
      absl::StrAppend(&lines, "  ", rule.rule->id, ": no tests  ", PlaceText(rule.rule->span),
                      "\n");
      continue;
    }
    absl::StrAppend(&lines, "  ", rule.rule->id, ": ", rule.percent(), "% (", rule.reached(),
                    " of ", rule.points, ")\n");
    for (const CoveragePoint& point : rule.missed)
      absl::StrAppend(&lines, "    ", PlaceText(point.span), ": ", point.text, "\n");
  }
  std::string text =
      absl::StrCat("coverage: ", points == 0 ? 100 : reached * 100 / points, "% (", reached, " of ",
                   points, ") of ", rules.size(), rules.size() == 1 ? " rule" : " rules");
  if (untested > 0) absl::StrAppend(&text, ", ", untested, " without tests");
  return absl::StrCat(text, "\n", lines);
}

}  // namespace telltale::testing
