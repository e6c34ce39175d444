// Lanes that would wait for themselves while one rule set follows another (A5, C2).
//
// Three things make a lane wait: its producers; where it takes state over, the lanes of the set
// before that hold it; and where it ends, matches of its producers that wait themselves, and go out
// from the sets to which their state has gone. Rules of different levels in one set can share a
// lane in the next, which then waits for the last of them. So the three can close to a circle, and
// no set in it would ever end.
//
// Owner: the engine. Thread: the ingest thread, at a switch. Errors: none.
#ifndef TELLTALE_ENGINE_RUNTIME_WAITING_CIRCLES_H_
#define TELLTALE_ENGINE_RUNTIME_WAITING_CIRCLES_H_

#include <deque>

#include "engine/runtime/active_rules.h"

namespace telltale::engine {

// `sets`: all that run, oldest first, each told of the next. In every circle, readers no longer
// wait for what goes out behind their T_s.
void BreakWaitingCircles(std::deque<ActiveRules>& sets);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_WAITING_CIRCLES_H_
