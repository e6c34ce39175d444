// Rules over windows and new terms at random, and events that come at their bounds.
//
// Events are those of random_rule.h, some of them moved by less than the pane of a window, with a
// list of keys (ks), halves among the numbers and silences that let windows become empty. Most
// rules load. Owner: the test. Thread: any.
#ifndef TELLTALE_TESTS_MODEL_RANDOM_WINDOW_H_
#define TELLTALE_TESTS_MODEL_RANDOM_WINDOW_H_

#include <vector>

#include "tests/model/choices.h"
#include "tests/model/window_spec.h"

namespace telltale::model {

WindowSpec RandomWindow(Choices& choices, int streams);
std::vector<ScenarioEvent> RandomWindowEvents(Choices& choices,
                                              const std::vector<ScenarioStream>& streams,
                                              int count);
WindowCase RandomWindowCase(Choices& choices);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_RANDOM_WINDOW_H_
