// Numbers as text: what templates, JSON, keys and string() show.
//
// A double is the shortest decimal that reads back as it; without an exponent ("2700", "0.25")
// where its magnitude is in [1e-6, 1e21), integral ones then with all their digits, else with one
// ("1e+21"); "NaN", "Infinity", "-Infinity"; minus zero is "-0".
//
// Owner: the buffer's. Thread: any. Errors: none.
#ifndef TELLTALE_ENGINE_CONDITION_NUMBER_TEXT_H_
#define TELLTALE_ENGINE_CONDITION_NUMBER_TEXT_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace telltale::engine {

using NumberBuffer = std::array<char, 64>;

std::string_view IntText(int64_t number, NumberBuffer& buffer);
std::string_view UintText(uint64_t number, NumberBuffer& buffer);
std::string_view DoubleText(double number, NumberBuffer& buffer);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_NUMBER_TEXT_H_
