#include "daemon/commands/flags.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/commands/did_you_mean.h"

namespace telltale::commands {

Flags& Flags::Switch(std::string name, bool* value, std::string_view text) {
  flags_.push_back({std::move(name), 0, {{}, text}, value});
  return *this;
}

Flags& Flags::Text(std::string name, char letter, std::string* value, const Says& says) {
  flags_.push_back({std::move(name), letter, says, value});
  return *this;
}

Flags& Flags::Number(std::string name, char letter, int64_t* value, const Says& says) {
  flags_.push_back({std::move(name), letter, says, value});
  return *this;
}

Flags& Flags::List(std::string name, std::vector<std::string>* values, const Says& says) {
  flags_.push_back({std::move(name), 0, says, values});
  return *this;
}

std::vector<Flags::Description> Flags::Describe() const {
  std::vector<Description> all;
  for (const Flag& flag : flags_) {
    const bool is_switch = std::holds_alternative<bool*>(flag.target);
    const bool number = std::holds_alternative<int64_t*>(flag.target);
    std::string value(flag.says.value);
    if (value.empty() && !is_switch) value = number ? "N" : "VALUE";
    all.push_back({flag.name, flag.letter, value, std::string(flag.says.text),
                   std::holds_alternative<std::vector<std::string>*>(flag.target)});
  }
  return all;
}

std::string Flags::HelpText() const {
  constexpr size_t kColumns = 90;
  constexpr size_t kWidest = 28;  // of an option beside which its text begins
  std::vector<std::pair<std::string, std::string>> rows;
  size_t width = 0;
  for (const Description& flag : Describe()) {
    std::string left =
        flag.letter != 0 ? absl::StrCat("-", std::string(1, flag.letter), ", ") : "    ";
    absl::StrAppend(&left, "--", flag.name, flag.value.empty() ? "" : " ", flag.value);
    if (left.size() <= kWidest) width = std::max(width, left.size());
    rows.emplace_back(std::move(left), flag.text);
  }
  std::string text;
  const std::string indent(width + 4, ' ');
  for (const auto& [left, says] : rows) {
    std::string line = absl::StrCat("  ", left);
    if (left.size() > width) {
      absl::StrAppend(&text, line, "\n");
      line.clear();
    }
    line.resize(indent.size(), ' ');
    const std::vector<std::string> words = absl::StrSplit(says, ' ');
    for (const std::string& word : words) {
      if (line.size() + word.size() > kColumns && line.size() > indent.size()) {
        absl::StrAppend(&text, absl::StripTrailingAsciiWhitespace(line), "\n");
        line = indent;
      }
      absl::StrAppend(&line, word, " ");
    }
    absl::StrAppend(&text, absl::StripTrailingAsciiWhitespace(line), "\n");
  }
  return text;
}

// `word` is "--name" or "-c", without a value.
absl::StatusOr<const Flags::Flag*> Flags::Find(std::string_view word) const {
  std::vector<std::string> names;
  for (const Flag& flag : flags_) {
    if (word.starts_with("--") ? word.substr(2) == flag.name
                               : flag.letter != 0 && word[1] == flag.letter) {
      return &flag;
    }
    names.push_back(absl::StrCat("--", flag.name));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("there is no option '", std::string(word), "'", DidYouMean(word, names)));
}

absl::Status Flags::Set(const Flag& flag, const std::string& value) {
  if (auto* const* text = std::get_if<std::string*>(&flag.target)) {
    if (value.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("option '--", flag.name, "' is empty"));
    }
    **text = value;
  } else if (auto* const* number = std::get_if<int64_t*>(&flag.target)) {
    if (!absl::SimpleAtoi(value, *number)) {
      return absl::InvalidArgumentError(
          absl::StrCat("option '--", flag.name, "' wants a number, not '", value, "'"));
    }
  } else if (auto* const* list = std::get_if<std::vector<std::string>*>(&flag.target)) {
    (*list)->push_back(value);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Flags::Parse(std::span<const std::string> args) const {
  std::vector<std::string> rest;
  for (size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg == "--") {
      rest.insert(rest.end(), args.begin() + static_cast<std::ptrdiff_t>(i) + 1, args.end());
      break;
    }
    if (arg.size() < 2 || arg[0] != '-') {
      rest.push_back(arg);
      continue;
    }
    const bool is_long = arg[1] == '-';
    const size_t equals = is_long ? arg.find('=') : std::string::npos;
    const size_t name_size = is_long ? equals : 2;
    const absl::StatusOr<const Flag*> flag = Find(std::string_view(arg).substr(0, name_size));
    if (!flag.ok()) return flag.status();
    const bool has_value = is_long ? equals != std::string::npos : arg.size() > 2;
    if (bool* const* value = std::get_if<bool*>(&(*flag)->target)) {
      if (has_value) {
        return absl::InvalidArgumentError(
            absl::StrCat("option '--", (*flag)->name, "' takes no value"));
      }
      **value = true;
      continue;
    }
    if (!has_value && i + 1 == args.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("option '--", (*flag)->name, "' wants a value"));
    }
    const std::string value = !has_value ? args[++i] : arg.substr(is_long ? equals + 1 : 2);
    if (absl::Status status = Set(**flag, value); !status.ok()) return status;
  }
  return rest;
}

}  // namespace telltale::commands
