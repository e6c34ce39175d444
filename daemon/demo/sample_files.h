// The files of deploy/sample as the binary carries them: config and rules of the demo.
//
// Owner: static constants. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_DEMO_SAMPLE_FILES_H_
#define TELLTALE_DAEMON_DEMO_SAMPLE_FILES_H_

#include <span>
#include <string_view>

namespace telltale::demo {

struct SampleFile {
  std::string_view path;  // below deploy/sample
  std::string_view text;
};

// The config first, then the rules in order of their names.
std::span<const SampleFile> SampleFiles();

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_SAMPLE_FILES_H_
