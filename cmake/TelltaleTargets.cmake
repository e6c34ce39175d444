# One target a folder, sources named one by one. Dependencies are full target names:
# `telltale_engine_event`, `absl::strings`, or a package of TelltalePackages.cmake such as
# `package::re2`.

# telltale_library(NAME SOURCES a.cc a.h ... DEPS ... [PRIVATE_DEPS ...])
# makes the static library telltale_<NAME>; header only where no .cc is named.
# Includes start at the repository's root: #include "engine/event/event.h".
function(telltale_library NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  _telltale_check_arguments(telltale_library ${NAME} "${ARG_UNPARSED_ARGUMENTS}")
  set(target telltale_${NAME})
  set(compiled ${ARG_SOURCES})
  list(FILTER compiled INCLUDE REGEX "\\.(cc|c)$")
  if(compiled)
    add_library(${target} STATIC ${ARG_SOURCES})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target}
      PUBLIC ${ARG_DEPS}
      PRIVATE ${ARG_PRIVATE_DEPS} telltale_warnings Threads::Threads)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} INTERFACE ${ARG_DEPS} ${ARG_PRIVATE_DEPS})
  endif()
endfunction()

# The time of a test goes into what it calls: its own code is to be quick to compile. With sanitizers
# that halves it.
if(TELLTALE_SANITIZE)
  set(TELLTALE_TEST_OPTIMISATION -O0)
else()
  set(TELLTALE_TEST_OPTIMISATION $<$<CONFIG:Release>:-O1>)
endif()

# What nearly all tests include, compiled once for all of them. Not by default: caches of compilers
# do not share what was compiled with it between working trees.
function(_telltale_precompile_headers NAME)
  if(NOT TELLTALE_PCH)
    return()
  endif()
  if(NOT TARGET telltale_test_headers)
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/test_headers.cc CONTENT "")
    add_library(telltale_test_headers STATIC ${CMAKE_BINARY_DIR}/test_headers.cc)
    target_link_libraries(telltale_test_headers PRIVATE GTest::gmock GTest::gtest
      telltale_warnings Threads::Threads)
    target_compile_options(telltale_test_headers PRIVATE ${TELLTALE_TEST_OPTIMISATION})
    target_precompile_headers(telltale_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>
      <algorithm> <functional> <map> <memory> <optional> <string> <string_view> <utility> <variant>
      <vector>)
    # One that a compiler cannot use it does without.
    set_target_properties(telltale_test_headers PROPERTIES PCH_WARN_INVALID OFF)
  endif()
  target_precompile_headers(${NAME} REUSE_FROM telltale_test_headers)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${NAME} PRIVATE -fpch-preprocess)  # or ccache cannot keep the result
  endif()
  set_target_properties(${NAME} PROPERTIES PCH_WARN_INVALID OFF)
endfunction()

# telltale_test(NAME SOURCES a_test.cc ... DEPS ... [LABELS unit ...] [TIMEOUT seconds]
#               [MAIN] [ENV A=b ...] [ARGS ...])
# makes a GoogleTest binary <NAME> and one ctest entry of that name. LABELS is `unit` where
# it is not given; other labels in use: integration, tsan, slow. Name tsan beside unit for
# tests of threads. MAIN: the sources bring a main() of their own.
# The target tests_<label> builds all the tests of a label.
function(telltale_test NAME)
  cmake_parse_arguments(ARG "MAIN" "TIMEOUT" "SOURCES;DEPS;LABELS;ENV;ARGS" ${ARGN})
  _telltale_check_arguments(telltale_test ${NAME} "${ARG_UNPARSED_ARGUMENTS}")
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  # Only what is asked for: the tree of the preset `tsan` builds the tests of that label alone.
  add_executable(${NAME} ${ARG_SOURCES})
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${NAME} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest
    $<$<NOT:$<BOOL:${ARG_MAIN}>>:GTest::gtest_main> telltale_warnings Threads::Threads)
  target_compile_definitions(${NAME} PRIVATE
    TELLTALE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" TELLTALE_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  target_compile_options(${NAME} PRIVATE ${TELLTALE_TEST_OPTIMISATION})
  _telltale_precompile_headers(${NAME})
  add_test(NAME ${NAME} COMMAND ${NAME} ${ARG_ARGS})
  # tests/run counts the cases of a binary from this file.
  set(environment "GTEST_OUTPUT=json:${CMAKE_BINARY_DIR}/test-results/${NAME}.json" ${ARG_ENV})
  set_tests_properties(${NAME} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} ENVIRONMENT "${environment}")
  if("integration" IN_LIST ARG_LABELS)
    set_tests_properties(${NAME} PROPERTIES RUN_SERIAL ON)
  endif()
  foreach(label IN LISTS ARG_LABELS)
    _telltale_add_to_group(tests_${label} ${NAME})
  endforeach()
endfunction()

