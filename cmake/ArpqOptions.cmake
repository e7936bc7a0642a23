# SPDX-License-Identifier: MIT
if(PROJECT_IS_TOP_LEVEL)
  option(BUILD_SHARED_LIBS "Build libarpq as a shared library" ON)
endif()
option(ARPQ_BUILD_STATIC "Build a static library beside the shared one" ${PROJECT_IS_TOP_LEVEL})
option(ARPQ_BUILD_TOOL "Build the command-line tool arpq" ${PROJECT_IS_TOP_LEVEL})
option(ARPQ_BUILD_TESTS "Build the tests" OFF)
option(ARPQ_BUILD_BENCH "Build the benchmark" OFF)
option(ARPQ_BUILD_EXAMPLES "Build the programs of examples/" OFF)
option(ARPQ_LINT_TESTS "Register the linters as tests" OFF)
option(ARPQ_BINDINGS_TESTS "Register the tests of the bindings to other languages" OFF)
option(ARPQ_FLEET_TESTS "Register the tests of what collects data from many machines" OFF)
option(ARPQ_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
option(ARPQ_INSTALL "Generate install rules" ${PROJECT_IS_TOP_LEVEL})
option(ARPQ_HARDENING "Harden the library and the tool (stack protector, RELRO, PIE and others)" OFF)
option(ARPQ_LTO "Optimise at link time (gcc)" OFF)
option(ARPQ_STATIC_LIBMNL "Link libmnl.a into the shared library" OFF)
option(ARPQ_BUILTIN_NETLINK "Build netlink messages without libmnl" OFF)
option(ARPQ_AMALGAMATED "Build the library from the two files of scripts/amalgamate" OFF)
if(ARPQ_AMALGAMATED)
  set(ARPQ_BUILTIN_NETLINK ON)
endif()
set(ARPQ_TEST_LAUNCHER "${CMAKE_CROSSCOMPILING_EMULATOR}"
    CACHE STRING "Command put before each test program (a list)")
set(ARPQ_ZSH_COMPLETION_DIR "${CMAKE_INSTALL_DATADIR}/zsh/site-functions"
    CACHE STRING "Where the completion for zsh is installed") # Debian: share/zsh/vendor-completions
mark_as_advanced(ARPQ_ZSH_COMPLETION_DIR ARPQ_TEST_LAUNCHER ARPQ_LINT_TESTS ARPQ_BINDINGS_TESTS
                 ARPQ_FLEET_TESTS ARPQ_FUZZ)

# arpq_static is a target of its own only beside a shared library.
set(ARPQ_BOTH_KINDS OFF)
if(BUILD_SHARED_LIBS AND ARPQ_BUILD_STATIC)
  set(ARPQ_BOTH_KINDS ON)
endif()
