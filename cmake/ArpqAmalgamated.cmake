# SPDX-License-Identifier: MIT
# The library from the two files of scripts/amalgamate. It is compiled as users compile it, with
# static functions. The unit tests link a second object, in which everything has a symbol; --wrap
# still does not reach calls inside the one file.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

set(_dir ${CMAKE_CURRENT_BINARY_DIR}/amalgamation)
get_target_property(_sources arpq_objs SOURCES)
list(TRANSFORM _sources PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
file(GLOB_RECURSE _headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h
     ${CMAKE_CURRENT_SOURCE_DIR}/*.def)
add_custom_command(
  OUTPUT ${_dir}/arpq.c ${_dir}/arpq.h
  COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/scripts/amalgamate ${_dir}
  DEPENDS ${_sources} ${_headers} ${PROJECT_SOURCE_DIR}/include/arpq.h
          ${PROJECT_SOURCE_DIR}/CONTRIBUTING.md ${PROJECT_SOURCE_DIR}/scripts/amalgamate
          ${CMAKE_CURRENT_SOURCE_DIR}/CMakeLists.txt
  VERBATIM)

add_library(arpq_amalgamation OBJECT ${_dir}/arpq.c)
foreach(_property C_STANDARD C_STANDARD_REQUIRED C_EXTENSIONS C_VISIBILITY_PRESET
                  POSITION_INDEPENDENT_CODE)
  get_target_property(_value arpq_objs ${_property})
  set_target_properties(arpq_amalgamation PROPERTIES ${_property} ${_value})
endforeach()
target_compile_options(arpq_amalgamation PRIVATE -Wall -Wextra -pthread)

set_property(TARGET arpq_objs PROPERTY SOURCES ${_dir}/arpq.c)
target_compile_definitions(arpq_objs PRIVATE ARPQ_PRIVATE=)
# Parameters have names of variables of other files. An option of the source comes last.
set_source_files_properties(${_dir}/arpq.c PROPERTIES COMPILE_OPTIONS -Wno-shadow)
add_dependencies(arpq_objs arpq_amalgamation) # one of them writes the file
set(arpq_library_objs arpq_amalgamation)
