#include "rules/model/automaton.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "rules/model/progress.h"

namespace telltale::rules {
namespace {

class Builder {
 public:
  Builder(const Place& pattern, bool bounded)
      : pattern_(pattern), sequence_(pattern), bounded_(bounded) {}

  std::variant<Automaton, std::vector<AutomatonFault>> Build() {
    using Kind = AutomatonFault::Kind;
    Explore();
    if (TooMany()) {
      faults_.push_back({Kind::kTooManyStates, pattern_.span});
    } else {
      FindTwiceAsleep();
      FindEndless();
      if (!PlaceStrands()) faults_.push_back({Kind::kTooManyWays, pattern_.span});
    }
    if (!faults_.empty()) return std::move(faults_);
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
      for (const Way& way : nexts_.back().ways) {
        if (!way.asleep) StateOf(way.to);
      }
    }
  }

  // A strand is asleep from one event on. The members of an all_of in another could be so from two:
  // from the last one of that member, which may still begin it, and from that of the whole, which
  // may come again.
  void FindTwiceAsleep() {
    std::set<const Place*> found;
    for (const Next& next : nexts_) {
      std::map<uint32_t, uint32_t> since;
      for (const Way& way : next.ways) {
        if (!way.asleep ||
            since.emplace(way.strand, way.asleep_since).first->second == way.asleep_since)
          continue;
        const Place& all_of = sequence_.AllOfOf(way.strand);
        if (found.insert(&all_of).second)
          faults_.push_back({AutomatonFault::Kind::kTwiceAsleep, all_of.span});
      }
    }
  }

  // Each place once, as it is found.
  void FindEndless() {
    std::set<const Place*> found;
    for (const Next& next : nexts_) {
      if (!next.may_leave || bounded_) continue;
      for (const size_t way : next.leave_yields) {
        const Place* endless = next.ways[way].endless;
        if (endless != nullptr && found.insert(endless).second)
          faults_.push_back({AutomatonFault::Kind::kEndlessGreedy, endless->span});
      }
    }
  }

  // The bits of a way: its own and, where it has one, that of its guard.
  struct Bits {
    uint8_t way = 0;
    WayMask guard = 0;
  };
  static bool HasGuard(const Way& way) { return way.strand != 0 && !way.nots.strict.empty(); }

  // Gives each strand as many bits as it has ways in any state, and those that are asleep as many
  // as they have when they wait.
  bool PlaceStrands() {
    if (sequence_.strands() > kMostWays) return false;
    std::vector<size_t> widths(sequence_.strands(), 0);
    for (const Next& next : nexts_) {
      std::vector<size_t> counts(widths.size(), 0);
      for (const Way& way : next.ways) counts[way.strand] += HasGuard(way) ? 2 : 1;
      for (size_t strand = 0; strand < widths.size(); ++strand)
        widths[strand] = std::max(widths[strand], counts[strand]);
    }
    const uint32_t sleep = sequence_.sleep();
    for (size_t asleep = 1 + 2 * sleep; asleep < widths.size(); ++asleep)
      widths[asleep] = widths[asleep - sleep] = std::max(widths[asleep], widths[asleep - sleep]);
    size_t bit = 0;
    for (const size_t width : widths) {
      begins_.push_back(bit);
      bit += width;
    }
    begins_.push_back(bit);
    automaton_.sleep_strands = sleep;
    automaton_.sleep = static_cast<uint32_t>(begins_[1 + 2 * sleep] - begins_[1 + sleep]);
    return bit <= kMostWays;
  }

  WayMask StrandMask(uint32_t strand) const {
    WayMask mask = 0;
    for (size_t bit = begins_[strand]; bit < begins_[strand + 1]; ++bit) mask |= WayMask{1} << bit;
    return mask;
  }

  // Of each way of a state.
  std::vector<Bits> BitsOf(const Next& next) const {
    std::vector<size_t> used = begins_;
    std::vector<Bits> bits;
    for (const Way& way : next.ways) {
      bits.push_back({.way = static_cast<uint8_t>(used[way.strand]++)});
      if (HasGuard(way)) bits.back().guard = WayMask{1} << used[way.strand]++;
    }
    return bits;
  }

