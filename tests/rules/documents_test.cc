// Which kind a document is, and that neither the order of files nor the way in which documents
// share them shows in the set.
#include "rules/load/documents.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "rules/load/load.h"
#include "rules/load/yaml/reader.h"

namespace telltale::rules {
namespace {

SourcePtr File(std::string path, std::string text) {
  return std::make_shared<const SourceFile>(std::move(path), std::move(text));
}

DocumentKind Kind(const std::string& text) {
  Diagnostics diagnostics;
  const std::vector<Node> documents = ReadYaml(File("a.yml", text), diagnostics);
  EXPECT_EQ(Render(diagnostics), "");
  return KindOf(documents.at(0));
}

TEST(Documents, AreToldApartByTheirKeys) {
  EXPECT_EQ(Kind("{ id: a, sequence: [] }"), DocumentKind::kRule);
  EXPECT_EQ(Kind("{ titel: a }"), DocumentKind::kRule);
  EXPECT_EQ(Kind("{ lists: {} }"), DocumentKind::kDefinitions);
  EXPECT_EQ(Kind("{ macros: {}, lists: {} }"), DocumentKind::kDefinitions);
  EXPECT_EQ(Kind("{ id: a, lists: {} }"), DocumentKind::kRule);
  EXPECT_EQ(Kind("{ id: a, override: append }"), DocumentKind::kOverride);
  EXPECT_EQ(Kind("{ id: a, override: append, detection: {} }"), DocumentKind::kOverride);
  EXPECT_EQ(Kind("{ title: a, logsource: {}, detection: {} }"), DocumentKind::kDetection);
  EXPECT_EQ(Kind("{ title: a, correlation: {} }"), DocumentKind::kCorrelation);
  EXPECT_EQ(Kind("{ title: a, logsource: {}, filter: {} }"), DocumentKind::kFilter);
}

TEST(Documents, StandInFilesAndListsInOrder) {
  Diagnostics diagnostics;
  const Documents documents = CollectDocuments(
      {File("a.yml", "- { id: a }\n- { lists: {} }\n- { id: b, override: append }\n"),
       File("b.yml", "id: c\n---\n# nothing\n---\n- id: d\n---\n17\n---\n- text\n")},
      diagnostics);
  ASSERT_EQ(documents.rules.size(), 3u);
  EXPECT_EQ(documents.rules[0].Find("id")->text.text(), "a");
  EXPECT_EQ(documents.rules[1].Find("id")->text.text(), "c");
  EXPECT_EQ(documents.rules[2].Find("id")->text.text(), "d");
  EXPECT_EQ(documents.definitions.size(), 1u);
  EXPECT_EQ(documents.overrides.size(), 1u);
  ASSERT_EQ(diagnostics.list().size(), 2u) << Render(diagnostics);
  EXPECT_EQ(diagnostics.list()[0].code.id, kNotARule.id);
  EXPECT_EQ(diagnostics.list()[1].code.id, kNotARule.id);
}

TEST(Documents, OrderOfFilesDoesNotShow) {
  const auto streams =
      std::make_shared<const StreamCatalog>(std::vector<Stream>{{"logins", "logins", {}, 1}});
  std::vector<SourcePtr> files = {
      File("a.yml", "{ id: a, on: logins, where: x == 1 }"),
      File("b.yml", "- { id: b, on: logins }\n- { id: e, on: logins }"),
      File("c.yml", "{ id: d, on: logins }\n---\n{ id: c, on: logins }")};
  std::sort(files.begin(), files.end());
  int orders = 0;
  do {
    const LoadResult result = Load(files, streams);
    ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
    std::string ids;
    for (const Rule& rule : result.rules->rules) ids += rule.id;
    EXPECT_EQ(ids, "abcde");
    ++orders;
  } while (std::next_permutation(files.begin(), files.end()));
  EXPECT_EQ(orders, 6);
}

// Though what is wrong with YAML anywhere is found before what is wrong with any rule.
TEST(Documents, MistakesAreToldInTheOrderOfFiles) {
  const auto streams =
      std::make_shared<const StreamCatalog>(std::vector<Stream>{{"logins", "logins", {}, 1}});
  const LoadResult result = Load({File("a.yml", "{ id: a, on: nowhere }"),
                                  File("b.yml", "{ id: b, id: c }"), File("c.yml", "{ id: c }")},
                                 streams);
  std::string places;
  for (const Diagnostic& entry : result.diagnostics.list()) places += entry.span.file->path() + " ";
  EXPECT_EQ(places, "a.yml b.yml b.yml c.yml ") << Render(result.diagnostics);
}

}  // namespace
}  // namespace telltale::rules
