// telltale(1) from the table of commands.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/commands/completion.h"
#include "daemon/telemetry/version.h"

namespace telltale::commands {
namespace {

// A line of text: no backslash, leading dot or hyphen of it is roff's.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

// Lines that are indented stand as they are; others are filled, paragraph by paragraph.
void AppendProse(const std::string& prose, std::string& text) {
  bool verbatim = false;
  const std::vector<std::string> lines =
      absl::StrSplit(absl::StripTrailingAsciiWhitespace(prose), '\n');
  for (const std::string& line : lines) {
    const bool indented = line.starts_with("  ");
    if (indented != verbatim) absl::StrAppend(&text, indented ? ".nf\n" : ".fi\n");
    verbatim = indented;
    absl::StrAppend(&text, line.empty() ? ".PP" : Escaped(line), "\n");
  }
  if (verbatim) text += ".fi\n";
}

// The lines of "Usage: ...", and what comes after them.
struct Help {
  std::vector<std::string> usage;
  std::string prose;
};

Help Parted(std::string_view help) {
  Help parted;
  const size_t end = std::min(help.find("\n\n"), help.size());
  const std::vector<std::string> lines = absl::StrSplit(std::string(help.substr(0, end)), '\n');
  for (const std::string& line : lines) {
    const std::string usage = line.starts_with("Usage:") ? line.substr(6) : line;
    parted.usage.emplace_back(absl::StripAsciiWhitespace(usage));
  }
  parted.prose = help.substr(std::min(end + 2, help.size()));
  return parted;
}

void AppendOptions(const Command& command, std::string& text) {
  if (command.flags == nullptr) return;
  for (const Flags::Description& option : command.flags().Describe()) {
    absl::StrAppend(&text, ".TP\n");
    const std::string name = Escaped(absl::StrCat("--", option.name));
    const std::string letter =
        option.letter == 0 ? "" : Escaped(absl::StrCat("-", std::string(1, option.letter)));
    absl::StrAppend(&text, letter.empty() ? "" : absl::StrCat("\\fB", letter, "\\fR, "), "\\fB",
                    name, "\\fR", option.value.empty() ? "" : " \\fI", Escaped(option.value),
                    option.value.empty() ? "" : "\\fR", "\n", Escaped(option.text), "\n");
  }
}

void AppendCommand(const Command& command, std::string& text) {
  const Help help = Parted(command.help);
  absl::StrAppend(&text, ".SS ", Escaped(command.name), "\n", Escaped(command.summary), ".\n");
  for (const std::string& usage : help.usage) {
    absl::StrAppend(&text, ".PP\n\\fB", Escaped(usage), "\\fR\n");
  }
  absl::StrAppend(&text, ".PP\n");
  AppendProse(help.prose, text);
  AppendOptions(command, text);
  if (!command.notes.empty()) {
    absl::StrAppend(&text, ".PP\n");
    AppendProse(std::string(command.notes), text);
  }
  absl::StrAppend(&text, ".PP\nExit codes: ");
  std::string codes(command.exit_codes);
  for (char& c : codes) {
    if (c == '\n') c = ' ';
  }
  absl::StrAppend(&text, Escaped(codes), "\n");
}

}  // namespace

std::string ManualPage(std::span<const Command> commands) {
  std::string text = absl::StrCat(
      ".\\\" Made by `telltale man`.\n.TH TELLTALE 1 \"\" \"telltale ",
      std::string(telemetry::kVersion),
      "\" \"Telltale\"\n.SH NAME\ntelltale \\- find in streams of events what rules describe\n"
      ".SH SYNOPSIS\n\\fBtelltale\\fR \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]\n"
      ".SH DESCRIPTION\n"
      "Telltale reads Kafka topics, finds what rules describe in them, and writes one alert for "
      "each\nfind to a Kafka topic.\n.SH COMMANDS\n");
  for (const Command& command : commands) AppendCommand(command, text);
  absl::StrAppend(
      &text,
      ".SH EXIT STATUS\n0 done, 1 failed or found something, 2 the rules do not load, 3 a wrong "
      "command line or\nconfig.\n"
      ".SH FILES\n.TP\n\\fItelltale.yml\\fR\nThe config, where no other is named.\n"
      ".SH SIGNALS\n.TP\n\\fBSIGTERM\\fR, \\fBSIGINT\\fR\n"
      "End \\fBtelltale run\\fR when what was read is written away; a second one ends it at once.\n"
      ".TP\n\\fBSIGHUP\\fR\nReads the rules again.\n");
  return text;
}

}  // namespace telltale::commands
