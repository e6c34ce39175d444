// Bytes are decisions (tests/model/choices.h) that make a rule of the whole language and events for
// it; where the rule loads the engine has to find what the reference finds, whatever the settings,
// and the same when its state goes through bytes on the way.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/model/agreement.h"
#include "tests/model/random_rule.h"

namespace telltale::model {
namespace {

void Run(const uint8_t* data, size_t size) {
  Choices choices(data, size);
  EngineSetting setting;
  setting.workers = static_cast<uint32_t>(choices.Between(1, 3));
  setting.batch_events = static_cast<uint32_t>(choices.Between(1, 7));
  setting.flush_every = static_cast<uint32_t>(choices.Between(1, 5));
  setting.recode_percent = static_cast<uint32_t>(choices.Between(0, 1) * 50);
  const Case made = RandomCase(choices);
  if (Compare(made.scenario, setting) != Agreement::kDiffers) return;
  std::fputs(Explain(made, setting).c_str(), stderr);
  std::abort();
}

}  // namespace
}  // namespace telltale::model

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  telltale::model::Run(data, size);
  return 0;
}
