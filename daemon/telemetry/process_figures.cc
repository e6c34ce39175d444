#include "daemon/telemetry/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>

namespace telltale::telemetry {
namespace {

void ReadMemory(const std::string& proc, ProcessFigures& figures) {
  std::ifstream statm(proc + "/statm");
  uint64_t pages = 0;
  uint64_t resident = 0;
  if (!(statm >> pages >> resident)) return;
  uint64_t page_size = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  figures.virtual_bytes = pages * page_size;
  figures.resident_bytes = resident * page_size;
}

// Fields 14 and 15 of stat, counted behind the name, which is in brackets and may hold anything.
void ReadCpu(const std::string& proc, ProcessFigures& figures) {
  std::ifstream stat(proc + "/stat");
  stat.ignore(std::numeric_limits<std::streamsize>::max(), ')');
  std::string skipped;
  for (int field = 3; field < 14; ++field) stat >> skipped;
  double user = 0;
  double system = 0;
  if (!(stat >> user >> system)) return;
  figures.cpu_seconds = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void ReadFiles(const std::string& proc, ProcessFigures& figures) {
  std::error_code error;
  std::filesystem::directory_iterator files(proc + "/fd", error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) {
    ++figures.open_files;
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.max_open_files = limit.rlim_cur;
}

}  // namespace

ProcessFigures ReadProcessFigures(const std::string& proc) {
  ProcessFigures figures;
  ReadMemory(proc, figures);
  ReadCpu(proc, figures);
  ReadFiles(proc, figures);
  return figures;
}

}  // namespace telltale::telemetry
