// The text of a file as yaml-cpp reads it: a stream buffer that counts how far the parser has read
// ahead of what it has told.
//
// While a bracket, a quote or a possible key is open, yaml-cpp keeps every token since, 180 bytes
// for each: a flow list of 16 MB becomes gigabytes before the first event. Here reading ends once
// that goes too far.
//
// Owner: ReadYaml; borrows the text. Thread: one. Units: bytes. Errors: ReadAhead::TooFar, thrown
// through yaml-cpp.
#ifndef TELLTALE_RULES_LOAD_YAML_READ_AHEAD_H_
#define TELLTALE_RULES_LOAD_YAML_READ_AHEAD_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <streambuf>
#include <string_view>

namespace telltale::rules {

class ReadAhead : public std::streambuf {
 public:
  struct TooFar {};

  // `told`: the place up to which the parser has told what it read; moved on by who listens to it.
  ReadAhead(std::string_view text, const uint32_t& told, size_t most) : told_(told), most_(most) {
    char* begin = const_cast<char*>(text.data());  // a get area is never written to
    setg(begin, begin, begin + text.size());
  }

 protected:
  std::streamsize xsgetn(char* to, std::streamsize count) override {
    if (static_cast<size_t>(gptr() - eback()) > told_ + most_) throw TooFar{};
    const std::streamsize size = std::min<std::streamsize>(count, egptr() - gptr());
    std::memcpy(to, gptr(), static_cast<size_t>(size));
    setg(eback(), gptr() + size, egptr());
    return size;
  }

 private:
  const uint32_t& told_;
  size_t most_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_READ_AHEAD_H_
