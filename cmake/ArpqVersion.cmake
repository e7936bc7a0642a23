# SPDX-License-Identifier: MIT
# The version is written once, in include/arpq.h.
set(_header ${CMAKE_CURRENT_SOURCE_DIR}/include/arpq.h)
foreach(_part MAJOR MINOR PATCH)
  file(STRINGS ${_header} _line REGEX "^#define ARPQ_VERSION_${_part} [0-9]+$")
  if(NOT _line MATCHES "([0-9]+)$")
    message(FATAL_ERROR "include/arpq.h does not define ARPQ_VERSION_${_part}")
  endif()
  list(APPEND _parts ${CMAKE_MATCH_1})
endforeach()
list(JOIN _parts "." ARPQ_VERSION)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${_header})
unset(_parts)
