#include "rules/model/automaton.h"

#include <algorithm>
#include <map>
#include <utility>

#include "rules/model/progress.h"

namespace telltale::rules {
namespace {

// An optional member of an all_of that can come again: its first events of this time and of the
// next could not be told apart.
const Place* OptionalMemberOfRepeated(const Place& place, bool repeated) {
  repeated = repeated || place.repeat.repeats();
  for (const Place& part : place.places) {
    if (place.kind == Place::Kind::kAllOf && repeated && Sequence::Nullable(part)) return &part;
    if (const Place* found = OptionalMemberOfRepeated(part, repeated)) return found;
  }
  return nullptr;
}

// What another member takes stands between a member's events, so that it would have to be known of
// each way whether it has seen its next event.
const Place* StrictNotInMember(const Place& place, bool in_member) {
  if (in_member && place.IsNot() && place.contiguity == Contiguity::kStrict) return &place;
  for (const Place& part : place.places) {
    const bool member = in_member || place.kind == Place::Kind::kAllOf;
    if (const Place* found = StrictNotInMember(part, member)) return found;
  }
  return nullptr;
}

class Builder {
 public:
  Builder(const Place& pattern, bool bounded)
      : pattern_(pattern), sequence_(pattern), bounded_(bounded) {}

  std::variant<Automaton, AutomatonFault> Build() {
    using Kind = AutomatonFault::Kind;
    if (const Place* member = OptionalMemberOfRepeated(pattern_, false))
      return AutomatonFault{Kind::kOptionalMember, member->span};
    if (const Place* strict_not = StrictNotInMember(pattern_, false))
      return AutomatonFault{Kind::kStrictNotInMember, strict_not->span};
    Explore();
    if (TooMany()) return AutomatonFault{Kind::kTooManyStates, pattern_.span};
    if (const Place* endless = FindEndless())
      return AutomatonFault{Kind::kEndlessGreedy, endless->span};
    if (!PlaceStrands()) return AutomatonFault{Kind::kTooManyWays, pattern_.span};
    AddNots();
    for (size_t state = 0; state < nexts_.size(); ++state) AddState(state);
    automaton_.places = static_cast<uint32_t>(places_.size());
    automaton_.strands = sequence_.strands();
    return std::move(automaton_);
  }

 private:
  uint32_t StateOf(const Progress& progress) {
    const auto [it, added] =
        states_.try_emplace(progress, static_cast<uint32_t>(progresses_.size()));
    if (added) progresses_.push_back(progress);
    return it->second;
  }

  bool TooMany() const { return nexts_.size() > kMostStates || ways_ > kMostMoves; }

  // All states that can be reached, in the order in which they are found; the start is the first.
  void Explore() {
    progresses_.emplace_back();
    states_.emplace(Progress{}, 0);
    for (size_t state = 0; state < progresses_.size() && !TooMany(); ++state) {
      const Progress progress = progresses_[state];
      nexts_.push_back(state == 0 ? sequence_.Begin() : sequence_.After(progress));
      ways_ += nexts_.back().ways.size();
      for (const Way& way : nexts_.back().ways) StateOf(way.to);
    }
  }

  const Place* FindEndless() const {
    for (const Next& next : nexts_) {
      if (!next.may_leave || bounded_) continue;
      for (const size_t way : next.leave_yields) {
        if (next.ways[way].endless != nullptr) return next.ways[way].endless;
      }
    }
    return nullptr;
  }

  // Gives each strand as many bits as it has ways in any state.
  bool PlaceStrands() {
    if (sequence_.strands() > kMostWays) return false;
    std::vector<size_t> widths(sequence_.strands(), 0);
    for (const Next& next : nexts_) {
      std::vector<size_t> counts(widths.size(), 0);
      for (const Way& way : next.ways) ++counts[way.strand];
      for (size_t strand = 0; strand < widths.size(); ++strand)
        widths[strand] = std::max(widths[strand], counts[strand]);
    }
    size_t bit = 0;
    for (const size_t width : widths) {
      begins_.push_back(bit);
      bit += width;
    }
    begins_.push_back(bit);
    return bit <= kMostWays;
  }

  WayMask StrandMask(uint32_t strand) const {
    WayMask mask = 0;
    for (size_t bit = begins_[strand]; bit < begins_[strand + 1]; ++bit) mask |= WayMask{1} << bit;
    return mask;
  }

  // The bit of each way of a state.
  std::vector<uint8_t> BitsOf(const Next& next) const {
    std::vector<size_t> used = begins_;
    std::vector<uint8_t> bits;
    for (const Way& way : next.ways) bits.push_back(static_cast<uint8_t>(used[way.strand]++));
    return bits;
  }

  static WayMask MaskOf(const std::vector<size_t>& ways, const std::vector<uint8_t>& bits) {
    WayMask mask = 0;
    for (const size_t way : ways) mask |= WayMask{1} << bits[way];
    return mask;
  }

