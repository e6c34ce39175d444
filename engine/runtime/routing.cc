#include "engine/runtime/routing.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "rules/model/alert_reads.h"

namespace telltale::engine {
namespace {

std::string CanonicalKey(const rules::Rule& rule, const rules::Selector& selector) {
  std::string text = rule.group_missing_key ? "group;" : "";
  for (size_t i = 0; i < selector.by.size(); ++i) {
    const bool each = (selector.each >> i & 1) != 0;
    absl::StrAppend(&text, each ? "each " : "", rules::ToString(*selector.by[i].root), ";");
  }
  return text;
}

// Nothing where it is none that an index can take.
std::optional<Equality> AsEquality(const rules::Expr& expr, const EventLayout& layout) {
  if (expr.kind != rules::ExprKind::kCall || expr.name != "_==_" || expr.args.size() != 2)
    return std::nullopt;
  const rules::Expr* field = expr.args[0].get();
  const rules::Expr* constant = expr.args[1].get();
  if (field->kind == rules::ExprKind::kConstant) std::swap(field, constant);
  if (field->kind != rules::ExprKind::kField || field->test ||
      constant->kind != rules::ExprKind::kConstant ||
      field->args[0]->kind != rules::ExprKind::kEvent) {
    return std::nullopt;
  }
  const auto slot = layout.Find(field->path);
  if (!slot) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&constant->constant))
    return Equality{.slot = *slot, .constant = *text};
  if (const auto* number = std::get_if<int64_t>(&constant->constant))
    return Equality{.slot = *slot, .constant = *number};
  return std::nullopt;
}

void AddDetection(const Demands& demands, uint32_t role, std::vector<DetectionIndex>& indexes) {
  for (const Demand& demand : demands.any) {
    const auto of_slot =
        std::find_if(indexes.begin(), indexes.end(),
                     [&](const DetectionIndex& index) { return index.slot() == demand.slot; });
    DetectionIndex& index = of_slot != indexes.end() ? *of_slot : indexes.emplace_back(demand.slot);
    index.Add(demand, role);
  }
}

// Which of a role's conditions an index is to find it by, by how many different constants the rules
// ask of a field: the more they are, the fewer roles does one value find.
class DemandChoice {
 public:
  // By predicate, both borrowed.
  DemandChoice(const std::vector<std::optional<Demands>>& demands,
               const std::vector<std::optional<Equality>>& equalities)
      : demands_(demands), equalities_(equalities) {
    std::set<Demand> known;
    for (const auto& demanded : demands) {
      if (!demanded) continue;
      for (const Demand& demand : demanded->any) {
        if (known.insert(demand).second) ++constants_[demand.slot];
      }
    }
    for (const auto& equality : equalities) {
      if (equality) ++equal_[equality->slot];
    }
  }

  // The predicate among a role's whose demands to go by; none: its equality, if it has one.
  // `conditions`: those that are equalities first.
  std::optional<uint32_t> Of(const std::vector<uint32_t>& conditions) const {
    std::optional<uint32_t> best;
    size_t most = 0;
    if (!conditions.empty() && equalities_[conditions.front()])
      most = equal_.at(equalities_[conditions.front()]->slot);
    for (const uint32_t predicate : conditions) {
      if (!demands_[predicate]) continue;
      const size_t constants = ConstantsOf(*demands_[predicate]);
      if (constants <= most) continue;
      best = predicate;
      most = constants;
    }
    return best;
  }

 private:
  size_t ConstantsOf(const Demands& demands) const {
    size_t least = SIZE_MAX;
    for (const Demand& demand : demands.any) least = std::min(least, constants_.at(demand.slot));
    return least;
  }

  const std::vector<std::optional<Demands>>& demands_;
  const std::vector<std::optional<Equality>>& equalities_;
  std::map<uint32_t, size_t> constants_;  // by slot
  std::map<uint32_t, size_t> equal_;
};

// Collects what the streams share while roles are added one by one.
class RoutingCompiler {
 public:
  RoutingCompiler(const rules::RuleSet& rules, const std::vector<EventLayout>& layouts,
                  const Inputs& inputs)
      : rules_(rules), layouts_(layouts), inputs_(inputs), shared_(layouts.size()) {
    routing_.streams.resize(layouts.size());
    for (uint32_t stream = 0; stream < layouts.size(); ++stream)
      routing_.dedups.push_back(DedupOf((*rules.streams)[stream], layouts[stream]));
    routing_.patterns.resize(rules.rules.size());
    routing_.windows.resize(rules.rules.size());
    routing_.new_terms.resize(rules.rules.size());
    routing_.step_windows.resize(rules.rules.size());
    routing_.plans.resize(rules.rules.size());
  }

