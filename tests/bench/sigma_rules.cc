#include "tests/bench/sigma_rules.h"

#include <array>
#include <utility>

#include "rules/load/cel/cel.h"
#include "tests/bench/workload.h"

namespace telltale::bench {
namespace {

constexpr std::array kPrograms = {
    "cmd",      "powershell", "pwsh",      "rundll32", "regsvr32", "mshta",    "wscript",
    "cscript",  "certutil",   "bitsadmin", "msbuild",  "schtasks", "sc",       "net",
    "net1",     "whoami",     "nltest",    "wmic",     "reg",      "vssadmin", "wevtutil",
    "ntdsutil", "esentutl",   "curl",      "wget",     "msiexec",  "cmstp",    "installutil",
    "regasm",   "odbcconf",   "hh",        "ftp",      "ssh",      "plink",    "procdump",
    "psexec",   "adfind",     "rclone",    "7z",       "rar"};
constexpr std::array kWords = {
    "download", "encoded",  "bypass",  "hidden",    "http://",    "https://", "invoke",
    "base64",   "shadow",   "delete",  "create",    "lsass",      "minidump", "ticket",
    "export",   "password", "/add",    "-enc",      "javascript", "appdata",  "\\temp\\",
    "public",   "startup",  "comsvcs", "transport", "query",      "trust",    "domain",
    "group",    "policy",   "disable", "exclusion"};
constexpr std::array kCalls = {"DeleteTrail",      "StopLogging",     "CreateUser",
                               "AttachUserPolicy", "PutBucketPolicy", "CreateAccessKey",
                               "ConsoleLogin",     "DeleteFlowLogs",  "ModifySnapshotAttribute",
                               "CreateKeyPair",    "UpdateTrail",     "PutRolePolicy"};

class Text {
 public:
  explicit Text(size_t number) : number_(number) {
    for (size_t i = 0; i < number % 97 + 1; ++i) random_.Next();
  }

  template <size_t size>
  std::string OneOf(const std::array<const char*, size>& words) {
    return words[random_.Below(size)];
  }
  bool OneIn(uint64_t n) { return random_.Below(n) == 0; }
  std::string Number(uint64_t below) { return std::to_string(random_.Below(below)); }
  // A word that this rule alone has.
  std::string Own() { return OneOf(kWords) + "-" + std::to_string(number_); }
  std::string Program() { return OneIn(4) ? "tool" + std::to_string(number_) : OneOf(kPrograms); }
  // "['\a.exe', '\b.exe']"
  std::string Images() {
    std::string text;
    for (uint64_t n = 1 + random_.Below(3); n > 0; --n)
      text += (text.empty() ? "['\\" : ", '\\") + Program() + ".exe'";
    return text + "]";
  }
  std::string Words() {
    std::string text;
    for (uint64_t n = 1 + random_.Below(3); n > 0; --n)
      text += (text.empty() ? "['" : ", '") + (n == 1 ? Own() : OneOf(kWords)) + "'";
    return text + "]";
  }

