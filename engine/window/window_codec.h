// The byte form of what a rule's window keeps of one key. After the head (state_codec.h):
//
//   marks      a byte of flags; where a limit has acted the hour (P10); where values were told
//              (emit: on_change) their hash
//   events     those that are held, each once (held_events.h)
//   common     the key's parts where the plan keeps them; the events shown as evidence, from the
//              oldest on: their number, of each its source and number; then the cells of the
//              accumulators in the plan's order
//   the rest   of a sliding window its entries, or its panes; of others the number of events, and
//              where in time the window is
//
// Cells that follow from the entries are not written. Times of a key are differences from the one
// before. Owner: the caller. Thread: the shard's. Errors: as state_codec.h says.
#ifndef TELLTALE_ENGINE_WINDOW_WINDOW_CODEC_H_
#define TELLTALE_ENGINE_WINDOW_WINDOW_CODEC_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "engine/event/bytes.h"
#include "engine/pattern/state_codec.h"
#include "engine/window/pane_queue.h"
#include "engine/window/window_plan.h"
#include "engine/window/window_store.h"

namespace telltale::engine {

void WriteWindowHead(const WindowPlan& plan, const Hash128& key, ByteWriter& out);
// The key. Whether a state of this head can go on in this plan.
absl::StatusOr<Hash128> ReadWindowHead(const WindowPlan& plan, ByteReader& in);

void WriteWindowMarks(const WindowKey& key, std::optional<int64_t> limited, ByteWriter& out);
// The hour in which a limit has acted last.
WindowMarks ReadWindowMarks(WindowKey& key, ByteReader& in);

void WritePanes(const PaneQueue& panes, const Accumulators& accumulators,
                const HeldEventsEncoder& held, ByteWriter& out);
void ReadPanes(PaneQueue& panes, Accumulators& accumulators, const HeldEvents& held,
               ByteReader& in);
// The number of events in a window.
uint64_t ReadCount(ByteReader& in);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_WINDOW_CODEC_H_
