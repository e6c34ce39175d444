// A sample as the figures that reports show.
//
// Owner: value type. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_SAMPLE_FIGURES_H_
#define TELLTALE_DAEMON_SAMPLE_FIGURES_H_

#include "daemon/report/sample_figures.h"
#include "daemon/sample/sample.h"
#include "rules/model/stream.h"

namespace telltale::sample {

report::SampleFigures Figures(const Sample& sample, const rules::StreamCatalog& streams);

}  // namespace telltale::sample

#endif  // TELLTALE_DAEMON_SAMPLE_FIGURES_H_
