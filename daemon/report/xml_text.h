// Text in XML: what JUnit reports and drawings write between tags and into attributes.
//
// Owner: the text is the caller's. Thread: any. Errors: none; what XML 1.0 has no character for is
// U+FFFD. Source: XML 1.0, "Characters" and "Predefined Entities".
#ifndef TELLTALE_DAEMON_REPORT_XML_TEXT_H_
#define TELLTALE_DAEMON_REPORT_XML_TEXT_H_

#include <string>
#include <string_view>

namespace telltale::report {

// REQUIRES: `text` is UTF-8.
std::string XmlText(std::string_view text);

}  // namespace telltale::report

#endif  // TELLTALE_DAEMON_REPORT_XML_TEXT_H_
