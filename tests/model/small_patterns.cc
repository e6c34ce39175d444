#include "tests/model/small_patterns.h"

#include <algorithm>
#include <utility>

namespace telltale::model {
namespace {

constexpr char kNames[] = {'a', 'b', 'c'};
constexpr size_t kMostLetters = std::size(kNames);

std::string Is(size_t letter) { return std::string("t == \"") + kNames[letter] + "\""; }

// One beyond the last letter that the condition names.
size_t EndOfNamed(const std::string& where) {
  for (size_t letter = kMostLetters; letter > 0; --letter) {
    if (where.find(Is(letter - 1)) != std::string::npos) return letter;
  }
  return 0;
}

PlaceSpec Quantity(int min, int max, bool optional, bool greedy, const std::string& inside) {
  PlaceSpec step;
  step.min = min;
  step.max = max;
  step.optional = optional;
  step.greedy = greedy;
  step.inside = inside;
  return step;
}

std::vector<PlaceSpec> Quantities(Quantifiers quantifiers) {
  std::vector<PlaceSpec> forms = {Quantity(1, 1, false, false, ""),
                                  Quantity(1, 1, true, false, "")};
  if (quantifiers == Quantifiers::kBasic) {
    forms.push_back(Quantity(1, 0, false, false, ""));
    forms.push_back(Quantity(1, 0, false, false, "any"));
    forms.push_back(Quantity(1, 0, false, true, ""));
    return forms;
  }
  for (const std::string inside : {"", "strict", "any"}) {
    forms.push_back(Quantity(1, 0, false, false, inside));
    forms.push_back(Quantity(1, 0, false, true, inside));
    if (quantifiers == Quantifiers::kMost && !inside.empty()) continue;
    forms.push_back(Quantity(2, 2, false, false, inside));
    forms.push_back(Quantity(1, 2, false, false, inside));
    forms.push_back(Quantity(1, 0, true, false, inside));
    forms.push_back(Quantity(1, 2, true, true, inside));
  }
  return forms;
}

PlaceSpec Not(const std::string& where, int within, const char* contiguity) {
  PlaceSpec place{.kind = PlaceSpec::Kind::kNot};
  place.where = where;
  place.within = within;
  place.contiguity = contiguity;
  return place;
}

}  // namespace

// `contiguous`: in each contiguity to the step before.
std::vector<StepLists::Form> StepLists::Forms(Quantifiers quantifiers, bool contiguous) {
  std::vector<Form> forms;
  for (const std::string& where : {Is(0), Is(1), std::string()}) {
    for (PlaceSpec step : Quantities(quantifiers)) {
      step.where = where;
      if (where.empty() && step.inside == "strict") continue;
      for (const char* contiguity : {"", "strict", "any"}) {
        step.contiguity = contiguity;
        const bool idle = where.empty() && step.contiguity == "strict";
        if (!idle && (contiguous || step.contiguity.empty()))
          forms.push_back({.step = step, .letters = EndOfNamed(where)});
      }
    }
  }
  return forms;
}

StepLists::StepLists(size_t length, Quantifiers quantifiers)
    : length_(length), first_(Forms(quantifiers, false)), others_(Forms(quantifiers, true)) {}

template <typename Use>
void StepLists::ForEachForm(uint64_t number, const Use& use) const {
  for (size_t i = 0; i < length_; ++i) {
    const std::vector<Form>& forms = i == 0 ? first_ : others_;
    use(forms[number % forms.size()]);
    number /= forms.size();
  }
}

void StepLists::ForEach(const std::function<bool(const List&)>& use) const {
  const uint64_t end_of_all = end();
  for (uint64_t number = 0; number < end_of_all; ++number) {
    const std::optional<List> list = At(number);
    if (list && !use(*list)) return;
  }
}

uint64_t StepLists::end() const {
  uint64_t end = first_.size();
  for (size_t i = 1; i < length_; ++i) end *= others_.size();
  return end;
}

// Where the letters are named in their order.
std::optional<StepLists::List> StepLists::At(uint64_t number) const {
  size_t named = 0;
  bool in_order = true;
  ForEachForm(number, [&](const Form& form) {
    in_order = in_order && form.letters <= named + 1;
    named = std::max(named, form.letters);
  });
  if (!in_order) return std::nullopt;
  return List{.lists = this, .number = number};
}

size_t StepLists::LettersOf(uint64_t number) const {
  size_t named = 0;
  ForEachForm(number, [&](const Form& form) { named = std::max(named, form.letters); });
  return named;
}

std::vector<PlaceSpec> StepLists::Make(uint64_t number) const {
  std::vector<PlaceSpec> steps;
  ForEachForm(number, [&](const Form& form) {
    steps.push_back(form.step);
    steps.back().name = "S" + std::to_string(steps.size());
  });
  return steps;
}

namespace {

// By its place, then its letter; between two steps it has two contiguities.
std::vector<std::pair<size_t, PlaceSpec>> Nots(size_t steps, size_t letters) {
  std::vector<std::pair<size_t, PlaceSpec>> nots;
  for (size_t place = 0; place <= steps; ++place) {
    const bool between = place != 0 && place != steps;
    for (size_t letter = 0; letter <= letters; ++letter) {
      nots.emplace_back(place, Not(Is(letter), between ? 0 : 2, ""));
      if (between) nots.emplace_back(place, Not(Is(letter), 0, "strict"));
    }
  }
  return nots;
}

}  // namespace

size_t CountNots(const StepLists::List& list) {
  return Nots(list.Make().size(), list.letters()).size();
}

std::vector<PlaceSpec> WithNot(const StepLists::List& list, size_t number) {
  std::vector<PlaceSpec> places = list.Make();
  const auto [place, absence] = Nots(places.size(), list.letters())[number];
  places.insert(places.begin() + static_cast<std::ptrdiff_t>(place), absence);
  return places;
}

std::vector<RuleSpec> Modes(const StepLists::List& list) {
  const std::string last = list.Make().back().name;
  const std::string until = "{ on: s, where: '" + Is(list.letters()) + "' }";
  std::vector<RuleSpec> modes;
  for (const int within : {0, 3}) {
    for (const bool ends : {false, true}) {
      RuleSpec rule;
      rule.within = within;
      if (ends && within != 0) rule.timeout_from = "S1";
      if (ends && within == 0) rule.until = until;
      for (const char* match : {"all", "first", "latest", "count"}) {
        rule.match = match;
        for (const std::string& skip :
             {std::string("no_skip"), std::string("skip_to_next"), std::string("skip_past_last"),
              "{ skip_to_first: " + last + " }", "{ skip_to_last: " + last + " }"}) {
          rule.after_match = skip;
          const bool counts = rule.match == "count";
          if (counts && (skip != "no_skip" || !rule.timeout_from.empty())) continue;
          modes.push_back(rule);
        }
      }
    }
  }
  return modes;
}

size_t LettersFor(const RuleSpec& rule) {
  size_t named = EndOfNamed(rule.until);
  for (const PlaceSpec& place : rule.places) named = std::max(named, EndOfNamed(place.where));
  return std::min(named + 1, kMostLetters);
}

}  // namespace telltale::model
