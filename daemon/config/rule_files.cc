#include "daemon/config/rule_files.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "daemon/config/config_codes.h"
#include "daemon/config/file_text.h"

namespace telltale::config {
namespace {

namespace fs = std::filesystem;

bool IsTestFile(const fs::path& path) {
  return HasRuleFileName(path) && path.stem().extension() == ".test";
}

bool IsGlob(const std::string& pattern) {
  return pattern.find_first_of("*?[") != std::string::npos;
}

class RuleFinder {
 public:
  // `by_hand`: the patterns are those of a command line, where one that names nothing is a mistake.
  RuleFinder(fs::path base, bool by_hand, bool tests_beside)
      : base_(std::move(base)), by_hand_(by_hand), tests_beside_(tests_beside) {}

  void Pattern(const rules::LocatedText& pattern) {
    const std::string path = (base_ / pattern.text()).lexically_normal().string();
    std::error_code code;
    // What a shell has expanded already may have brackets in its name.
    if (IsGlob(pattern.text()) && !fs::exists(path, code)) return Glob(path, pattern);
    if (fs::is_directory(path, code)) return Folder(path, pattern);
    File(path, pattern);
    if (tests_beside_) TestsBeside(path, pattern);
  }

  RuleFiles Take() { return std::move(result_); }

 private:
  void Glob(const std::string& path, const rules::LocatedText& pattern) {
    glob_t found{};
    const int status =
        ::glob(path.c_str(), 0, nullptr, &found);  // sorted by name, bytewise in the C locale
    std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    if (status != 0 || paths.empty()) {
      TellNothing(pattern, "no file matches '" + pattern.text() + "'");
      return;
    }
    std::sort(paths.begin(), paths.end());
    for (const std::string& one : paths) {
      std::error_code code;
      if (fs::is_directory(one, code))
        Folder(one, pattern);
      else
        File(one, pattern);
    }
  }

  void Folder(const std::string& path, const rules::LocatedText& pattern) {
    std::vector<std::string> paths;
    std::error_code code;
    fs::recursive_directory_iterator at(path, code);
    while (!code && at != fs::recursive_directory_iterator()) {
      const bool hidden = at->path().filename().string().starts_with('.');
      std::error_code ignored;
      const bool folder = at->is_directory(ignored);
      if (hidden && folder)
        at.disable_recursion_pending();
      else if (!hidden && !folder && HasRuleFileName(at->path()))
        paths.push_back(at->path().string());
      at.increment(code);
    }
    if (code) {
      result_.diagnostics.Error(rules::kUnreadableFile, pattern.Whole(),
                                "cannot walk " + path + ": " + code.message());
    } else if (paths.empty()) {
      TellNothing(pattern, "no rule file (*.yml, *.yaml) is in '" + pattern.text() + "'");
    }
    std::sort(paths.begin(), paths.end());
    for (const std::string& one : paths) File(one, pattern);
  }

  void TellNothing(const rules::LocatedText& pattern, std::string what) {
    if (by_hand_) {
      result_.diagnostics.Error(kNoSuchFile, pattern.Whole(), std::move(what));
    } else {
      result_.diagnostics.Warning(kNoMatch, pattern.Whole(), std::move(what));
    }
  }

  void TestsBeside(const fs::path& path, const rules::LocatedText& pattern) {
    if (!HasRuleFileName(path) || IsTestFile(path)) return;
    for (const char* extension : {".test.yml", ".test.yaml"}) {
      const fs::path beside = fs::path(path).replace_extension(extension);
      std::error_code code;
      if (fs::exists(beside, code)) File(beside.string(), pattern);
    }
  }

  void File(const std::string& path, const rules::LocatedText& pattern) {
    if (!seen_.insert(path).second) return;
    FileText text = by_hand_ ? ReadStreamText(path) : ReadFileText(path);
    if (text.file != nullptr) {
      (IsTestFile(path) ? result_.tests : result_.files).push_back(std::move(text.file));
      return;
    }
    std::error_code code;
    const bool there = fs::exists(path, code) && !code;
    result_.diagnostics.Error(there ? rules::kUnreadableFile : kNoSuchFile, pattern.Whole(),
                              "cannot read " + path + ": " + text.error);
  }

  const fs::path base_;
  const bool by_hand_;
  const bool tests_beside_;
  std::set<std::string> seen_;
  RuleFiles result_;
};

}  // namespace

bool HasRuleFileName(const std::string& path) {
  const fs::path extension = fs::path(path).extension();
  return extension == ".yml" || extension == ".yaml";
}

RuleFiles ReadRuleFiles(const Config& config) {
  RuleFinder finder(config.folder, false, false);
  for (const rules::LocatedText& pattern : config.rules) finder.Pattern(pattern);
  return finder.Take();
}

RuleFiles ReadRuleFiles(const std::vector<std::string>& patterns, bool tests_beside) {
  RuleFinder finder("", true, tests_beside);
  for (const std::string& pattern : patterns) finder.Pattern(rules::LocatedText(pattern));
  return finder.Take();
}

}  // namespace telltale::config
