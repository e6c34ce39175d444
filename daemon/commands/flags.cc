#include "daemon/commands/flags.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rules/model/diagnostic.h"

namespace telltale::commands {

Flags& Flags::Switch(std::string name, bool* value) {
  flags_.push_back({.name = std::move(name), .letter = 0, .target = value});
  return *this;
}

Flags& Flags::Text(std::string name, char letter, std::string* value) {
  flags_.push_back({.name = std::move(name), .letter = letter, .target = value});
  return *this;
}

Flags& Flags::Number(std::string name, int64_t* value) {
  flags_.push_back({.name = std::move(name), .letter = 0, .target = value});
  return *this;
}

Flags& Flags::List(std::string name, std::vector<std::string>* values) {
  flags_.push_back({.name = std::move(name), .letter = 0, .target = values});
  return *this;
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
  const std::string text(word);
  std::string message = absl::StrCat("there is no option '", text, "'");
  const std::string nearest = rules::Nearest(text, names);
  if (!nearest.empty()) absl::StrAppend(&message, " (did you mean '", nearest, "'?)");
  return absl::InvalidArgumentError(message);
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
