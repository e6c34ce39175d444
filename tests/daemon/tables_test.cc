// Tables from files: what their rows are, and what is said of those that cannot be.
#include <gtest/gtest.h>

#include <string>

#include "daemon/tables/row_sink.h"
#include "daemon/tables/table_files.h"
#include "engine/condition/condition.h"
#include "engine/condition/inputs.h"
#include "tests/support/temp_dir.h"

namespace telltale::tables {
namespace {

class TablesTest : public testing::Test {
 protected:
  // The table `t` of a config with this body and file.
  LoadedTables Load(const std::string& body, const std::string& name, const std::string& text) {
    folder_.Write(name, text);
    folder_.Write("telltale.yml",
                  "streams: { a: {} }\ntables:\n  t: { file: " + name + ", " + body + " }\n");
    const config::ConfigResult result =
        config::LoadConfig(folder_.File("telltale.yml"), config::Use::kReplay);
    EXPECT_TRUE(result.config.has_value()) << Render(result.diagnostics);
    return LoadTables(*result.config);
  }

  // The rows of these keys, as JSON; "-" for one that is not there; the codes of what was told.
  std::string Rows(const std::string& body, const std::string& name, const std::string& text,
                   const std::vector<std::string>& keys) {
    const LoadedTables loaded = Load(body, name, text);
    const auto& rows = dynamic_cast<const engine::TableRows&>(*loaded.catalog->contents());
    const engine::Table& table = *rows.tables.at("t");
    std::string shown;
    for (const std::string& key : keys) {
      const engine::Value row = table.Find(key);
      if (!shown.empty()) shown += ' ';
      if (row.is(engine::ValueKind::kAbsent))
        shown += '-';
      else
        engine::AppendJson(row, shown);
    }
    for (const rules::Diagnostic& entry : loaded.diagnostics.list())
      shown += " " + std::string(entry.code.id);
    return shown;
  }

  std::string Codes(const std::string& body, const std::string& name, const std::string& text) {
    std::string codes;
    const LoadedTables loaded = Load(body, name, text);
    for (const rules::Diagnostic& entry : loaded.diagnostics.list())
      codes += (codes.empty() ? "" : " ") + std::string(entry.code.id);
    return codes;
  }

  support::TempDir folder_;
};

TEST_F(TablesTest, CsvHasTextUnlessDeclared) {
  const std::string csv =
      "\xEF\xBB\xBF"
      "id, n ,\"note, long\"\r\nu1,17,\"a\"\"b\"\r\n17,,\r\n\r\nu3\r\n";
  EXPECT_EQ(
      Rows("key: id", "t.csv", csv, {"u1", "17", "u3", "u4"}),
      R"({"id":"u1","n":"17","note, long":"a\"b"} {"id":"17","n":"","note, long":""} {"id":"u3"} -)");
  EXPECT_EQ(Rows("key: id, fields: { n: int }", "t.csv", csv, {"u1", "17"}),
            R"({"id":"u1","n":17,"note, long":"a\"b"} {"id":"17","note, long":""})");
  EXPECT_EQ(Rows("key: id, delimiter: ';', fields: { b: bool, d: double, u: uint }", "t.csv",
                 "id;b;d;u\n1;true;2.5;3\n", {"1"}),
            R"({"b":true,"d":2.5,"id":"1","u":3})");
}

TEST_F(TablesTest, JsonIsAnArrayLinesOrAnObject) {
  const std::string rows = R"({"id":"u1","n":1} {"id":17,"n":2.0} -)";
  EXPECT_EQ(
      Rows("key: id", "t.json", R"([{"id":"u1","n":1},{"id":17,"n":2.0}])", {"u1", "17", "x"}),
      rows);
  EXPECT_EQ(Rows("key: id", "t.ndjson", "{\"id\":\"u1\",\"n\":1}\r\n\n{\"id\":17,\"n\":2.0}",
                 {"u1", "17", "x"}),
            rows);
  EXPECT_EQ(
      Rows("format: json", "t.txt", R"({"u1":{"n":1,"l":["a",{"b":null}]},"17":{}})", {"u1", "17"}),
      R"({"l":["a",{"b":null}],"n":1} {})");
  EXPECT_EQ(Rows("key: id, fields: { n: double }", "t.json", R"([{"id":"u1","n":1}])", {"u1"}),
            R"({"id":"u1","n":1.0})");
  EXPECT_EQ(Rows("key: id", "t.json", R"([{"id":"u1","n":1,"n":2}])", {"u1"}),
            R"({"id":"u1","n":2})");
}

TEST_F(TablesTest, LastRowOfAKeyCounts) {
  EXPECT_EQ(Rows("key: id", "t.csv", "id,n\n17,1\n17,2\n17,3\n", {"17"}),
            R"({"id":"17","n":"3"} C0911)");
  EXPECT_EQ(Rows("key: id", "t.json", R"([{"id":17},{"id":"17"},{"id":17.0}])", {"17"}),
            R"({"id":17.0} C0911)");
}

TEST_F(TablesTest, MistakesAreTold) {
  EXPECT_EQ(Codes("key: id", "t.csv", ""), "C0132");
  EXPECT_EQ(Codes("key: id", "t.csv", "a,b\n1,2\n"), "C0132");
  EXPECT_EQ(Codes("key: id", "t.csv", "id,b\n1,2,3\n"), "C0132");
  EXPECT_EQ(Codes("key: id", "t.csv", "id,b\n,2\n"), "C0132");
  EXPECT_EQ(Codes("key: id", "t.csv", "id,b\n\"1,2\n"), "C0132");
  EXPECT_EQ(Codes("key: id, fields: { b: int }", "t.csv", "id,b\n1,x\n2,3\n3,1.5\n"),
            "C0132 C0132");
  EXPECT_EQ(Codes("key: id", "t.csv", "id\n\xFF\n"), "R0003");
  EXPECT_EQ(Codes("key: id", "t.json", "[{]"), "C0132");
  EXPECT_EQ(Codes("key: id", "t.json", "17"), "C0132");
  EXPECT_EQ(Codes("key: id", "t.json", "[17, {}, {\"id\": true}]"), "C0132 C0132 C0132");
  EXPECT_EQ(Codes("key: id", "t.jsonl", "{\"id\":1}\n{\n"), "C0132");
  EXPECT_EQ(Codes("format: json", "t.json", "[{\"id\":1}]"), "C0132");
  EXPECT_EQ(Codes("format: json", "t.json", "{\"u1\": 1}"), "C0132");
  EXPECT_EQ(Codes("key: id, fields: { l: list(string) }", "t.json",
                  R"([{"id":1,"l":["a"]},{"id":2,"l":[1]}])"),
            "C0132");
  std::string many = "id,n\n";
  for (int i = 0; i < 1000; ++i) many += std::to_string(i) + ",x\n";
  EXPECT_EQ(Load("key: id, fields: { n: int }", "t.csv", many).diagnostics.errors(),
            RowSink::kMostMistakes);
}

TEST_F(TablesTest, FilesThatAreNotThereAreTold) {
  folder_.Write("telltale.yml", "streams: { a: {} }\ntables: { t: { file: none.csv, key: id } }\n");
  const config::ConfigResult result =
      config::LoadConfig(folder_.File("telltale.yml"), config::Use::kReplay);
  const LoadedTables loaded = LoadTables(*result.config);
  ASSERT_EQ(loaded.diagnostics.list().size(), 1u);
  EXPECT_EQ(loaded.diagnostics.list()[0].code.id, std::string("C0131"));
  EXPECT_NE(loaded.catalog->Find("t"), nullptr);
}

}  // namespace
}  // namespace telltale::tables