  static WayMask MaskOf(const std::vector<size_t>& ways, const std::vector<Bits>& bits) {
    WayMask mask = 0;
    for (const size_t way : ways) mask |= WayMask{1} << bits[way].way;
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
    const std::vector<Bits> bits = BitsOf(next);
    State state;
    state.first_move = static_cast<uint32_t>(automaton_.moves.size());
    state.first_sleeper = static_cast<uint32_t>(automaton_.sleepers.size());
    state.place = places_
                      .try_emplace(sequence_.PlaceOf(progresses_[index]),
                                   static_cast<uint32_t>(places_.size()))
                      .first->second;
    state.accepts = index != 0 && next.may_leave;
    state.yields = state.accepts ? MaskOf(next.leave_yields, bits) : 0;
    for (size_t i = 0; i < next.ways.size(); ++i) {
      const Way& way = next.ways[i];
      if (way.asleep && index == 0) continue;  // there is nothing yet from which it could wait
      Move move = MoveOf(way, bits[i], MaskOf(way.yields, bits));
      state.asleep |= move.guard | (way.asleep ? WayMask{1} << move.way : 0);
      if (!way.asleep) Lead(way, move);
      (way.asleep ? automaton_.sleepers : automaton_.moves).push_back(std::move(move));
    }
    state.moves = static_cast<uint32_t>(automaton_.moves.size()) - state.first_move;
    state.sleepers = static_cast<uint32_t>(automaton_.sleepers.size()) - state.first_sleeper;
    automaton_.states.push_back(state);
  }

  // But for where it leads.
  static Move MoveOf(const Way& way, const Bits& bits, WayMask yields) {
    Move move;
    move.step = way.step;
    move.way = bits.way;
    move.guard = bits.guard;
    move.strand = static_cast<uint8_t>(way.strand);
    move.contiguity = way.contiguity;
    move.within = way.within;
    move.absences = way.nots.relaxed;
    move.strict_nots = way.nots.strict;
    move.not_untils = way.not_untils;
    move.ends_at = way.ends_at;
    move.yields = yields;
    return move;
  }

  void Lead(const Way& way, Move& move) const {
    move.to = states_.at(way.to);
    for (const uint32_t strand : way.keeps) {
      move.keeps |= StrandMask(strand);
      move.kept_strands |= uint64_t{1} << strand;
    }
    for (const uint32_t strand : way.wakes) {
      move.wakes |= StrandMask(strand);
      move.woken_strands |= uint64_t{1} << (strand - automaton_.sleep_strands);
    }
    for (const Bits& opened : BitsOf(nexts_[move.to]))
      move.opens |= WayMask{1} << opened.way | opened.guard;
    move.opens &= ~(move.keeps | move.wakes >> automaton_.sleep);
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
  std::vector<AutomatonFault> faults_;
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

std::string MoveText(const Move& move, bool asleep) {
  std::string text = "  " + std::to_string(move.way) + (asleep ? ": asleep" : ":");
  text += " step " + std::to_string(move.step);
  if (move.contiguity == Contiguity::kStrict) text += " next";
  if (move.contiguity == Contiguity::kAny) text += " any";
  if (move.within) text += " within " + std::to_string(*move.within);
  AppendList(text, " not ", move.absences);
  AppendList(text, " not next ", move.strict_nots);
  AppendList(text, " no until ", move.not_untils);
  AppendList(text, " until ", move.ends_at);
  AppendWays(text, " yields ", move.yields);
  AppendWays(text, " guarded by ", move.guard);
  if (asleep) return text + "\n";
  text += " -> " + std::to_string(move.to);
  AppendWays(text, " keeps ", move.keeps);
  AppendWays(text, " wakes ", move.wakes);
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
      text += MoveText(moves[state.first_move + move], false);
    for (uint32_t sleeper = 0; sleeper < state.sleepers; ++sleeper)
      text += MoveText(sleepers[state.first_sleeper + sleeper], true);
  }
  return text;
}

std::variant<Automaton, std::vector<AutomatonFault>> BuildAutomaton(const Place& pattern,
                                                                    bool bounded) {
  return Builder(pattern, bounded).Build();
}

}  // namespace telltale::rules
