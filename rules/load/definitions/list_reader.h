// The contents of a list: the values that stand in a rule file, or those of a file that it names,
// one a line or a column of a CSV file.
//
//   vips:     [a, b, 17]                                    # as YAML types them
//   vips:     { values: ['17'], type: string }
//   vips:     { file: vips.txt }                            # text, one value a line
//   scores:   { file: s.csv, column: score, delimiter: ';', type: double }
//
// In a text file blanks around a value, empty lines and lines that begin with '#' do not count.
// Values of a file are texts unless `type` says otherwise. A value that comes again is dropped,
// with a warning where it stands in the rule file itself.
//
// Owner: the list is the caller's. Thread: no shared state. Errors: diagnostics, with places in the
// file that was read; a list with errors lacks what was wrong.
#ifndef TELLTALE_RULES_LOAD_DEFINITIONS_LIST_READER_H_
#define TELLTALE_RULES_LOAD_DEFINITIONS_LIST_READER_H_

#include <memory>

#include "rules/load/definitions/data_files.h"
#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"
#include "rules/model/named_list.h"

namespace telltale::rules {

// `data` null: no file can be read.
std::shared_ptr<const NamedList> ReadList(const LocatedText& name, const Node& node,
                                          DataFiles* data, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_DEFINITIONS_LIST_READER_H_
