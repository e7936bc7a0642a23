# SPDX-License-Identifier: MIT
# Runs while installing: fills TEMPLATE into OUTPUT for CMAKE_INSTALL_PREFIX.
foreach(_dir LIBDIR INCLUDEDIR)
  if(IS_ABSOLUTE "${${_dir}}")
    set(PC_${_dir} "${${_dir}}")
  else()
    set(PC_${_dir} "\${prefix}/${${_dir}}")
  endif()
endforeach()
# A space ends a path unless it is escaped.
string(REPLACE " " "\\ " PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
string(REPLACE " " "\\ " PC_LIBDIR "${PC_LIBDIR}")
string(REPLACE " " "\\ " PC_INCLUDEDIR "${PC_INCLUDEDIR}")
# Beside a shared library the dependencies concern only users who ask for
# `--static`; without one they concern everybody.
if(SHARED)
  set(PC_REQUIRES "Requires.private: libmnl\n")
  set(PC_LIBS "Libs: -L\${libdir} -larpq\nLibs.private: -pthread")
else()
  set(PC_REQUIRES "Requires: libmnl\n")
  set(PC_LIBS "Libs: -L\${libdir} -larpq -pthread")
endif()
if(BUILTIN)
  set(PC_REQUIRES "")
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
