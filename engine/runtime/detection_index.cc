#include "engine/runtime/detection_index.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"
#include "engine/condition/field_test.h"
#include "engine/condition/number_text.h"
#include "engine/condition/operations.h"
#include "engine/condition/text_matcher.h"
#include "rules/model/text_pattern.h"

namespace telltale::engine {
namespace {

using rules::Expr;
using rules::ExprKind;
using rules::PatternPart;

constexpr std::string_view kIs = "@sigma.is";
constexpr std::string_view kIsCased = "@sigma.is_cased";

void Fold(std::string_view text, std::string& folded) {
  folded.resize(text.size());
  std::transform(text.begin(), text.end(), folded.begin(), FoldByte);
}

// Of a pattern that is a text, or a text and a star on one side of it. Beyond ASCII letters fold in
// ways that no byte tells.
std::optional<Demand> DemandOf(const std::string& canonical, uint32_t slot) {
  const rules::TextPattern pattern = rules::TextPattern::Parse(canonical);
  const std::vector<PatternPart>& parts = pattern.parts();
  Demand demand{.slot = slot, .kind = Demand::Kind::kWhole, .constant = std::string()};
  size_t text = 0;
  if (parts.size() == 2) {
    const bool open_front = parts[0].kind == PatternPart::Kind::kAnyText;
    if (!open_front && parts[1].kind != PatternPart::Kind::kAnyText) return std::nullopt;
    demand.kind = open_front ? Demand::Kind::kEnds : Demand::Kind::kBegins;
    text = open_front ? 1 : 0;
  } else if (parts.size() > 2) {
    return std::nullopt;
  }
  if (parts.empty()) return demand;  // the empty text
  if (parts[text].kind != PatternPart::Kind::kText) return std::nullopt;
  const std::string& bytes = parts[text].text;
  if (std::any_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0; }))
    return std::nullopt;
  Fold(bytes, std::get<std::string>(demand.constant));
  return demand;
}

std::optional<Demands> DemandsOfTest(const Expr& test, const EventLayout& layout) {
  if ((test.name != kIs && test.name != kIsCased) || test.args.size() != 2) return std::nullopt;
  const Expr& field = *test.args[0];
  if (field.kind != ExprKind::kField || field.test || field.args[0]->kind != ExprKind::kEvent) {
    return std::nullopt;
  }
  const std::optional<uint32_t> slot = layout.Find(field.path);
  if (!slot) return std::nullopt;
  Demands demands;
  demands.exact = test.name == kIs;
  for (const rules::ExprPtr& value : test.args[1]->args) {
    std::optional<Demand> demand;
    if (const auto* text = std::get_if<std::string>(&value->constant)) {
      demand = DemandOf(*text, *slot);
    } else if (const auto* number = std::get_if<int64_t>(&value->constant)) {
      demand = {.slot = *slot, .kind = Demand::Kind::kInteger, .constant = *number};
    }
    if (!demand) return std::nullopt;
    demands.any.push_back(*std::move(demand));
  }
  if (demands.any.empty()) return std::nullopt;
  std::sort(demands.any.begin(), demands.any.end());
  demands.any.erase(std::unique(demands.any.begin(), demands.any.end()), demands.any.end());
  return demands;
}

}  // namespace

std::optional<Demands> DemandsOf(const Expr& condition, const EventLayout& layout) {
  if (condition.kind != ExprKind::kCall) return std::nullopt;
  if (FieldTest::IsTest(condition)) return DemandsOfTest(condition, layout);
  const bool all = condition.name == "_&&_";
  if (!all && condition.name != "_||_") return std::nullopt;
  std::optional<Demands> left = DemandsOf(*condition.args[0], layout);
  if (!left && !all) return std::nullopt;
  std::optional<Demands> right = DemandsOf(*condition.args[1], layout);
  if (all) {
    // Either will do; the shorter one is found in less.
    const bool take_left = left && (!right || left->any.size() <= right->any.size());
    std::optional<Demands> taken = std::move(take_left ? left : right);
    if (taken) taken->exact = false;
    return taken;
  }
  if (!right) return std::nullopt;
  std::vector<Demand> any;
  std::set_union(left->any.begin(), left->any.end(), right->any.begin(), right->any.end(),
                 std::back_inserter(any));
  return Demands{.any = std::move(any), .exact = left->exact && right->exact};
}

