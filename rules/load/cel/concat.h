// Joins pieces of text into a message. (absl::StrCat does not take std::string_view where Abseil
// was built with a string_view of its own, as Debian 12's was.) Owner: the
// text is the caller's. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_CONCAT_H_
#define TELLTALE_RULES_LOAD_CEL_CONCAT_H_

#include <string>
#include <string_view>

namespace telltale::rules {

template <typename... Parts>
std::string Concat(const Parts&... parts) {
  std::string out;
  (out.append(std::string_view(parts)), ...);
  return out;
}

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_CONCAT_H_
