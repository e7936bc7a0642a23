# SPDX-License-Identifier: MIT
# Linked PRIVATE by every target of ours, exported by none.
add_library(arpq_warnings INTERFACE)
target_compile_options(
  arpq_warnings
  INTERFACE
    -Wall
    -Wextra
    -Wpedantic
    -Wcast-align
    -Wcast-qual
    -Wconversion
    -Wdouble-promotion
    -Wformat=2
    -Wimplicit-fallthrough
    -Wmissing-declarations
    -Wmissing-prototypes
    -Wnull-dereference
    -Wold-style-definition
    -Wpointer-arith
    -Wredundant-decls
    -Wshadow
    -Wsign-conversion
    -Wstrict-prototypes
    -Wundef
    -Wvla
    -Wwrite-strings
    $<$<C_COMPILER_ID:GNU>:-Wduplicated-branches>
    $<$<C_COMPILER_ID:GNU>:-Wduplicated-cond>
    $<$<C_COMPILER_ID:GNU>:-Wlogical-op>)
