// One JSON value into a place of an event: scalars, and lists and maps with all that is in them.
//
// A value is judged by itself (V7): where any part of it is malformed, nested too deeply or not of
// its declared type, the whole value is that error. Of equal keys the last counts. Numbers are
// V5's: int64 where the text is an integer in range, else double; uint64 where that is declared.
//
// Owner: a decoder. Thread: one at a time. Errors: ErrorCode values. Once it has grown, no
// allocation.
#ifndef TELLTALE_DAEMON_DECODE_JSON_VALUE_H_
#define TELLTALE_DAEMON_DECODE_JSON_VALUE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/decode/json_index.h"
#include "engine/event/event.h"
#include "rules/model/type.h"

namespace telltale::decode {

// How many lists and maps may stand in each other in one value.
inline constexpr uint32_t kMaxValueDepth = 64;

class JsonValueReader {
 public:
  JsonValueReader(const JsonIndex& index, engine::EventBuilder& builder)
      : index_(index), builder_(builder) {}

  // Before each text.
  void Begin();

  // The value that begins at `i` (and is balanced) into `ref`, or its error. `as_double`: a number
  // becomes a double.
  void Read(uint32_t i, engine::EventBuilder::Ref ref, const rules::Type& type, bool as_double);

  // The string that begins at `i`, with its escapes resolved; borrowed until the next call. Nothing
  // where an escape is wrong.
  std::optional<std::string_view> Text(uint32_t i);
  bool has_escapes() const { return has_escapes_; }

  // Whether a scalar begins at `i` that JSON has.
  bool IsScalar(uint32_t i);

 private:
  using Ref = engine::EventBuilder::Ref;
  struct Extent {
    uint32_t elements = 0;
    uint32_t end = 0;  // the position after the closing bracket
  };
  struct MapKey {
    std::string_view name;
    uint32_t value = 0;  // where it begins
  };

  engine::ErrorCode Scalar(uint32_t i, Ref ref, const rules::Type& type, bool as_double);
  engine::ErrorCode StringValue(uint32_t i, Ref ref, const rules::Type& type);
  engine::ErrorCode NumberValue(uint32_t i, Ref ref, const rules::Type& type, bool as_double);
  engine::ErrorCode Word(uint32_t i, Ref ref, const rules::Type& type);
  // Checks the grammar of what is between brackets and notes the extents.
  engine::ErrorCode Measure(uint32_t& i, uint32_t depth);
  engine::ErrorCode Build(uint32_t i, Ref ref, const rules::Type& type);
  engine::ErrorCode BuildList(uint32_t i, Ref ref, const rules::Type& type);
  engine::ErrorCode BuildMap(uint32_t i, Ref ref, const rules::Type& type);
  bool CollectKeys(uint32_t i);
  void KeepLastOfEqualKeys(size_t begin);
  uint32_t After(uint32_t i) const;
  std::optional<std::string_view> Resolve(std::string_view raw);

  const JsonIndex& index_;
  engine::EventBuilder& builder_;
  bool has_escapes_ = false;
  std::vector<Extent> extents_;  // by position
  std::vector<MapKey> keys_;     // of the maps that are being built, the innermost last
  std::vector<char> arena_;      // resolved texts; never grows within one text
  size_t arena_used_ = 0;
};

}  // namespace telltale::decode

#endif  // TELLTALE_DAEMON_DECODE_JSON_VALUE_H_
