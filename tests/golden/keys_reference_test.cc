// The tables of keys in the references, rules/README.md and daemon/config/README.md, name the keys
// that the readers have, each once, and no others; so does the table of Sigma's modifiers.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config_words.h"
#include "rules/load/sigma/modifier.h"
#include "rules/load/vocabulary/definition_keys.h"
#include "rules/load/vocabulary/rule_keys.h"
#include "rules/load/vocabulary/sequence_keys.h"
#include "rules/load/vocabulary/test_keys.h"
#include "rules/load/vocabulary/window_keys.h"

namespace telltale {
namespace {

using Words = std::set<std::string>;

// What stands between backticks, up to a space or a sign: of `repeat: 3` it is repeat.
void AddQuoted(const std::string& text, Words& words) {
  for (size_t begin = text.find('`'); begin != std::string::npos;
       begin = text.find('`', begin + 1)) {
    const size_t end = text.find('`', begin + 1);
    if (end == std::string::npos) return;
    const std::string quoted = text.substr(begin + 1, end - begin - 1);
    EXPECT_TRUE(words.insert(quoted).second) << quoted << " stands twice";
    begin = end;
  }
}

// The first column of the table with this header below the heading.
Words FirstColumn(const std::string& heading, const std::string& header,
                  const std::string& name = "rules/README.md") {
  std::ifstream readme(std::string(TELLTALE_SOURCE_DIR) + "/" + name);
  Words words;
  bool below = false;
  bool inside = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("#")) below = line == heading;
    if (below && line.starts_with("| " + header + " |")) {
      inside = true;
      continue;
    }
    if (inside && !line.starts_with("|")) return words;
    if (inside && !line.starts_with("|---")) AddQuoted(line.substr(0, line.find(" |", 2)), words);
  }
  EXPECT_TRUE(inside) << "there is no table '" << header << "' below '" << heading << "'";
  return words;
}

Words NamesOf(const rules::KeySet& keys, const Words& elsewhere = {}) {
  Words names;
  for (const std::string& name : keys.Names()) {
    if (!elsewhere.contains(name)) names.insert(name);
  }
  return names;
}

TEST(KeysReference, TablesNameTheKeysThatThereAre) {
  using namespace rules;
  // What a rule over single events has of a step stands with the sequence.
  EXPECT_EQ(FirstColumn("## Keys of a rule", "key"),
            NamesOf(RuleKeys(), {"on", "where", "detection"}));
  EXPECT_EQ(FirstColumn("## Steps", "key"), NamesOf(StepKeys()));
  EXPECT_EQ(FirstColumn("## Repeats", "key of `repeat`"), NamesOf(RepeatKeys()));
  EXPECT_EQ(FirstColumn("## Windows and counts", "key of `aggregate`"), NamesOf(AggregateKeys()));
  EXPECT_EQ(FirstColumn("### Velocity inside a sequence", "key of a window"),
            NamesOf(StepWindowKeys()));
  EXPECT_EQ(FirstColumn("## Seen for the first time", "key of `new_terms`"),
            NamesOf(NewTermsKeys()));
  EXPECT_EQ(FirstColumn("## Lists and macros", "key"), NamesOf(ListKeys()));
  EXPECT_EQ(FirstColumn("## Alerts, suppression, limits", "key"), NamesOf(LimitKeys()));
  EXPECT_EQ(FirstColumn("## Tests of rules", "key of a test"), NamesOf(TestKeys()));
  EXPECT_EQ(FirstColumn("## Tests of rules", "key of an expected alert"),
            NamesOf(ExpectedAlertKeys()));
  Words groups = NamesOf(GroupKeys());
  for (const KeySet* keys : {&AnyOfKeys(), &AllOfKeys()}) groups.merge(NamesOf(*keys));
  EXPECT_EQ(FirstColumn("## Groups, alternatives, any order", "key of `group`, `any_of`, `all_of`"),
            groups);
}

TEST(KeysReference, TablesNameTheKeysOfTheConfig) {
  using namespace config;
  const std::string readme = "daemon/config/README.md";
  // Of what is a map with few keys, these: `alerts.topic`.
  const auto flat = [](const rules::KeySet& keys, Words names) {
    for (const rules::Key& key : keys.known) {
      const bool is_map = key.takes.size() == 1 && key.takes[0].kind == rules::Takes::Kind::kMap;
      if (!is_map) {
        names.insert(key.name);
        continue;
      }
      for (const std::string& inner : key.takes[0].keys().Names())
        names.insert(key.name + "." + inner);
    }
    return names;
  };
  EXPECT_EQ(FirstColumn("# telltale.yml", "key", readme), flat(ConfigKeys(), {}));
  // `time: { source: kafka }` is what a stream without a field has.
  EXPECT_EQ(FirstColumn("## Streams", "key", readme), flat(StreamKeys(), {}));
  EXPECT_EQ(FirstColumn("## Logsources", "key", readme), flat(LogsourceKeys(), {}));
  EXPECT_EQ(FirstColumn("## Tables", "key", readme), flat(TableKeys(), {}));
}

TEST(KeysReference, TheTableOfModifiersNamesThemAll) {
  const std::vector<std::string>& names = rules::sigma::ModifierNames();
  EXPECT_EQ(FirstColumn("## Detections", "modifier"), Words(names.begin(), names.end()));
}

}  // namespace
}  // namespace telltale
