// Events as text for tests: `a.b=1 c="x" d=[1,2.5d] e={k:true} f=absent g=bad_value`.
//
// Thread: any. Errors: none.
#ifndef TELLTALE_TESTS_DAEMON_EVENT_TEXT_H_
#define TELLTALE_TESTS_DAEMON_EVENT_TEXT_H_

#include <string>

#include "engine/event/event.h"
#include "engine/event/layout.h"

namespace telltale::decode {

// Doubles end in d, uints in u; strings are in quotes as they are; maps are in order of their keys.
std::string ValueText(engine::Value value);
std::string EventText(const engine::Event& event, const engine::EventLayout& layout);

}  // namespace telltale::decode

#endif  // TELLTALE_TESTS_DAEMON_EVENT_TEXT_H_
