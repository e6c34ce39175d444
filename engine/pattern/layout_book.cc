#include "engine/pattern/layout_book.h"

#include <string_view>
#include <utility>

namespace telltale::engine {
namespace {

void DescribeOne(std::string_view stream, const EventLayout& layout, ByteWriter& out) {
  out.Text(stream);
  out.Varint(layout.slot_count());
  for (const Field& field : layout.fields()) {
    out.Varint(field.path.size());
    for (const std::string& name : field.path) out.Text(name);
  }
}

// Its own bytes are what identifies a layout.
uint64_t IdentityOfDescription(std::string_view description) { return HashBytes(description)[0]; }

}  // namespace

LayoutBook::LayoutBook(const rules::StreamCatalog& streams, const std::vector<EventLayout>& layouts)
    : streams_(streams), layouts_(layouts) {
  for (uint32_t stream = 0; stream < layouts.size(); ++stream) {
    std::string description;
    ByteWriter writer(description);
    DescribeOne(streams[stream].name, layouts[stream], writer);
    identities_.push_back(IdentityOfDescription(description));
    Reading reading{.stream = stream, .slots = {}};
    for (uint32_t slot = 0; slot < layouts[stream].slot_count(); ++slot)
      reading.slots.push_back(slot);
    readings_.emplace(identities_.back(), std::move(reading));
  }
}

void LayoutBook::Describe(ByteWriter& out) const {
  out.Varint(layouts_.size());
  for (uint32_t stream = 0; stream < layouts_.size(); ++stream) {
    std::string description;
    ByteWriter writer(description);
    DescribeOne(streams_[stream].name, layouts_[stream], writer);
    out.Text(description);
  }
}

void LayoutBook::Learn(ByteReader& in) {
  for (size_t count = in.Count(); count > 0; --count) {
    const std::string_view description = in.Text();
    ByteReader reader(description);
    const std::string_view name = reader.Text();
    Reading reading;
    reading.stream = streams_.Find(name);
    for (size_t slots = reader.Count(); slots > 0; --slots) {
      rules::FieldPath path;
      for (size_t names = reader.Count(); names > 0; --names) path.emplace_back(reader.Text());
      const auto slot =
          reading.stream ? layouts_[*reading.stream].Find(path) : std::optional<uint32_t>();
      reading.slots.push_back(slot.value_or(kNoSlot));
    }
    reader.End();
    if (!reader.ok()) return in.Fail("a layout's description that is not well-formed");
    readings_.emplace(IdentityOfDescription(description), std::move(reading));
  }
}

const LayoutBook::Reading* LayoutBook::Find(uint64_t identity) const {
  const auto it = readings_.find(identity);
  return it == readings_.end() ? nullptr : &it->second;
}

}  // namespace telltale::engine
