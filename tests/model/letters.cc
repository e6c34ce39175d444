#include "tests/model/letters.h"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>

#include "rules/load/load.h"
#include "tests/model/scenario.h"

namespace telltale::model {
namespace {

std::shared_ptr<const rules::StreamCatalog> Letters() {
  std::vector<rules::Stream> streams;
  for (const char* name : kLetters) {
    rules::Stream stream;
    stream.name = stream.topic = name;
    streams.push_back(stream);
  }
  return std::make_shared<const rules::StreamCatalog>(streams);
}

}  // namespace

rules::Rule LetterRule(const std::string& body) {
  const auto file = std::make_shared<const rules::SourceFile>("a.yml", "id: r\nby: k\n" + body);
  const rules::LoadResult result = rules::Load({file}, Letters());
  EXPECT_NE(result.rules, nullptr) << rules::Render(result.diagnostics);
  return result.rules == nullptr ? rules::Rule() : result.rules->rules[0];
}

LetterHistory::LetterHistory(const std::string& text) {
  std::istringstream in(text);
  int64_t now = -1;
  for (std::string word; in >> word;) {
    const size_t at = word.find('@');
    now = at == std::string::npos ? now + 1 : std::stoll(word.substr(at + 1));
    streams_.push_back(*Letters()->Find(word.substr(0, 1)));
    tags_.push_back(word.size() > 1 && word[1] != '@' ? word[1] : ' ');
    times_.push_back(now * kSecond);
  }
}

bool LetterHistory::Fits(const rules::Selector& selector, size_t event, const Taken& taken) const {
  if (selector.stream != streams_[event]) return false;
  return tags_[event] == ' ' || taken[0].empty() || tags_[taken[0].front()] == tags_[event];
}

}  // namespace telltale::model
