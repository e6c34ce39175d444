// The `telltale` binary.
#include <cstdio>

int main() {
  std::puts("telltale 0.1.0");
  return 0;
}
