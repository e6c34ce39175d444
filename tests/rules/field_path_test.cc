#include "rules/model/field_path.h"

#include <gtest/gtest.h>

#include "rules/model/logsource.h"

namespace telltale::rules {
namespace {

TEST(ParsePath, Parts) {
  EXPECT_EQ(ParsePath("a"), FieldPath{"a"});
  EXPECT_EQ(ParsePath("a.b.c"), (FieldPath{"a", "b", "c"}));
  EXPECT_EQ(ParsePath("@timestamp"), FieldPath{"@timestamp"});
  EXPECT_EQ(ParsePath("Event.System.TimeCreated.#attributes.SystemTime"),
            (FieldPath{"Event", "System", "TimeCreated", "#attributes", "SystemTime"}));
  EXPECT_EQ(ParsePath("Data.Logon Type"), (FieldPath{"Data", "Logon Type"}));
  EXPECT_EQ(ParsePath(R"(http."status.code".value)"), (FieldPath{"http", "status.code", "value"}));
  for (const char* text :
       {"", ".", "a.", ".a", "a..b", " a", "a .b", R"(a."b)", R"(a."".b)", R"(a."b"c)", R"(a"b)"})
    EXPECT_FALSE(ParsePath(text).has_value()) << text;
}

TEST(PathText, ReadsBack) {
  for (const FieldPath& path : {FieldPath{"a"}, FieldPath{"a", "b.c"}, FieldPath{" a", "x y"}})
    EXPECT_EQ(ParsePath(PathText(path)), path) << PathText(path);
}

TEST(FieldMapping, NamesThenTheDefaultThenTheNameItself) {
  FieldMapping fields;
  EXPECT_EQ(fields.PathOf("Image"), FieldPath{"Image"});
  EXPECT_EQ(fields.PathOf("http.status"), (FieldPath{"http", "status"}));
  EXPECT_EQ(fields.PathOf("odd..name"), FieldPath{"odd..name"});
  fields.otherwise = {"Event", "EventData", "{field}"};
  fields.names["New Value"] = {"Event", "EventData", "NewValue"};
  EXPECT_EQ(fields.PathOf("Image"), (FieldPath{"Event", "EventData", "Image"}));
  EXPECT_EQ(fields.PathOf("New Value"), (FieldPath{"Event", "EventData", "NewValue"}));
  fields.otherwise = {"data", "win_{field}"};
  EXPECT_EQ(fields.PathOf("user"), (FieldPath{"data", "win_user"}));
}

TEST(FieldMapping, TheDotsOfAWholeNameAreNoSteps) {
  FieldMapping fields;
  fields.otherwise = {"log", "{field}"};
  EXPECT_EQ(fields.PathOf("id.orig_h"), (FieldPath{"log", "id", "orig_h"}));
  fields.whole_names = true;
  EXPECT_EQ(fields.PathOf("id.orig_h"), (FieldPath{"log", "id.orig_h"}));
  fields.names["id.resp_p"] = {"log", "resp", "port"};
  EXPECT_EQ(fields.PathOf("id.resp_p"), (FieldPath{"log", "resp", "port"}));
}

TEST(LogsourceName, AllThatIsWantedMustBeThereAndEqual) {
  const LogsourceName entry{
      .product = "windows", .category = "process_creation", .service = "sysmon"};
  EXPECT_TRUE(entry.Has({.product = "windows", .category = "process_creation", .service = ""}));
  EXPECT_TRUE(entry.Has({.product = "", .category = "", .service = "sysmon"}));
  EXPECT_FALSE(entry.Has({.product = "linux", .category = "process_creation", .service = ""}));
  // An entry that says less does not serve.
  const LogsourceName less{.product = "", .category = "process_creation", .service = ""};
  EXPECT_FALSE(less.Has({.product = "windows", .category = "process_creation", .service = ""}));
}

}  // namespace
}  // namespace telltale::rules
