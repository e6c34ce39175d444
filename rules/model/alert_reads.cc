#include "rules/model/alert_reads.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include "rules/model/joint_suppression.h"

namespace telltale::rules {
namespace {

using Strings = std::vector<std::string>;

bool IsCall(const Expr& expr, std::string_view name, size_t arguments) {
  return expr.kind == ExprKind::kCall && expr.name == name && expr.args.size() == arguments;
}

// The field of the alert under test, not of one that a step has taken.
const FieldPath* FieldOf(const Expr& expr) {
  if (expr.kind != ExprKind::kField || expr.test || expr.optional) return nullptr;
  return expr.args[0]->kind == ExprKind::kEvent ? &expr.path : nullptr;
}

bool IsField(const Expr& expr, const FieldPath& path) {
  const FieldPath* field = FieldOf(expr);
  return field != nullptr && *field == path;
}

const std::string* TextOf(const Expr& expr) {
  return expr.kind == ExprKind::kConstant ? std::get_if<std::string>(&expr.constant) : nullptr;
}

// The texts of a list of constants; none: it is another.
std::optional<Strings> TextsOf(const Expr& expr) {
  if (expr.kind != ExprKind::kList) return std::nullopt;
  Strings texts;
  for (const ExprPtr& element : expr.args) {
    const std::string* text = TextOf(*element);
    if (text == nullptr) return std::nullopt;
    texts.push_back(*text);
  }
  return texts;
}

// What is the same in all alerts of one rule.
class OneRule {
 public:
  OneRule(const Rule& rule, const StreamCatalog& streams) : rule_(rule), streams_(streams) {}

  std::optional<bool> Truth(const Expr& expr) const {
    if (expr.kind == ExprKind::kConstant) return Bool(expr.constant);
    if (FieldOf(expr) != nullptr) return Flag(expr);
    if (IsCall(expr, "!_", 1)) {
      const std::optional<bool> truth = Truth(*expr.args[0]);
      return truth ? std::optional(!*truth) : std::nullopt;
    }
    if (IsCall(expr, "_&&_", 2)) return Both(expr, false);
    if (IsCall(expr, "_||_", 2)) return Both(expr, true);
    if (IsCall(expr, "_==_", 2)) return Equal(*expr.args[0], *expr.args[1]);
    if (IsCall(expr, "_!=_", 2)) {
      const std::optional<bool> equal = Equal(*expr.args[0], *expr.args[1]);
      return equal ? std::optional(!*equal) : std::nullopt;
    }
    if (IsCall(expr, "@in", 2)) return In(*expr.args[0], *expr.args[1]);
    return Part(expr);
  }

 private:
  static std::optional<bool> Bool(const Constant& constant) {
    const bool* value = std::get_if<bool>(&constant);
    return value != nullptr ? std::optional(*value) : std::nullopt;
  }

  // `deciding`: what one of the two decides the whole by being.
  std::optional<bool> Both(const Expr& expr, bool deciding) const {
    const std::optional<bool> a = Truth(*expr.args[0]);
    if (a == deciding) return deciding;
    const std::optional<bool> b = Truth(*expr.args[1]);
    if (b == deciding) return deciding;
    return a && b ? std::optional(!deciding) : std::nullopt;
  }

  std::optional<bool> Flag(const Expr& expr) const {
    if (IsField(expr, {"rule", "on_alerts"})) return ReadsAlerts(rule_, streams_);
    if (IsField(expr, {"alert", "suppressed"}) && !rule_.suppress) return false;
    return std::nullopt;
  }

  // The texts that the expression can have; none: not known.
  std::optional<Strings> Possible(const Expr& expr) const {
    if (const std::string* text = TextOf(expr)) return Strings{*text};
    if (IsField(expr, {"rule", "id"})) return Strings{rule_.id};
    if (IsField(expr, {"rule", "title"})) return Strings{rule_.title};
    if (IsField(expr, {"level"})) return Strings{std::string(LevelName(rule_.level))};
    if (!IsField(expr, {"kind"})) return std::nullopt;
    if (rule_.aggregate) return Strings{"window"};
    return rule_.timeout_from ? Strings{"match", "timeout"} : Strings{"match"};
  }

