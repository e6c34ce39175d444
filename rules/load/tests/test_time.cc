#include "rules/load/tests/test_time.h"

#include <string>
#include <variant>

#include "rules/load/yaml/quantity.h"
#include "rules/model/time_text.h"

namespace telltale::rules {
namespace {

bool LooksLikeDate(std::string_view text) { return text.size() > 5 && text[4] == '-'; }

}  // namespace

std::optional<int64_t> ReadTestBase(const Node& node, ValueReader& values) {
  const std::optional<LocatedText> text = values.Text(node, "'base'");
  if (!text) return std::nullopt;
  const std::optional<int64_t> time = ReadNanoTime(text->text());
  if (!time) {
    values.diagnostics().Error(kBadTestTime, node.span,
                               "'base' is a time such as 2026-03-01T10:00:00Z, from 1678 to 2261");
  }
  return time;
}

std::optional<int64_t> ReadTestTime(const Node& node, std::string_view what, int64_t base,
                                    ValueReader& values) {
  const std::optional<LocatedText> located = values.Text(node, what);
  if (!located) return std::nullopt;
  const std::string& text = located->text();
  const std::string name(what);
  if (LooksLikeDate(text)) {
    const std::optional<int64_t> time = ReadNanoTime(text);
    if (!time) {
      values.diagnostics().Error(
          kBadTestTime, node.span,
          name + " is no time: dates are written as 2026-03-01T10:00:00Z, from 1678 to 2261");
    }
    return time;
  }
  const bool before = text[0] == '-';
  const Quantity distance = ParseDuration(std::string_view(text).substr(before ? 1 : 0));
  if (const auto* message = std::get_if<std::string>(&distance)) {
    values.diagnostics()
        .Error(kBadTestTime, node.span, name + ": " + *message)
        .notes.push_back(
            "a time is a distance from the test's 'base', such as 90s or -5m, or a date such as "
            "2026-03-01T10:00:00Z");
    return std::nullopt;
  }
  int64_t time = 0;
  const int64_t nanoseconds = std::get<int64_t>(distance);
  if (__builtin_add_overflow(base, before ? -nanoseconds : nanoseconds, &time) ||
      time < kMinNanoTime || time > kMaxNanoTime) {
    values.diagnostics().Error(kBadTestTime, node.span,
                               name + " is a time that lies before 1678 or after 2261");
    return std::nullopt;
  }
  return time;
}

}  // namespace telltale::rules
