#include "rules/model/topic_name.h"

#include <gtest/gtest.h>

#include <string>

namespace telltale::rules {
namespace {

TEST(IsTopicName, AsKafkaHasIt) {
  EXPECT_TRUE(IsTopicName("pay.transactions_v2-x"));
  EXPECT_TRUE(IsTopicName(std::string(249, 'a')));
  for (const std::string& name : {std::string(), std::string("."), std::string(".."),
                                  std::string("a b"), std::string("^a"), std::string(250, 'a')}) {
    EXPECT_FALSE(IsTopicName(name)) << name;
  }
}

}  // namespace
}  // namespace telltale::rules