  std::optional<bool> Equal(const Expr& left, const Expr& right) const {
    const std::optional<Strings> a = Possible(left);
    const std::optional<Strings> b = Possible(right);
    if (a && b) return Among(*a, *b);
    for (const auto& [flag, constant] : {std::pair(&left, &right), std::pair(&right, &left)}) {
      if (FieldOf(*flag) == nullptr || constant->kind != ExprKind::kConstant) continue;
      const std::optional<bool> is = Flag(*flag);
      const std::optional<bool> wanted = Bool(constant->constant);
      if (is && wanted) return *is == *wanted;
    }
    return std::nullopt;
  }

  std::optional<bool> In(const Expr& element, const Expr& list) const {
    const std::optional<Strings> a = Possible(element);
    if (!a) return std::nullopt;
    if (IsField(list, {"tags"})) return Among(*a, rule_.tags);
    const std::optional<Strings> b = TextsOf(list);
    return b ? Among(*a, *b) : std::nullopt;
  }

  // Whether what is one of `a` is among `b`.
  static std::optional<bool> Among(const Strings& a, const Strings& b) {
    const auto found = static_cast<size_t>(std::count_if(a.begin(), a.end(), [&](const auto& text) {
      return std::find(b.begin(), b.end(), text) != b.end();
    }));
    if (found == 0) return false;
    // Of several that it may be and one that is asked for, nothing is known.
    return found == a.size() && (a.size() == 1 || b.size() > 1) ? std::optional(true)
                                                                : std::nullopt;
  }

  // rule.id.startsWith("vendor-") and its like.
  std::optional<bool> Part(const Expr& expr) const {
    if (expr.kind != ExprKind::kCall || expr.args.size() != 2) return std::nullopt;
    const std::optional<Strings> whole = Possible(*expr.args[0]);
    const std::string* part = TextOf(*expr.args[1]);
    if (!whole || whole->size() != 1 || part == nullptr) return std::nullopt;
    const std::string& text = whole->front();
    if (expr.name == "startsWith") return text.starts_with(*part);
    if (expr.name == "endsWith") return text.ends_with(*part);
    if (expr.name == "contains") return text.find(*part) != std::string::npos;
    return std::nullopt;
  }

