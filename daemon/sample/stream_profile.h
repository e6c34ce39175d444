// Which fields the events of a stream have, how often, and of which types: learnt from a sample.
//
// A field is a path of member names; lists are not looked into. Every path counts, that of an
// object as well as those of its members. Streams with names of their own in every event (maps by
// user, say) would have no end of paths: beyond kMostFields new ones are left out, but for those
// that Keep names, which are always counted.
//
// Owner: a Sample. Thread: one. Units: events. Errors: none.
#ifndef TELLTALE_DAEMON_SAMPLE_STREAM_PROFILE_H_
#define TELLTALE_DAEMON_SAMPLE_STREAM_PROFILE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/value.h"
#include "rules/model/stream.h"

namespace telltale::sample {

struct FieldProfile {
  int64_t events = 0;  // that have the field
  // How often its value was of a kind that JSON has.
  std::array<int64_t, static_cast<size_t>(engine::ValueKind::kMap) + 1> kinds{};

  int64_t Of(engine::ValueKind kind) const { return kinds[static_cast<size_t>(kind)]; }
  int64_t Numbers() const;
  int64_t Nulls() const { return Of(engine::ValueKind::kNull); }
  // "string", "int", the most frequent first; "null" last.
  std::vector<std::string_view> Types() const;
};

struct ProfiledField {
  rules::FieldPath path;
  FieldProfile profile;
};

class StreamProfile {
 public:
  static constexpr size_t kMostFields = 10'000;

  // Before the first Add.
  void Keep(const rules::FieldPath& path);
  // REQUIRES: a map, as decoders make of an event.
  void Add(engine::Value event);

  int64_t events() const { return events_; }
  // Null: no event had it.
  const FieldProfile* Find(const rules::FieldPath& path) const;
  // The most frequent first, then by path.
  std::vector<ProfiledField> Fields() const;
  bool left_out() const { return left_out_; }  // whether there were more than kMostFields

 private:
  struct Node {
    FieldProfile profile;
    std::map<std::string, std::unique_ptr<Node>, std::less<>> children;
  };
  void AddMembers(engine::Value map, Node& node);
  Node* Member(Node& node, std::string_view name);
  static void Collect(const Node& node, rules::FieldPath& path, std::vector<ProfiledField>& out);

  Node root_;
  size_t nodes_ = 0;
  int64_t events_ = 0;
  bool left_out_ = false;
};

// "payer.id".
std::string PathText(const rules::FieldPath& path);

}  // namespace telltale::sample

#endif  // TELLTALE_DAEMON_SAMPLE_STREAM_PROFILE_H_
