// Finds where in the file each byte of a decoded YAML scalar stands.
//
// The YAML parser gives a scalar's value and where it begins, and nothing in between. Here the
// value and the source are read side by side, style by style: plain and quoted ones fold line
// breaks, double quotes have escapes, single quotes are doubled, block scalars lose their
// indentation. The value decides; where the two cannot be brought together, every byte gets the
// place where the scalar begins.
//
// Thread: no state, any. Units: bytes of the file. Errors: none.
#ifndef TELLTALE_RULES_LOAD_YAML_SCALAR_PLACES_H_
#define TELLTALE_RULES_LOAD_YAML_SCALAR_PLACES_H_

#include <string>

#include "rules/model/source.h"

namespace telltale::rules {

struct PlacedScalar {
  LocatedText text;
  uint32_t end = 0;    // after the last byte of the scalar, its closing quote included
  bool exact = false;  // false: only the beginning is known
};

// `begin`: the first byte of the scalar, its opening quote or block indicator.
PlacedScalar PlaceScalar(std::string value, const SourcePtr& file, uint32_t begin, bool plain);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_SCALAR_PLACES_H_