  absl::StatusOr<Routing> Run() {
    lane_of_.resize(rules_.rules.size());
    for (const uint32_t index : rules::InOrderOfReading(rules_.rules)) {
      if (!rules_.rules[index].Runs()) continue;
      if (absl::Status status = Add(index); !status.ok()) return status;
    }
    for (uint32_t stream = 0; stream < layouts_.size(); ++stream) BuildIndex(stream);
    return std::move(routing_);
  }

 private:
  struct Shared {
    std::map<std::string, uint32_t> predicates;  // by canonical form
    std::map<std::string, uint32_t> extractors;
    std::vector<std::optional<Equality>> equalities;  // by predicate
    std::vector<std::optional<Demands>> demands;      // by predicate
  };

  absl::Status Add(uint32_t index) {
    const rules::Rule& rule = rules_.rules[index];
    absl::StatusOr<Pattern> pattern = CompilePattern(rule, layouts_, &inputs_);
    if (!pattern.ok()) return pattern.status();
    routing_.patterns[index] = *std::move(pattern);
    if (rule.aggregate) {
      absl::StatusOr<WindowPlan> window = CompileWindow(rule, layouts_, &inputs_);
      if (!window.ok()) return window.status();
      routing_.windows[index] = std::make_unique<const WindowPlan>(*std::move(window));
    }
    if (rule.new_terms) {
      absl::StatusOr<NewTermsPlan> terms = CompileNewTerms(rule, layouts_, &inputs_);
      if (!terms.ok()) return terms.status();
      routing_.new_terms[index] = std::make_unique<const NewTermsPlan>(*std::move(terms));
    }
    for (uint32_t number = 0; number < rule.windows.size(); ++number) {
      absl::StatusOr<WindowPlan> window = CompileStepWindow(rule, number, layouts_, &inputs_);
      if (!window.ok()) return window.status();
      routing_.step_windows[index].push_back(*std::move(window));
    }
    absl::StatusOr<AlertPlan> plan = AlertPlan::Compile(rule, *rules_.streams, layouts_, &inputs_);
    if (!plan.ok()) return plan.status();
    routing_.plans[index] = *std::move(plan);

    const uint32_t lane = LaneOf(rule);
    const uint32_t number = static_cast<uint32_t>(routing_.lanes[lane].rules.size());
    routing_.lanes[lane].rules.push_back(index);
    routing_.lanes[lane].feeds = routing_.lanes[lane].feeds || rule.feeds;
    lane_of_[index] = lane;
    for (const auto& [selector, steps, stops] : PlacesOf(rule)) {
      absl::Status status = AddRole(rule, *selector, MakeRole(lane, number, steps, stops));
      if (!status.ok()) return status;
    }
    if (rule.early && !routing_.lanes[lane].at_once) routing_.lanes[lane].early = true;
    // One rule's witnesses do for all of the lane, which find keys alike.
    if (!routing_.patterns[index].sees_all && (number > 0 || !routing_.lanes[lane].deduplicates))
      return absl::OkStatus();
    return AddWitnesses(rule, lane, number);
  }

  static std::optional<DedupPlan> DedupOf(const rules::Stream& stream, const EventLayout& layout) {
    if (!stream.dedup) return std::nullopt;
    const std::optional<uint32_t> slot = layout.Find(stream.dedup->field);
    if (!slot) return std::nullopt;
    return DedupPlan{.slot = *slot,
                     .within = stream.dedup->within,
                     .name = stream.name + ":" + rules::PathText(stream.dedup->field)};
  }

  struct PlaceOfRule {
    const rules::Selector* selector;
    StepMask steps;
    StopMask stops;
  };
  static std::vector<PlaceOfRule> PlacesOf(const rules::Rule& rule) {
    std::vector<PlaceOfRule> places;
    StepMask step = 1;
    for (const rules::Step& s : rule.steps) {
      places.push_back({&s.selector, step, 0});
      step <<= 1;
    }
    StopMask stop = 1;
    for (const rules::Absence& absence : rule.absences) {
      places.push_back({&absence.selector, 0, stop});
      stop <<= 1;
    }
    for (const rules::Until& until : rule.untils) {
      places.push_back({&until.selector, 0, stop});
      stop <<= 1;
    }
    return places;
  }

