// Templates of format() taken apart.
#include "rules/model/format_clauses.h"

#include <gtest/gtest.h>

#include <string>

namespace telltale::rules {
namespace {

// "before|letter.precision" of each clause, and the fault with its place.
std::string Read(std::string_view text) {
  FormatClauses clauses(text);
  std::string read;
  for (;;) {
    const FormatClause clause = clauses.Next();
    read += std::string(clause.before) + "|";
    if (clause.letter == 0) {
      if (clauses.fault() != FormatFault::kNone) {
        read += "fault " + std::to_string(static_cast<int>(clauses.fault())) + " '" +
                std::string(text.substr(clause.begin, clause.end - clause.begin)) + "'";
      }
      return read;
    }
    EXPECT_EQ(text[clause.begin], '%');
    read += clause.letter;
    if (clause.precision != 6) read += "." + std::to_string(clause.precision);
    read += " ";
  }
}

TEST(FormatClauses, AreTakenApart) {
  EXPECT_EQ(Read(""), "|");
  EXPECT_EQ(Read("plain"), "plain|");
  EXPECT_EQ(Read("%s"), "|s |");
  EXPECT_EQ(Read("a %s b %d%%"), "a |s  b |d |% |");
  EXPECT_EQ(Read("%.3f%.0e%x%X%o%b"), "|f.3 |e.0 |x |X |o |b |");
  EXPECT_EQ(Read("%.1000f"), "|f.1000 |");
  EXPECT_EQ(Read("zwölf %s€"), "zwölf |s €|");
}

TEST(FormatClauses, Faults) {
  EXPECT_EQ(Read("ab%"), "ab|fault 1 '%'");
  EXPECT_EQ(Read("%.2"), "|fault 1 '%.2'");
  EXPECT_EQ(Read("%.f"), "|fault 2 '%.'");
  EXPECT_EQ(Read("%.1001f"), "|fault 3 '%.1001'");
  EXPECT_EQ(Read("%.99999999999999999999f"), "|fault 3 '%.99999999999999999999'");
  EXPECT_EQ(Read("%s %a %s"), "|s  |fault 4 '%a'");
  EXPECT_EQ(Read("%€"), "|fault 4 '%€'");
  EXPECT_EQ(Read("%5d"), "|fault 4 '%5'");
  EXPECT_EQ(Read("% s"), "|fault 4 '% '");
}

}  // namespace
}  // namespace telltale::rules