  void AddNots() {
    const std::vector<Place>& places = pattern_.places;
    const auto is_not = [](const Place& place) { return place.IsNot(); };
    const auto begin = std::find_if_not(places.begin(), places.end(), is_not);
    const auto end = std::find_if_not(places.rbegin(), places.rend(), is_not).base();
    for (auto it = places.begin(); it != begin; ++it) automaton_.leading.push_back(it->index);
    for (auto it = end; it != places.end(); ++it) automaton_.trailing.push_back(it->index);
  }

  void AddState(size_t index) {
    const Next& next = nexts_[index];
    const std::vector<uint8_t> bits = BitsOf(next);
    State state;
    state.first_move = static_cast<uint32_t>(automaton_.moves.size());
    state.moves = static_cast<uint32_t>(next.ways.size());
    state.place = places_
                      .try_emplace(sequence_.PlaceOf(progresses_[index]),
                                   static_cast<uint32_t>(places_.size()))
                      .first->second;
    state.accepts = index != 0 && next.may_leave;
    state.yields = state.accepts ? MaskOf(next.leave_yields, bits) : 0;
    automaton_.states.push_back(state);
    for (size_t i = 0; i < next.ways.size(); ++i)
      automaton_.moves.push_back(MoveOf(next.ways[i], bits[i], MaskOf(next.ways[i].yields, bits)));
  }

  Move MoveOf(const Way& way, uint8_t bit, WayMask yields) const {
    Move move;
    move.step = way.step;
    move.to = states_.at(way.to);
    move.way = bit;
    move.strand = static_cast<uint8_t>(way.strand);
    move.contiguity = way.contiguity;
    move.within = way.within;
    move.absences = way.nots.relaxed;
    move.strict_nots = way.nots.strict;
    move.not_untils = way.not_untils;
    move.ends_at = way.ends_at;
    move.yields = yields;
    for (const uint32_t strand : way.keeps) {
      move.keeps |= StrandMask(strand);
      move.kept_strands |= uint64_t{1} << strand;
    }
    for (const uint32_t strand : way.spares) move.spares |= StrandMask(strand);
    const Next& after = nexts_[move.to];
    for (const uint8_t opened : BitsOf(after)) move.opens |= WayMask{1} << opened;
    move.opens &= ~move.keeps;
    return move;
  }

  const Place& pattern_;
  const Sequence sequence_;
  const bool bounded_;
  std::map<Progress, uint32_t> states_;
  std::vector<Progress> progresses_;  // by state
  std::vector<Next> nexts_;           // by state
  size_t ways_ = 0;                   // of all of them
  std::map<Progress, uint32_t> places_;
  std::vector<size_t> begins_;  // by strand: its first bit
  Automaton automaton_;
};

void AppendList(std::string& text, const char* word, const std::vector<uint32_t>& indexes) {
  for (const uint32_t index : indexes) text += std::string(word) + std::to_string(index);
}

void AppendWays(std::string& text, const char* word, WayMask ways) {
  if (ways == 0) return;
  text += word;
  const char* between = "";
  for (size_t bit = 0; bit < kMostWays; ++bit) {
    if ((ways >> bit & 1) == 0) continue;
    text += between + std::to_string(bit);
    between = ",";
  }
}

std::string MoveText(const Move& move) {
  std::string text = "  " + std::to_string(move.way) + ": step " + std::to_string(move.step);
  if (move.contiguity == Contiguity::kStrict) text += " next";
  if (move.contiguity == Contiguity::kAny) text += " any";
  if (move.within) text += " within " + std::to_string(*move.within);
  AppendList(text, " not ", move.absences);
  AppendList(text, " not next ", move.strict_nots);
  AppendList(text, " no until ", move.not_untils);
  AppendList(text, " until ", move.ends_at);
  AppendWays(text, " yields ", move.yields);
  text += " -> " + std::to_string(move.to);
  AppendWays(text, " keeps ", move.keeps);
  AppendWays(text, " spares ", move.spares);
  AppendWays(text, " opens ", move.opens);
  return text + "\n";
}

}  // namespace

std::string Automaton::ToString() const {
  std::string text;
  AppendList(text, "leading not ", leading);
  AppendList(text, text.empty() ? "trailing not " : " trailing not ", trailing);
  if (!text.empty()) text += "\n";
  for (size_t i = 0; i < states.size(); ++i) {
    const State& state = states[i];
    text += std::to_string(i) + " place " + std::to_string(state.place);
    if (state.accepts) text += " match";
    AppendWays(text, " yields ", state.yields);
    text += "\n";
    for (uint32_t move = 0; move < state.moves; ++move)
      text += MoveText(moves[state.first_move + move]);
  }
  return text;
}

std::variant<Automaton, AutomatonFault> BuildAutomaton(const Place& pattern, bool bounded) {
  return Builder(pattern, bounded).Build();
}

}  // namespace telltale::rules
