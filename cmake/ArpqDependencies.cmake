# SPDX-License-Identifier: MIT
find_package(PkgConfig REQUIRED)

# GLOBAL: whoever uses libarpq by add_subdirectory needs the target too.
pkg_check_modules(ARPQ_LIBMNL REQUIRED IMPORTED_TARGET GLOBAL libmnl)
set(ARPQ_SHARED_LIBMNL PkgConfig::ARPQ_LIBMNL)
if(ARPQ_STATIC_LIBMNL)
  find_library(ARPQ_LIBMNL_A libmnl.a HINTS ${ARPQ_LIBMNL_LIBDIR})
  if(NOT ARPQ_LIBMNL_A)
    message(FATAL_ERROR "ARPQ_STATIC_LIBMNL is on, but there is no libmnl.a")
  endif()
  set(ARPQ_SHARED_LIBMNL ${ARPQ_LIBMNL_A})
endif()

if(ARPQ_BUILD_TESTS AND NOT ARPQ_FUZZ)
  # cmocka's own CMake package only sets variables.
  pkg_check_modules(ARPQ_CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()
