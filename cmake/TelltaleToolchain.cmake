# Compiler and linker settings that hold for every target.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What one checkout has compiled, another one on the machine finds too.
  set(CMAKE_C_COMPILER_LAUNCHER
    env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
  if(TELLTALE_PCH)
    list(INSERT CMAKE_C_COMPILER_LAUNCHER 1 CCACHE_SLOPPINESS=pch_defines,time_macros)
  endif()
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND TELLTALE_USE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Designated initializers leave members to their defaults on purpose, so that warning is off.
# On a target of its own and not in the flags, so that every target of ours has it and
# nothing else does.
add_library(telltale_warnings INTERFACE)
target_compile_options(telltale_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers $<$<BOOL:${TELLTALE_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 and 14 warn falsely inside inlined std::string and std::optional code.
  target_compile_options(telltale_warnings INTERFACE
    -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds)
endif()

if(TELLTALE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "The fuzz targets need clang (libFuzzer); use the preset 'fuzz'.")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(TELLTALE_SANITIZE)
  add_compile_options(-fsanitize=${TELLTALE_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TELLTALE_SANITIZE})
  # Or Abseil's headers lay their containers out otherwise than Debian's library was built.
  add_compile_definitions(NDEBUG_SANITIZER)
  if(TELLTALE_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
      # With these gcc 14 takes no comparison of a function's address for a constant, and refuses
      # Abseil's headers (gcc bug 71962). AddressSanitizer finds a null that is used.
      add_compile_options(-fno-sanitize=null,nonnull-attribute,returns-nonnull-attribute)
    endif()
  endif()
endif()