  const Rule& rule_;
  const StreamCatalog& streams_;
};

// What a place says of `rule.id` by itself.
std::optional<std::set<std::string>> NamedHere(const Expr& expr) {
  const FieldPath id = {"rule", "id"};
  if (IsCall(expr, "@in", 2) && IsField(*expr.args[0], id)) {
    const std::optional<Strings> texts = TextsOf(*expr.args[1]);
    if (texts) return std::set<std::string>(texts->begin(), texts->end());
  }
  if (!IsCall(expr, "_==_", 2)) return std::nullopt;
  for (const auto& [field, text] : {std::pair(expr.args[0].get(), expr.args[1].get()),
                                    std::pair(expr.args[1].get(), expr.args[0].get())}) {
    if (IsField(*field, id) && TextOf(*text) != nullptr)
      return std::set<std::string>{*TextOf(*text)};
  }
  return std::nullopt;
}

// A rule about alerts alone that reads none is starved, and so is one that reads only such.
void Starve(std::vector<Rule>& rules, const StreamCatalog& streams) {
  const std::vector<StreamIndex> alerts = {streams.alerts()};
  for (bool more = true; more;) {
    more = false;
    for (Rule& rule : rules) {
      std::erase_if(rule.reads, [&](uint32_t read) { return rules[read].starved; });
      const bool starves = rule.mode != Mode::kOff && rule.reads.empty() && !rule.starved &&
                           rule.Streams() == alerts;
      rule.starved = rule.starved || starves;
      more = more || starves;
    }
  }
}

bool Feeds(const Rule& rule) {
  return (rule.mode == Mode::kLive || rule.mode == Mode::kBuildingBlock) && !rule.output &&
         !SuppressesJointly(rule) && rule.LongestWait();
}

}  // namespace

void VisitAlertSources(const Rule& rule, StreamIndex alerts,
                       const std::function<void(const Selector&)>& visit) {
  const auto each = [&](const auto& places) {
    for (const auto& place : places) {
      if (place.selector.stream == alerts) visit(place.selector);
    }
  };
  each(rule.steps);
  each(rule.absences);
  each(rule.untils);
}

bool ReadsAlerts(const Rule& rule, const StreamCatalog& streams) {
  bool reads = false;
  VisitAlertSources(rule, streams.alerts(), [&](const Selector&) { reads = true; });
  return reads;
}

bool IsGuardOfAlerts(const Expr& condition) {
  return IsCall(condition, "_==_", 2) && condition.args[0]->end == 0 &&
         (IsField(*condition.args[0], {"alert", "suppressed"}) ||
          IsField(*condition.args[0], {"rule", "on_alerts"}));
}

std::optional<std::set<std::string>> RulesNamed(const Expr& condition) {
  const bool both = IsCall(condition, "_&&_", 2);
  if (!both && !IsCall(condition, "_||_", 2)) return NamedHere(condition);
  std::optional<std::set<std::string>> a = RulesNamed(*condition.args[0]);
  std::optional<std::set<std::string>> b = RulesNamed(*condition.args[1]);
  if (both) return a ? a : b;
  if (!a || !b) return std::nullopt;
  a->merge(*b);
  return a;
}

std::optional<bool> TruthOfAlerts(const Expr& condition, const Rule& rule,
                                  const StreamCatalog& streams) {
  return OneRule(rule, streams).Truth(condition);
}

bool CanReach(const Rule& rule, const Selector& source, const StreamCatalog& streams) {
  return Feeds(rule) &&
         (!source.where || TruthOfAlerts(*source.where->root, rule, streams) != false);
}

Expression AlertsThatCount(const Rule& rule, const StreamCatalog& streams) {
  const auto node = [](ExprKind kind, Type type) {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->type = std::move(type);
    return expr;
  };
  const auto call = [&](const char* name, ExprPtr a, ExprPtr b) {
    ExprPtr expr = node(ExprKind::kCall, Type::Of(TypeKind::kBool));
    expr->name = name;
    expr->args.push_back(std::move(a));
    expr->args.push_back(std::move(b));
    return expr;
  };
  Expression expression;
  const auto field = [&](FieldPath path) {
    ExprPtr expr = node(ExprKind::kField, streams[streams.alerts()].fields.at(path));
    expression.reads.push_back({.stream = streams.alerts(), .path = path});
    expr->path = std::move(path);
    expr->args.push_back(node(ExprKind::kEvent, Type::Event(streams.alerts())));
    return expr;
  };
  const auto constant = [&](Constant value, TypeKind kind) {
    ExprPtr expr = node(ExprKind::kConstant, Type::Of(kind));
    expr->constant = std::move(value);
    return expr;
  };
  ExprPtr condition = constant(true, TypeKind::kBool);
  if (!rule.reads_suppressed) {
    condition = call("_==_", field({"alert", "suppressed"}), constant(false, TypeKind::kBool));
  }
  if (!rule.read_ids.empty()) {
    ExprPtr ids = node(ExprKind::kList, Type::List(Type::Of(TypeKind::kString)));
    for (const std::string& id : rule.read_ids)
      ids->args.push_back(constant(id, TypeKind::kString));
    condition =
        call("_&&_", std::move(condition), call("@in", field({"rule", "id"}), std::move(ids)));
  }
  expression.root = std::move(condition);
  return expression;
}

void LinkAlerts(std::vector<Rule>& rules, const StreamCatalog& streams) {
  std::vector<uint32_t> readers;  // that run
  for (uint32_t index = 0; index < rules.size(); ++index) {
    Rule& rule = rules[index];
    rule.feeds = rule.feeds_suppressed = rule.reads_suppressed = rule.starved = false;
    rule.reads.clear();
    rule.read_ids.clear();
    if (rule.mode == Mode::kOff) continue;
    VisitAlertSources(rule, streams.alerts(), [&](const Selector& source) {
      rule.reads_suppressed = rule.reads_suppressed || source.include_suppressed;
      for (uint32_t other = 0; other < rules.size(); ++other) {
        if (CanReach(rules[other], source, streams)) rule.reads.push_back(other);
      }
    });
    std::sort(rule.reads.begin(), rule.reads.end());
    rule.reads.erase(std::unique(rule.reads.begin(), rule.reads.end()), rule.reads.end());
  }
  Starve(rules, streams);
  for (uint32_t index = 0; index < rules.size(); ++index) {
    Rule& rule = rules[index];
    if (rule.mode == Mode::kOff || !ReadsAlerts(rule, streams)) continue;
    for (const uint32_t read : rule.reads) rule.read_ids.push_back(rules[read].id);
    if (rule.reads.empty()) rule.read_ids.push_back("");  // none: no rule is called so
    if (rule.mode != Mode::kBuildingBlock && !rule.reads.empty()) readers.push_back(index);
  }
  while (!readers.empty()) {
    const Rule& reader = rules[readers.back()];
    readers.pop_back();
    for (const uint32_t index : reader.reads) {
      Rule& read = rules[index];
      const bool begins = read.mode == Mode::kBuildingBlock && !read.feeds;
      read.feeds = true;
      read.feeds_suppressed = read.feeds_suppressed || reader.reads_suppressed;
      if (begins && !read.reads.empty()) readers.push_back(index);
    }
  }
}

namespace {

// Depth first, without recursion: a chain may be as long as there are rules. Calls `leave` with
// each rule behind those that it reads; stops where `circle`, which is given the path, says so.
template <typename Leave, typename Circle>
void Walk(const std::vector<Rule>& rules, const Leave& leave, const Circle& circle) {
  enum class Mark : uint8_t { kNone, kOnPath, kDone };
  std::vector<Mark> marks(rules.size(), Mark::kNone);
  std::vector<std::pair<uint32_t, size_t>> path;  // a rule, and which of its reads comes next
  for (uint32_t start = 0; start < rules.size(); ++start) {
    if (marks[start] != Mark::kNone) continue;
    path.emplace_back(start, 0);
    marks[start] = Mark::kOnPath;
    while (!path.empty()) {
      auto& [rule, next] = path.back();
      if (next == rules[rule].reads.size()) {
        marks[rule] = Mark::kDone;
        leave(rule);
        path.pop_back();
        continue;
      }
      const uint32_t read = rules[rule].reads[next++];
      if (marks[read] == Mark::kOnPath && circle(path, read)) return;
      if (marks[read] != Mark::kNone) continue;
      marks[read] = Mark::kOnPath;
      path.emplace_back(read, 0);
    }
  }
}

}  // namespace

std::vector<uint32_t> AlertCycle(const std::vector<Rule>& rules) {
  std::vector<uint32_t> cycle;
  Walk(
      rules, [](uint32_t) {},
      [&](const std::vector<std::pair<uint32_t, size_t>>& path, uint32_t read) {
        const auto begin = std::find_if(path.begin(), path.end(),
                                        [&](const auto& entry) { return entry.first == read; });
        for (auto it = begin; it != path.end(); ++it) cycle.push_back(it->first);
        return true;
      });
  return cycle;
}

std::vector<uint32_t> InOrderOfReading(const std::vector<Rule>& rules) {
  // Rules that read none keep their order, and come first.
  std::vector<uint32_t> order;
  std::vector<uint32_t> readers;
  for (uint32_t index = 0; index < rules.size(); ++index) {
    if (rules[index].reads.empty()) order.push_back(index);
  }
  Walk(
      rules,
      [&](uint32_t rule) {
        if (!rules[rule].reads.empty()) readers.push_back(rule);
      },
      [](const auto&, uint32_t) { return false; });
  order.insert(order.end(), readers.begin(), readers.end());
  return order;
}

}  // namespace telltale::rules