  // One for each way in which the rule finds keys on a stream.
  absl::Status AddWitnesses(const rules::Rule& rule, uint32_t lane, uint32_t number) {
    const bool sees_all = routing_.patterns[routing_.lanes[lane].rules[number]].sees_all;
    std::set<std::pair<uint32_t, std::string>> known;
    for (const PlaceOfRule& place : PlacesOf(rule)) {
      if (!sees_all && !routing_.dedups[place.selector->stream]) continue;
      if (!known.emplace(place.selector->stream, CanonicalKey(rule, *place.selector)).second)
        continue;
      rules::Selector all;
      all.stream = place.selector->stream;
      all.by = place.selector->by;
      all.each = place.selector->each;
      if (all.stream == rules_.streams->alerts())
        all.where = rules::AlertsThatCount(rule, *rules_.streams);
      absl::Status status = AddRole(rule, all, MakeRole(lane, number, 0, 0));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  static Role MakeRole(uint32_t lane, uint32_t number, StepMask steps, StopMask stops) {
    return {.lane = lane,
            .rule = number,
            .extractor = 0,
            .steps = steps,
            .stops = stops,
            .predicates = {}};
  }

  // Rules share a lane when they name the same streams and find keys there in the same ways.
  uint32_t LaneOf(const rules::Rule& rule) {
    std::map<uint32_t, std::vector<std::string>> ways;
    for (const PlaceOfRule& place : PlacesOf(rule))
      ways[place.selector->stream].push_back(CanonicalKey(rule, *place.selector));
    // What is suppressed is decided in T7's order, and a duplicate in total order: they have to
    // wait.
    const bool deduplicates = std::any_of(
        ways.begin(), ways.end(), [&](const auto& way) { return routing_.dedups[way.first]; });
    const bool at_once = !rule.HoldsState() && !rule.suppress && !deduplicates &&
                         !rules::ReadsAlerts(rule, *rules_.streams);
    std::string signature = at_once ? "at once;" : "";
    std::vector<uint32_t> streams;
    for (auto& [stream, keys] : ways) {
      streams.push_back(stream);
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      absl::StrAppend(&signature, stream, ":");
      for (const std::string& key : keys) absl::StrAppend(&signature, key.size(), ",", key);
    }
    std::vector<Producer> producers = ProducersOf(rule);
    for (const Producer& producer : producers)
      absl::StrAppend(&signature, " ", producer.lane, "/", producer.wait);
    const auto [it, added] =
        lanes_.try_emplace(signature, static_cast<uint32_t>(routing_.lanes.size()));
    if (added) {
      std::vector<uint32_t> sources = SourcesOf(streams, producers);
      routing_.lanes.push_back({.streams = std::move(streams),
                                .rules = {},
                                .at_once = at_once,
                                .deduplicates = deduplicates,
                                .producers = std::move(producers),
                                .feeds = false,
                                .sources = std::move(sources)});
    }
    return it->second;
  }

  std::vector<Producer> ProducersOf(const rules::Rule& rule) const {
    std::map<uint32_t, int64_t> waits;
    for (const uint32_t read : rule.reads) {
      const rules::Rule& producer = rules_.rules[read];
      if (!producer.Runs()) continue;
      int64_t& wait = waits[lane_of_[read]];
      wait = std::max(wait, producer.LongestWait().value_or(0));
    }
    std::vector<Producer> producers;
    for (const auto& [lane, wait] : waits) producers.push_back({.lane = lane, .wait = wait});
    return producers;
  }

  std::vector<uint32_t> SourcesOf(const std::vector<uint32_t>& streams,
                                  const std::vector<Producer>& producers) const {
    std::set<uint32_t> sources(streams.begin(), streams.end());
    for (const Producer& producer : producers) {
      const std::vector<uint32_t>& behind = routing_.lanes[producer.lane].sources;
      sources.insert(behind.begin(), behind.end());
    }
    return {sources.begin(), sources.end()};
  }

  absl::Status AddRole(const rules::Rule& rule, const rules::Selector& selector, Role role) {
    StreamRouting& stream = routing_.streams[selector.stream];
    Shared& shared = shared_[selector.stream];
    const auto [extractor, new_extractor] = shared.extractors.try_emplace(
        CanonicalKey(rule, selector), static_cast<uint32_t>(stream.extractors.size()));
    role.extractor = extractor->second;
    if (new_extractor) {
      absl::StatusOr<KeyFinder> finder =
          KeyFinder::Compile(selector, rule.group_missing_key, layouts_, &inputs_);
      if (!finder.ok()) return finder.status();
      stream.extractors.push_back(*std::move(finder));
    }
    for (const rules::Expression& conjunct : Split(selector.where).local) {
      const auto [predicate, added] = shared.predicates.try_emplace(
          rules::ToString(*conjunct.root), static_cast<uint32_t>(stream.predicates.size()));
      role.predicates.push_back(predicate->second);
      if (!added) continue;
      absl::StatusOr<ProgramPtr> program = Compile(conjunct, layouts_, &inputs_);
      if (!program.ok()) return program.status();
      stream.predicates.push_back(*std::move(program));
      shared.equalities.push_back(AsEquality(*conjunct.root, layouts_[selector.stream]));
      shared.demands.push_back(DemandsOf(*conjunct.root, layouts_[selector.stream]));
    }
    stream.roles.push_back(std::move(role));
    return absl::OkStatus();
  }

  void BuildIndex(uint32_t stream_index) {
    StreamRouting& stream = routing_.streams[stream_index];
    const std::vector<std::optional<Equality>>& equalities = shared_[stream_index].equalities;
    std::stable_sort(stream.roles.begin(), stream.roles.end(), [](const Role& a, const Role& b) {
      return std::tie(a.lane, a.rule) < std::tie(b.lane, b.rule);
    });
    const std::vector<std::vector<uint32_t>> conditions = EqualitiesFirst(stream.roles, equalities);
    const std::vector<std::optional<Demands>>& demands = shared_[stream_index].demands;
    const DemandChoice choice(demands, equalities);
    std::map<uint32_t, uint32_t> index_of_slot;
    std::vector<std::vector<uint32_t>> roles_of_index;
    for (uint32_t r = 0; r < stream.roles.size(); ++r) {
      if (const auto chosen = choice.Of(conditions[r])) {
        AddDetection(*demands[*chosen], r, stream.detections);
        if (demands[*chosen]->exact) std::erase(stream.roles[r].predicates, *chosen);
        continue;
      }
      if (conditions[r].empty() || !equalities[conditions[r].front()]) {
        stream.unindexed.push_back(r);
        continue;
      }
      const Equality& equality = *equalities[conditions[r].front()];
      const auto [it, added] =
          index_of_slot.try_emplace(equality.slot, static_cast<uint32_t>(stream.indexes.size()));
      if (added) {
        stream.indexes.emplace_back().slot = equality.slot;
        roles_of_index.emplace_back();
      }
      stream.indexes[it->second].At(equality.constant).push_back(r);
      roles_of_index[it->second].push_back(r);
      std::erase(stream.roles[r].predicates, conditions[r].front());
    }
    ErrorTreeBuilder errors(conditions, equalities);
    for (size_t i = 0; i < stream.indexes.size(); ++i)
      stream.indexes[i].on_error = errors.Add(roles_of_index[i]);
    stream.errors = std::move(errors).Take();
  }

  // By role its different predicates: first equalities, those of the field that has most different
  // constants before others, for it tells most roles apart.
  static std::vector<std::vector<uint32_t>> EqualitiesFirst(
      const std::vector<Role>& roles, const std::vector<std::optional<Equality>>& equalities) {
    std::map<uint32_t, uint32_t> constants;
    for (const auto& equality : equalities) {
      if (equality) ++constants[equality->slot];
    }
    const auto before = [&](uint32_t a, uint32_t b) {
      if (!equalities[a] || !equalities[b])
        return equalities[a].has_value() != equalities[b].has_value() ? equalities[a].has_value()
                                                                      : a < b;
      const uint32_t slot_a = equalities[a]->slot;
      const uint32_t slot_b = equalities[b]->slot;
      return std::tuple(constants[slot_b], slot_a, a) < std::tuple(constants[slot_a], slot_b, b);
    };
    std::vector<std::vector<uint32_t>> conditions;
    for (const Role& role : roles) {
      std::vector<uint32_t>& condition = conditions.emplace_back(role.predicates);
      std::sort(condition.begin(), condition.end(), before);
      condition.erase(std::unique(condition.begin(), condition.end()), condition.end());
    }
    return conditions;
  }

  const rules::RuleSet& rules_;
  const std::vector<EventLayout>& layouts_;
  const Inputs& inputs_;
  std::vector<Shared> shared_;
  std::map<std::string, uint32_t> lanes_;
  std::vector<uint32_t> lane_of_;  // by rule, of those that were added
  Routing routing_;
};

}  // namespace

absl::StatusOr<Routing> CompileRouting(const rules::RuleSet& rules,
                                       const std::vector<EventLayout>& layouts,
                                       const Inputs& inputs) {
  return RoutingCompiler(rules, layouts, inputs).Run();
}

}  // namespace telltale::engine
