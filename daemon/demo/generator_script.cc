#include "daemon/demo/generator_script.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace telltale::demo {

uint64_t Dice::Next() {
  uint64_t z = state_ += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

User MakeUser(const std::string& name, Dice& dice) {
  static constexpr const char* kCountries[] = {"DE", "FR", "PL", "NL", "ES", "IT"};
  User user;
  user.name = name;
  user.country = kCountries[dice.Below(6)];
  user.device = absl::StrCat("d-", name.substr(2), "-1");
  user.ip = absl::StrFormat("10.%d.%d.%d", dice.Below(256), dice.Below(256), 1 + dice.Below(254));
  user.traveller = dice.OneIn(10);
  user.pays_rent = dice.OneIn(5);
  return user;
}

size_t Script::LogsIn(int64_t at, const Login& login) {
  std::string json = absl::StrFormat(
      R"({"ts":%d,"user_id":"%s","result":"%s","country":"%s","home_country":"%s")", at, user_.name,
      login.result, login.country.empty() ? user_.country : login.country, user_.country);
  if (!login.mfa.empty()) absl::StrAppend(&json, R"(,"mfa":")", login.mfa, "\"");
  absl::StrAppend(&json, R"(,"ip":")", login.ip.empty() ? user_.ip : login.ip,
                  "\",\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64)\",\"session\":\"",
                  absl::StrFormat("%016x", dice_.Next()), "\"}");
  drafts_.push_back({kLogins, at, user_.name, std::move(json)});
  return drafts_.size() - 1;
}

size_t Script::ChangesDevice(int64_t at, const std::string& action, const std::string& device) {
  static constexpr const char* kModels[] = {"Pixel 9", "iPhone 16", "ThinkPad X1", "Galaxy S25"};
  drafts_.push_back(
      {kDevices, at, user_.name,
       absl::StrFormat(R"({"changed_at":%d,"account":"%s","action":"%s","id":"%s","model":"%s"})",
                       at, user_.name, action, device, kModels[dice_.Below(4)])});
  return drafts_.size() - 1;
}

size_t Script::Pays(int64_t at, int64_t cents, const std::string& device,
                    const std::string& payer) {
  const std::string& name = payer.empty() ? user_.name : payer;
  drafts_.push_back(
      {kTransactions, at, name,
       absl::StrFormat(
           R"({"booked_at":%d,"transaction":"t-%012x","payer":{"id":"%s","country":"%s"},"amount":%d.%02d,"currency":"EUR","device_id":"%s","merchant":"m-%04d"})",
           at, dice_.Next() >> 16, name, user_.country, cents / 100, cents % 100, device,
           dice_.Below(2000))});
  return drafts_.size() - 1;
}

}  // namespace telltale::demo