DetectionIndex::Texts& DetectionIndex::AtLength(std::vector<OfLength>& lengths, size_t length) {
  const auto at =
      std::lower_bound(lengths.begin(), lengths.end(), length,
                       [](const OfLength& known, size_t wanted) { return known.length < wanted; });
  if (at != lengths.end() && at->length == length) return at->texts;
  return lengths.insert(at, {.length = length, .texts = {}})->texts;
}

void DetectionIndex::Add(const Demand& demand, uint32_t role) {
  if (demand.kind == Demand::Kind::kInteger) {
    integers_[std::get<int64_t>(demand.constant)].push_back(role);
    return;
  }
  const std::string& text = std::get<std::string>(demand.constant);
  switch (demand.kind) {
    case Demand::Kind::kBegins:
      AtLength(beginnings_, text.size())[text].push_back(role);
      return;
    case Demand::Kind::kEnds:
      AtLength(endings_, text.size())[text].push_back(role);
      return;
    default:
      longest_whole_ = std::max(longest_whole_, text.size());
      whole_[text].push_back(role);
  }
}

void DetectionIndex::FindText(std::string_view text, std::string& folded, Roles& found) const {
  const auto look_up = [&](const Texts& texts, std::string_view part) {
    const auto it = texts.find(absl::string_view(part.data(), part.size()));
    if (it != texts.end()) found.insert(found.end(), it->second.begin(), it->second.end());
  };
  if (!whole_.empty() && text.size() <= longest_whole_) {
    Fold(text, folded);
    look_up(whole_, folded);
  }
  if (!beginnings_.empty()) {
    Fold(text.substr(0, beginnings_.back().length), folded);
    for (const OfLength& of : beginnings_) {
      if (of.length > folded.size()) break;
      look_up(of.texts, std::string_view(folded).substr(0, of.length));
    }
  }
  if (!endings_.empty()) {
    Fold(text.substr(text.size() - std::min(text.size(), endings_.back().length)), folded);
    for (const OfLength& of : endings_) {
      if (of.length > folded.size()) break;
      look_up(of.texts, std::string_view(folded).substr(folded.size() - of.length));
    }
  }
}

void DetectionIndex::FindNumber(Value number, Roles& found) const {
  if (integers_.empty()) return;
  const std::optional<int64_t> whole = IntegralValue(number);
  const auto it = whole ? integers_.find(*whole) : integers_.end();
  if (it != integers_.end()) found.insert(found.end(), it->second.begin(), it->second.end());
}

void DetectionIndex::Find(Value field, std::string& folded, Roles& found) const {
  NumberBuffer buffer;
  switch (field.kind()) {
    case ValueKind::kString:
      FindText(field.as_string(), folded, found);
      if (!integers_.empty()) {
        if (const auto number = NumberOf(field.as_string())) FindNumber(*number, found);
      }
      return;
    case ValueKind::kInt:
      FindNumber(field, found);
      return FindText(IntText(field.as_int(), buffer), folded, found);
    case ValueKind::kUint:
      FindNumber(field, found);
      return FindText(UintText(field.as_uint(), buffer), folded, found);
    case ValueKind::kDouble:
      FindNumber(field, found);
      return FindText(DoubleText(field.as_double(), buffer), folded, found);
    case ValueKind::kBool:
      return FindText(field.as_bool() ? "true" : "false", folded, found);
    case ValueKind::kList:
      for (uint32_t i = 0; i < field.size(); ++i) Find(field.elements()[i].Load(), folded, found);
      return;
    default:  // nothing but `null` and `exists: false` is true of what is not there
      return;
  }
}

}  // namespace telltale::engine
