#include "daemon/kafka/commit_note.h"

#include <charconv>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace telltale::kafka {
namespace {

constexpr std::string_view kVersion = "telltale/1";

std::string TimeText(int64_t time) { return time == engine::kMinTime ? "-" : absl::StrCat(time); }

// Takes " name=number" from the front of `text`.
bool Take(std::string_view& text, std::string_view name, int64_t& value) {
  if (!text.starts_with(" ") || !text.substr(1).starts_with(name)) return false;
  text.remove_prefix(1 + name.size());
  if (!text.starts_with("=")) return false;
  text.remove_prefix(1);
  if (text.starts_with("-") && (text.size() == 1 || text[1] == ' ')) {
    value = engine::kMinTime;
    text.remove_prefix(1);
    return true;
  }
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

}  // namespace

std::string ToText(const CommitNote& note) {
  return absl::StrCat("telltale/1 floor=", TimeText(note.floor),
                      " max_before=", TimeText(note.max_time_before),
                      " applied_below=", TimeText(note.applied_below), " read=", note.read_position,
                      " alerted=", note.alerted_below);
}

std::optional<CommitNote> ParseCommitNote(std::string_view text) {
  CommitNote note;
  if (!text.starts_with(kVersion)) return std::nullopt;
  text.remove_prefix(kVersion.size());
  if (!Take(text, "floor", note.floor) || !Take(text, "max_before", note.max_time_before) ||
      !Take(text, "applied_below", note.applied_below) || !Take(text, "read", note.read_position) ||
      !Take(text, "alerted", note.alerted_below) || note.read_position < 0 ||
      note.alerted_below < 0 || !text.empty()) {
    return std::nullopt;
  }
  return note;
}

}  // namespace telltale::kafka