# telltale_benchmark(NAME SOURCES ... DEPS ... [MAIN])
# makes a Google Benchmark binary <NAME>; the target `benchmarks` builds all of them, and ctest runs
# each for a moment.
function(telltale_benchmark NAME)
  cmake_parse_arguments(ARG "MAIN" "" "SOURCES;DEPS" ${ARGN})
  _telltale_check_arguments(telltale_benchmark ${NAME} "${ARG_UNPARSED_ARGUMENTS}")
  add_executable(${NAME} ${ARG_SOURCES})
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${NAME} PRIVATE ${ARG_DEPS} benchmark::benchmark
    $<$<NOT:$<BOOL:${ARG_MAIN}>>:benchmark::benchmark_main> telltale_warnings Threads::Threads)
  target_compile_definitions(${NAME} PRIVATE
    TELLTALE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" TELLTALE_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  # What is named so takes too much time and memory for a smoke run.
  set(but_large)
  if(NOT ARG_MAIN)
    set(but_large --benchmark_filter=-Large)
  endif()
  add_test(NAME ${NAME}_smoke COMMAND ${NAME} --benchmark_min_time=0.01 ${but_large})
  set_tests_properties(${NAME}_smoke PROPERTIES LABELS bench TIMEOUT 300
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  _telltale_add_to_group(benchmarks ${NAME})
endfunction()

# telltale_fuzz(NAME SOURCES a_fuzz.cc DEPS ... [SEEDS folder] [EXAMPLES kind])
# makes a libFuzzer binary (preset `fuzz` only) and a ctest entry that runs it for
# TELLTALE_FUZZ_SECONDS, from the seeds of a folder where one is named, and from the project's own
# examples of a kind with the dictionary of their words (tests/fuzz/make_examples.py).
set(TELLTALE_FUZZ_SECONDS 5 CACHE STRING "How long each fuzz target runs under ctest")
function(telltale_fuzz NAME)
  if(NOT TELLTALE_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "SEEDS;EXAMPLES" "SOURCES;DEPS" ${ARGN})
  _telltale_check_arguments(telltale_fuzz ${NAME} "${ARG_UNPARSED_ARGUMENTS}")
  add_executable(${NAME} ${ARG_SOURCES})
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${NAME} PRIVATE ${ARG_DEPS} telltale_warnings Threads::Threads)
  target_link_options(${NAME} PRIVATE -fsanitize=fuzzer)
  set(corpus ${CMAKE_BINARY_DIR}/corpus/${NAME})
  file(MAKE_DIRECTORY ${corpus})
  set(seeds "")
  if(ARG_SEEDS)
    get_filename_component(seeds ${ARG_SEEDS} ABSOLUTE)
  endif()
  if(ARG_EXAMPLES)
    set(examples ${CMAKE_BINARY_DIR}/examples)
    if(NOT TARGET fuzz_examples)
      add_custom_target(fuzz_examples VERBATIM COMMAND ${CMAKE_COMMAND} -E rm -rf ${examples}
        COMMAND python3 ${PROJECT_SOURCE_DIR}/tests/fuzz/make_examples.py ${PROJECT_SOURCE_DIR} ${examples})
    endif()
    add_dependencies(${NAME} fuzz_examples)
    list(APPEND seeds ${examples}/${ARG_EXAMPLES} -dict=${examples}/${ARG_EXAMPLES}.dict)
  endif()
  add_test(NAME ${NAME} COMMAND ${NAME} -max_total_time=${TELLTALE_FUZZ_SECONDS} -timeout=10
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix=${corpus}/../${NAME}- ${corpus} ${seeds})
  set_tests_properties(${NAME} PROPERTIES LABELS fuzz TIMEOUT 300)
  _telltale_add_to_group(tests_fuzz ${NAME})
endfunction()

# The groups are there even while they are empty.
foreach(group tests_unit tests_integration tests_tsan tests_fuzz benchmarks)
  add_custom_target(${group})
endforeach()

function(_telltale_add_to_group group target)
  if(NOT TARGET ${group})
    add_custom_target(${group})
  endif()
  add_dependencies(${group} ${target})
endfunction()

function(_telltale_check_arguments function name unparsed)
  if(unparsed)
    message(FATAL_ERROR "${function}(${name}): unknown arguments: ${unparsed}")
  endif()
endfunction()

# telltale_proto(NAME PROTOS a.proto ...)
# makes the static library telltale_<NAME> from protobuf messages and gRPC services. Generated
# headers are included from the repository's root as
# #include "proto/telltale/v1/control.pb.h" and ".../control.grpc.pb.h"; a .proto imports
# another the same way.
function(telltale_proto NAME)
  cmake_parse_arguments(ARG "" "" "PROTOS" ${ARGN})
  _telltale_check_arguments(telltale_proto ${NAME} "${ARG_UNPARSED_ARGUMENTS}")
  set(out ${CMAKE_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  set(generated "")
  foreach(proto IN LISTS ARG_PROTOS)
    set(source ${CMAKE_CURRENT_SOURCE_DIR}/${proto})
    file(RELATIVE_PATH stem ${PROJECT_SOURCE_DIR} ${source})
    string(REGEX REPLACE "\\.proto$" "" stem ${stem})
    set(outputs ${out}/${stem}.pb.cc ${out}/${stem}.pb.h ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
    add_custom_command(OUTPUT ${outputs}
      COMMAND protobuf::protoc -I ${PROJECT_SOURCE_DIR} --cpp_out=${out} --grpc_out=${out}
              --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN} ${source}
      DEPENDS ${source} VERBATIM)
    list(APPEND generated ${outputs})
  endforeach()
  add_library(telltale_${NAME} STATIC ${generated})
  target_include_directories(telltale_${NAME} SYSTEM PUBLIC ${out})
  target_link_libraries(telltale_${NAME} PUBLIC package::grpc)
endfunction()
