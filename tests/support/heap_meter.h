// How much of the heap a piece of code takes: linking heap_meter.cc into a test binary replaces
// operator new and delete, those of shared libraries included.
//
// Thread: any; the meter is of the whole process. Units: bytes, as malloc rounds them.
#ifndef TELLTALE_TESTS_SUPPORT_HEAP_METER_H_
#define TELLTALE_TESTS_SUPPORT_HEAP_METER_H_

#include <cstddef>

namespace telltale::tests {

// From its construction on. One at a time.
class HeapMeter {
 public:
  HeapMeter();
  // The most that was held at a time beyond what was held at the beginning.
  size_t peak() const;
  // What is held now beyond that; 0 where it is less.
  size_t held() const;

 private:
  size_t before_;
};

}  // namespace telltale::tests

#endif  // TELLTALE_TESTS_SUPPORT_HEAP_METER_H_
