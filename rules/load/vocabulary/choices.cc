#include "rules/load/vocabulary/choices.h"

namespace telltale::rules {

const ValueReader::Words<Status>& StatusWords() {
  static const ValueReader::Words<Status> words = {{"stable", Status::kStable},
                                                   {"test", Status::kTest},
                                                   {"experimental", Status::kExperimental},
                                                   {"deprecated", Status::kDeprecated},
                                                   {"unsupported", Status::kUnsupported}};
  return words;
}

const ValueReader::Words<Level>& LevelWords() {
  static const ValueReader::Words<Level> words = {{"informational", Level::kInformational},
                                                  {"low", Level::kLow},
                                                  {"medium", Level::kMedium},
                                                  {"high", Level::kHigh},
                                                  {"critical", Level::kCritical}};
  return words;
}

const ValueReader::Words<Mode>& ModeWords() {
  static const ValueReader::Words<Mode> words = {{"live", Mode::kLive},
                                                 {"shadow", Mode::kShadow},
                                                 {"off", Mode::kOff},
                                                 {"building_block", Mode::kBuildingBlock}};
  return words;
}

const ValueReader::Words<MatchMode>& MatchWords() {
  static const ValueReader::Words<MatchMode> words = {{"all", MatchMode::kAll},
                                                      {"first", MatchMode::kFirst},
                                                      {"latest", MatchMode::kLatest},
                                                      {"count", MatchMode::kCount}};
  return words;
}

const ValueReader::Words<MetricType>& MetricTypeWords() {
  static const ValueReader::Words<MetricType> words = {{"counter", MetricType::kCounter},
                                                       {"gauge", MetricType::kGauge}};
  return words;
}

const ValueReader::Words<SkipKind>& SkipWords() {
  static const ValueReader::Words<SkipKind> words = {{"no_skip", SkipKind::kNoSkip},
                                                     {"skip_to_next", SkipKind::kSkipToNext},
                                                     {"skip_past_last", SkipKind::kSkipPastLast}};
  return words;
}

const ValueReader::Words<WarmUp>& WarmUpWords() {
  static const ValueReader::Words<WarmUp> words = {{"quiet", WarmUp::kQuiet},
                                                   {"assume_empty", WarmUp::kAssumeEmpty}};
  return words;
}

const ValueReader::Words<OnLimit>& OnLimitWords() {
  static const ValueReader::Words<OnLimit> words = {{"evict_oldest", OnLimit::kEvictOldest},
                                                    {"reject_new", OnLimit::kRejectNew}};
  return words;
}

const ValueReader::Words<Contiguity>& ContiguityWords() {
  static const ValueReader::Words<Contiguity> words = {{"strict", Contiguity::kStrict},
                                                       {"relaxed", Contiguity::kRelaxed},
                                                       {"any", Contiguity::kAny}};
  return words;
}

const ValueReader::Words<Place::Kind>& PlaceWords() {
  static const ValueReader::Words<Place::Kind> words = {{"not", Place::Kind::kNot},
                                                        {"group", Place::Kind::kGroup},
                                                        {"any_of", Place::Kind::kAnyOf},
                                                        {"all_of", Place::Kind::kAllOf}};
  return words;
}

const ValueReader::Words<bool>& MissingKeyWords() {
  static const ValueReader::Words<bool> words = {{"drop", false}, {"group", true}};
  return words;
}

const ValueReader::Words<std::optional<Emit>>& EmitWords() {
  static const ValueReader::Words<std::optional<Emit>> words = {
      {"settled", Emit::kEdge},
      {"early", std::nullopt},
      {"as_reached", Emit::kAsReached},
      {"every_window", Emit::kEveryWindow},
      {"on_change", Emit::kOnChange}};
  return words;
}

const ValueReader::Words<bool>& IncludeWords() {
  static const ValueReader::Words<bool> words = {{"suppressed", true}};
  return words;
}

}  // namespace telltale::rules
