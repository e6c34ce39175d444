// The stable codes of diagnostics. A code is never reused and never changes its meaning; the one-line title is what
// the reference lists. R00xx YAML, R01xx documents and keys, R02xx rule structure, R03xx expression syntax, R04xx
// expression names and types, R05xx words of the language that this version does not have, C01xx the daemon's config;
// R09xx and C09xx are warnings.
#ifndef TELLTALE_RULES_MODEL_CODES_H_
#define TELLTALE_RULES_MODEL_CODES_H_

namespace telltale::rules {

struct Code {
  const char* id = "";
  const char* title = "";
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_CODES_H_
