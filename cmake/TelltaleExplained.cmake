# telltale_explained(FUNCTION name NAMESPACE ns HEADER include CODES header)
# writes explained.cc into the binary folder: a function with a table of the codes that a header
# declares as `Code kName{"R0101", "title"}`, each with the text of explain/<code>.md beside it.
# A code without a text gets an empty one; golden_explained_test says so.
function(telltale_explained)
  cmake_parse_arguments(ARG "" "FUNCTION;NAMESPACE;HEADER;CODES" "" ${ARGN})
  _telltale_check_arguments(telltale_explained ${ARG_FUNCTION} "${ARG_UNPARSED_ARGUMENTS}")
  set(header ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_CODES})
  file(GLOB texts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/explain/*.md)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header} ${texts})
  file(READ ${header} declarations)
  string(REGEX MATCHALL "{[ \n]*\"[A-Z][0-9][0-9][0-9][0-9]\",[ \n]*\"[^\"]*\"}" declared
    "${declarations}")
  list(TRANSFORM declared REPLACE "^{[ \n]*" "{")
  list(SORT declared)
  set(table "")
  foreach(code IN LISTS declared)
    string(REGEX MATCH "^{\"([A-Z][0-9]+)\",[ \n]*\"([^\"]*)\"}$" matched "${code}")
    set(id ${CMAKE_MATCH_1})
    set(title "${CMAKE_MATCH_2}")
    set(text "")
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/explain/${id}.md)
      file(READ ${CMAKE_CURRENT_SOURCE_DIR}/explain/${id}.md text)
    endif()
    string(APPEND table "    {\"${id}\", \"${title}\", R\"explain(${text})explain\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/explained.cc @ONLY CONTENT
"// Made by cmake/TelltaleExplained.cmake from @ARG_CODES@ and explain/*.md.
#include \"@ARG_HEADER@\"

namespace @ARG_NAMESPACE@ {

std::span<const rules::ExplainedCode> @ARG_FUNCTION@() {
  static constexpr rules::ExplainedCode kCodes[] = {
@table@  };
  return kCodes;
}

}  // namespace @ARG_NAMESPACE@
")
endfunction()
