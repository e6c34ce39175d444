// The contents of a list that rules name (`lists.test_accounts`): texts and numbers, each once, in
// the order in which they were added, and whether a value is among them, in constant time.
//
// Equality is CEL's: 17, 17u and 17.0 are one value, 17 and "17" are two. A million entries are
// fine: an entry is 16 bytes and its text, beside 5 to 10 bytes of the index. Contents are inputs,
// no part of a rule's fingerprint (V6); a list with other contents belongs to another rule set.
//
// Owner: RuleSet, shared. Thread: immutable once it is shared, any. Errors: none.
#ifndef TELLTALE_RULES_MODEL_NAMED_LIST_H_
#define TELLTALE_RULES_MODEL_NAMED_LIST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "rules/model/type.h"

namespace telltale::rules {

class NamedList {
 public:
  // A text borrows: from the list, or from the caller who asks.
  using Element = std::variant<int64_t, uint64_t, double, std::string_view>;

  explicit NamedList(std::string name);
  NamedList(const NamedList&) = delete;
  NamedList& operator=(const NamedList&) = delete;

  // False: it is among them already. nan is never equal to anything, and is not taken.
  bool Add(Element element);
  bool Contains(Element element) const { return index_.contains(element); }

  const std::string& name() const { return name_; }
  size_t size() const { return stored_.size(); }
  // REQUIRES: i < size(). Valid until the next Add.
  Element operator[](size_t i) const;
  // list(string), list(int), list(double); list(dyn) where they differ, or there is none.
  Type type() const;

 private:
  enum class Kind : uint8_t { kInt, kUint, kDouble, kText };
  struct Stored {
    Kind kind;
    uint32_t size;  // of a text
    uint64_t bits;  // of a number; of a text: where it begins in texts_
  };
  // Both take elements and their numbers.
  struct Hash {
    using is_transparent = void;
    const NamedList* list;
    size_t operator()(uint32_t i) const { return (*this)((*list)[i]); }
    size_t operator()(const Element& element) const;
  };
  struct Equal {
    using is_transparent = void;
    const NamedList* list;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return Same(Get(a), Get(b));
    }
    Element Get(uint32_t i) const { return (*list)[i]; }
    const Element& Get(const Element& element) const { return element; }
    static bool Same(const Element& a, const Element& b);
  };

  std::string name_;
  std::vector<Stored> stored_;
  std::string texts_;
  absl::flat_hash_set<uint32_t, Hash, Equal> index_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_NAMED_LIST_H_
