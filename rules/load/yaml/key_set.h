// The keys of a map, declared once: what each is called, what it takes, what it is for.
//
// The reader refuses what is not in here, and the JSON Schema (`telltale schema`) says the same to
// editors; a test holds the two against each other. A key that is declared by its name alone takes
// anything as far as the schema knows.
//
// Owner: tables of constants. Thread: immutable, any. Units: durations in nanoseconds, sizes in
// bytes. Errors: none.
#ifndef TELLTALE_RULES_LOAD_YAML_KEY_SET_H_
#define TELLTALE_RULES_LOAD_YAML_KEY_SET_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/diagnostic.h"

namespace telltale::rules {

// A word that a later version of the language has.
struct LaterWord {
  std::string_view word;
  Code code;
  std::string_view message;  // "'aggregate' (counts over windows) is not in this version"
};

struct KeySet;

// What a value has to be.
struct Takes {
  enum class Kind : uint8_t {
    kAnything,
    kText,    // any scalar that is not empty, as `pattern` has it
    kString,  // a string that is as `pattern` has it
    kTexts,   // a text or a list of texts
    kWord,    // one of `words`
    kWords,   // a list of `words`, from `least` to `greatest` of them
    kBool,
    kInt,       // from `least` to `greatest`
    kDuration,  // of `least` or more
    kBytes,     // a size from `least` to `greatest`
    kMap,       // with these `keys`
    kMaps,      // a list of such maps, from `least` to `greatest` of them
    kNames,     // a map of any names to texts
    kNamed,     // what the schema calls `named`: it has a shape of its own
  };
  Kind kind = Kind::kAnything;
  int64_t least = 0;
  int64_t greatest = 0;
  std::vector<std::string_view> words = {};
  const KeySet& (*keys)() = nullptr;
  std::string_view pattern = {};  // of ECMA 262
  std::string_view named = {};

  static Takes Text(std::string_view pattern = {}) {
    return {.kind = Kind::kText, .pattern = pattern};
  }
  static Takes String(std::string_view pattern) {
    return {.kind = Kind::kString, .pattern = pattern};
  }
  static Takes Texts(int64_t least = 0, int64_t greatest = INT64_MAX) {
    return {.kind = Kind::kTexts, .least = least, .greatest = greatest};
  }
  static Takes Word(std::vector<std::string_view> words) {
    return {.kind = Kind::kWord, .words = std::move(words)};
  }
  static Takes Words(std::vector<std::string_view> words, int64_t least, int64_t greatest) {
    return {.kind = Kind::kWords, .least = least, .greatest = greatest, .words = std::move(words)};
  }
  static Takes Bool() { return {.kind = Kind::kBool}; }
  static Takes Int(int64_t least, int64_t greatest) {
    return {.kind = Kind::kInt, .least = least, .greatest = greatest};
  }
  static Takes Duration(int64_t least = 0) { return {.kind = Kind::kDuration, .least = least}; }
  static Takes Bytes(int64_t least = 0, int64_t greatest = INT64_MAX) {
    return {.kind = Kind::kBytes, .least = least, .greatest = greatest};
  }
  static Takes Map(const KeySet& (*keys)()) { return {.kind = Kind::kMap, .keys = keys}; }
  static Takes Maps(const KeySet& (*keys)(), int64_t least, int64_t greatest) {
    return {.kind = Kind::kMaps, .least = least, .greatest = greatest, .keys = keys};
  }
  static Takes Names() { return {.kind = Kind::kNames}; }
  static Takes Named(std::string_view name) { return {.kind = Kind::kNamed, .named = name}; }
};

struct Key {
  Key(const char* key) : name(key) {}  // NOLINT(google-explicit-constructor): lists of names
  // One of several kinds of values, where there is more than one.
  Key(const char* key, std::vector<Takes> values, std::string_view text)
      : name(key), takes(std::move(values)), says(text) {}

  std::string name;
  std::vector<Takes> takes;
  std::string_view says;  // what it is for, in a few words
};

struct KeySet {
  std::string_view owner;  // "a rule": for messages
  std::vector<Key> known;
  std::vector<LaterWord> later;
  std::vector<std::string_view> required = {};  // of `known`
  bool open = false;                            // other keys are legal
  bool null_is_absent = false;                  // of those that are not required

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const Key& key : known) names.push_back(key.name);
    return names;
  }
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_KEY_SET_H_