 private:
  size_t number_;
  Xorshift random_;
};

struct Body {
  std::string logsource;
  std::string detection;
};

std::string Selection(const std::string& name, const std::string& fields) {
  return "  " + name + ":\n" + fields;
}
std::string Field(const std::string& field, const std::string& value) {
  return "    " + field + ": " + value + "\n";
}

Body Process(Text& text) {
  std::string detection = Selection(
      "selection_img",
      Field("Image|endswith", text.Images()) +
          (text.OneIn(3) ? Field("OriginalFileName", text.Program() + ".exe") : std::string()));
  detection += Selection(
      "selection_cli",
      Field(text.OneIn(2) ? "CommandLine|contains|all" : "CommandLine|contains", text.Words()));
  std::string condition = "all of selection_*";
  if (text.OneIn(3)) {
    detection += Selection("filter_main", Field("ParentImage|endswith", text.Images()) +
                                              Field("User|contains", "[AUTHORI, AUTORI]"));
    condition += " and not 1 of filter_*";
  }
  return {"process_creation", detection + "  condition: " + condition + "\n"};
}

Body Registry(Text& text) {
  return {"registry_set",
          Selection("selection",
                    Field("TargetObject|contains", "'\\CurrentVersion\\" + text.Own() + "'") +
                        Field("Details", "'DWORD (0x0000000" + text.Number(9) + ")'")) +
              "  condition: selection\n"};
}

Body File(Text& text) {
  return {"file_event",
          Selection("selection", Field("TargetFilename|endswith",
                                       "['\\" + text.Own() + ".dll', '." + text.Program() + "']")) +
              "  condition: selection\n"};
}

Body Network(Text& text) {
  return {"network_connection",
          Selection("selection", Field("Image|endswith", text.Images()) +
                                     Field("DestinationPort", "[" + text.Number(65535) + ", " +
                                                                  text.Number(65535) + "]") +
                                     Field("Initiated", "'true'")) +
              Selection("filter",
                        Field("DestinationIp|cidr", "[10.0.0.0/8, 192.168.0.0/16, '::1/128']")) +
              "  condition: selection and not filter\n"};
}

Body Name(Text& text) {
  return {"dns_query",
          Selection("selection", Field("QueryName|endswith", "['." + text.Own() + ".example']")) +
              "  condition: selection\n"};
}

Body Image(Text& text) {
  return {"image_load",
          Selection("selection", Field("ImageLoaded|endswith", "'\\" + text.Own() + ".dll'")) +
              Selection("filter", Field("ImageLoaded|startswith",
                                        "['C:\\Windows\\System32\\', "
                                        "'C:\\Windows\\SysWOW64\\']")) +
              "  condition: selection and not filter\n"};
}

Body Security(Text& text) {
  return {"security", Selection("selection", Field("EventID", "[" + text.Number(6000) + ", " +
                                                                  text.Number(6000) + "]") +
                                                 Field("SubjectUserName|endswith", "$") +
                                                 Field("ObjectName", "'" + text.Own() + "'")) +
                          "  condition: selection\n"};
}

Body Cloud(Text& text) {
  return {"cloudtrail",
          Selection(
              "selection",
              Field("eventSource", (text.OneIn(10) ? "s3" : text.Own()) + ".amazonaws.com") +
                  Field("eventName", "[" + text.OneOf(kCalls) + ", " + text.OneOf(kCalls) + "]")) +
              Selection("failed", Field("errorCode", "AccessDenied")) +
              "  condition: selection and not failed\n"};
}

// In the proportions of the rule sets that the field shares.
Body BodyOf(size_t number, Text& text) {
  switch (number % 20) {
    case 10:
    case 11:
      return Registry(text);
    case 12:
    case 13:
      return File(text);
    case 14:
      return Network(text);
    case 15:
      return Name(text);
    case 16:
      return Image(text);
    case 17:
    case 18:
      return Security(text);
    case 19:
      return Cloud(text);
    default:
      return Process(text);
  }
}

constexpr std::array<std::pair<const char*, const char*>, 6> kSysmon = {
    {{"process_creation", "EventID == 1"},
     {"network_connection", "EventID == 3"},
     {"image_load", "EventID == 7"},
     {"file_event", "EventID == 11"},
     {"registry_set", "EventID == 13"},
     {"dns_query", "EventID == 22"}}};

bool OfSysmon(const std::string& logsource) {
  for (const auto& entry : kSysmon) {
    if (logsource == entry.first) return true;
  }
  return false;
}

}  // namespace

std::shared_ptr<const rules::StreamCatalog> SigmaStreams() {
  std::vector<rules::Stream> streams(3);
  const char* const names[] = {"sysmon", "security", "cloud"};
  for (size_t i = 0; i < streams.size(); ++i) streams[i].name = streams[i].topic = names[i];
  streams[1].logsources = {{.name = {.product = "windows", .category = "", .service = "security"}}};
  streams[2].logsources = {{.name = {.product = "aws", .category = "", .service = "cloudtrail"}}};
  const rules::StreamCatalog bare(streams);
  for (const auto& [category, where] : kSysmon) {
    rules::Scope scope;
    scope.streams = &bare;
    scope.event = 0;
    rules::Diagnostics diagnostics;
    streams[0].logsources.push_back(
        {.name = {.product = "windows", .category = category, .service = ""},
         .where = rules::Compile(rules::LocatedText(where), scope,
                                 rules::Type::Of(rules::TypeKind::kBool), diagnostics)});
  }
  return std::make_shared<const rules::StreamCatalog>(std::move(streams));
}

std::vector<rules::SourcePtr> SigmaRules() {
  std::vector<rules::SourcePtr> files;
  for (size_t number = 0; number < kSigmaRules; ++number) {
    Text text(number);
    const Body body = BodyOf(number, text);
    const std::string name = std::to_string(number);
    const std::string logsource =
        OfSysmon(body.logsource)
            ? "{ product: windows, category: " + body.logsource + " }"
            : "{ product: " + std::string(body.logsource == "security" ? "windows" : "aws") +
                  ", service: " + body.logsource + " }";
    files.push_back(std::make_shared<const rules::SourceFile>(
        "sigma/" + name + ".yml",
        "title: Something suspicious " + name + "\nid: 6f3e2987-db24-4c78-a860-" +
            std::to_string(100'000'000'000 + number) +
            "\nrelated:\n  - id: 6f3e2987-db24-4c78-a860-b4f4095a7095\n    type: derived\n"
            "status: test\ndescription: |\n  Detects the use of something, with arguments that are "
            "seen in an intrusion.\nreferences:\n  - https://example.org/reports/" +
            name +
            "\nauthor: A. Writer, B. Writer\ndate: 2024-03-01\nmodified: 2025-01-15\ntags:\n"
            "  - attack.execution\n  - attack.t1059.001\nlogsource: " +
            logsource + "\ndetection:\n" + body.detection +
            "falsepositives:\n  - Administration\nlevel: medium\n"));
  }
  return files;
}

std::vector<SigmaEvent> SigmaEvents(size_t count) {
  std::vector<SigmaEvent> events;
  for (size_t i = 0; i < count; ++i) {
    Text text(i * 31 + 7);
    SigmaFields fields;
    if (i % 8 == 0) {
      events.push_back({1,
                        {{"EventID", int64_t{4624}},
                         {"SubjectUserName", "HOST" + text.Number(100) + "$"},
                         {"ObjectName", "Security-" + text.Number(1000)}}});
      continue;
    }
    if (i % 8 == 1) {
      events.push_back(
          {2, {{"eventSource", "s3.amazonaws.com"}, {"eventName", text.OneOf(kCalls)}}});
      continue;
    }
    fields["Image"] =
        "C:\\Program Files\\" + text.OneOf(kWords) + "\\" + text.OneOf(kPrograms) + ".exe";
    fields["User"] = "CORP\\user" + text.Number(100);
    switch (i % 8) {
      case 2:
        fields["EventID"] = int64_t{3};
        fields["DestinationPort"] = int64_t{443};
        fields["DestinationIp"] = "203.0.113." + text.Number(255);
        fields["Initiated"] = "true";
        break;
      case 3:
        fields["EventID"] = int64_t{11};
        fields["TargetFilename"] =
            "C:\\Users\\u\\AppData\\Local\\Temp\\file" + text.Number(1000) + ".tmp";
        break;
      case 4:
        fields["EventID"] = int64_t{13};
        fields["TargetObject"] =
            "HKLM\\Software\\Vendor\\CurrentVersion\\value" + text.Number(1000);
        fields["Details"] = "DWORD (0x00000001)";
        break;
      default:
        fields["EventID"] = int64_t{1};
        fields["OriginalFileName"] = "tool.exe";
        fields["ParentImage"] = "C:\\Windows\\explorer.exe";
        fields["CommandLine"] = "\"C:\\Program Files\\Vendor\\Program " + text.Number(1000) +
                                "\\tool.exe\" --service --config \"C:\\ProgramData\\Vendor\\" +
                                text.Number(1000) + "\\settings.json\" --log-level info";
    }
    events.push_back({0, std::move(fields)});
  }
  return events;
}

}  // namespace telltale::bench
