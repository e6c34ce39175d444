#include "rules/load/window/window_reader.h"

#include <string>
#include <string_view>
#include <utility>

#include "rules/load/vocabulary/window_keys.h"
#include "rules/load/yaml/quantity.h"
#include "rules/model/scalar_text.h"

namespace telltale::rules {
namespace {

constexpr int64_t kDay = int64_t{86'400} * 1'000'000'000;

constexpr std::pair<std::string_view, WindowKind> kKinds[] = {{"sliding", WindowKind::kSliding},
                                                              {"tumbling", WindowKind::kTumbling},
                                                              {"hopping", WindowKind::kHopping},
                                                              {"session", WindowKind::kSession}};

class WindowReader {
 public:
  WindowReader(RuleContext& context, const Node& node, Window& window)
      : context_(context), node_(node), window_(window) {}

  bool Read() {
    if (!context_.values.Map(node_, WindowKeys()) || !Kind()) return false;
    const size_t told = context_.diagnostics.errors();
    Every();
    Offset();
    Zone();
    Longest();
    return context_.diagnostics.errors() == told;
  }

 private:
  // One of the four, with its length.
  bool Kind() {
    const Entry* chosen = nullptr;
    for (const Entry& entry : node_.entries) {
      for (const auto& [word, kind] : kKinds) {
        if (entry.key.text() != word) continue;
        if (chosen != nullptr) {
          context_.diagnostics
              .Error(
                  kConflictingKeys, entry.key.Whole(),
                  "a window is of one kind, and this one is '" + chosen->key.text() + "' already")
              .labels.push_back({chosen->key.Whole(), "here"});
          return false;
        }
        chosen = &entry;
        window_.kind = kind;
      }
    }
    if (chosen == nullptr) {
      context_.diagnostics.Error(
          kMissingKey, node_.span,
          "a window is one of sliding, tumbling, hopping and session: { sliding: 10m }");
      return false;
    }
    name_ = chosen->key.text();
    const auto size = context_.values.Duration(chosen->value, "'" + name_ + "'", 1);
    if (size) window_.size = *size;
    window_.every = window_.size;
    return size.has_value();
  }

  // Whether the key is there; where the window is of another kind it is refused.
  const Node* Only(const char* key, bool fits, const char* of) {
    const Node* node = node_.Find(key);
    if (node == nullptr || fits) return node;
    context_.diagnostics.Error(
        kBadWindow, node->span,
        "'" + std::string(key) + "' is of " + of + ", and this window is '" + name_ + "'");
    return nullptr;
  }

  void Every() {
    const bool hopping = window_.kind == WindowKind::kHopping;
    const Node* every = Only("every", hopping, "'hopping'");
    if (!hopping) return;
    if (every == nullptr) {
      context_.diagnostics.Error(kMissingKey, node_.span,
                                 "a hopping window needs 'every': how long after one the next "
                                 "begins");
      return;
    }
    const auto read = context_.values.Duration(*every, "'every'", 1);
    if (!read) return;
    window_.every = *read;
    if (*read >= window_.size) {
      context_.diagnostics.Error(kBadWindow, every->span,
                                 *read == window_.size
                                     ? "windows that begin where one ends are 'tumbling'"
                                     : "between the windows there would be times that none covers");
    } else if (window_.size % *read != 0) {
      context_.diagnostics.Error(kBadWindow, every->span,
                                 "'every' must divide the length of the window, " +
                                     FormatDuration(window_.size) + ", without a rest");
    }
  }

  void Offset() {
    const bool aligned =
        window_.kind == WindowKind::kTumbling || window_.kind == WindowKind::kHopping;
    const Node* offset = Only("offset", aligned, "'tumbling' and 'hopping'");
    if (offset == nullptr) return;
    window_.offset = context_.values.Duration(*offset, "'offset'").value_or(0);
    if (window_.offset < window_.every) return;
    context_.diagnostics.Error(kBadWindow, offset->span,
                               "'offset' must be less than " + FormatDuration(window_.every) +
                                   ": windows begin that often");
  }

  void Zone() {
    const Node* zone = Only("zone", window_.kind == WindowKind::kTumbling, "'tumbling'");
    if (zone == nullptr) return;
    const auto name = context_.values.Text(*zone, "'zone'");
    if (!name) return;
    if (!IsZoneName(name->text()) || !ZoneMistake(name->text()).empty()) {
      context_.diagnostics.Error(kBadConstant, zone->span,
                                 "'" + name->text() + "' is not the name of a time zone; write " +
                                     "for example Europe/Paris");
      return;
    }
    if (window_.size % kDay != 0 && kDay % window_.size != 0) {
      context_.diagnostics.Error(kBadWindow, zone->span,
                                 "with a 'zone' windows begin at its midnights: their length is "
                                 "whole days, or a part of one without a rest");
    }
    window_.zone = name->text();
  }

  void Longest() {
    const Node* longest = Only("longest", window_.kind == WindowKind::kSession, "'session'");
    if (longest == nullptr) return;
    window_.longest = context_.values.Duration(*longest, "'longest'", 1);
  }

  RuleContext& context_;
  const Node& node_;
  Window& window_;
  std::string name_;
};

}  // namespace

bool ReadWindow(RuleContext& context, const Node& node, Window& window) {
  return WindowReader(context, node, window).Read();
}

}  // namespace telltale::rules
