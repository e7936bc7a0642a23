# SPDX-License-Identifier: MIT
# What the shared and the static library link for netlink messages. The tests compare with libmnl
# even where the library does without it.
set(ARPQ_LINK_SHARED "")
set(ARPQ_LINK_STATIC "")
if(NOT ARPQ_BUILTIN_NETLINK OR ARPQ_BUILD_TESTS)
  find_package(PkgConfig REQUIRED)
  # GLOBAL: whoever uses libarpq by add_subdirectory needs the target too.
  pkg_check_modules(ARPQ_LIBMNL IMPORTED_TARGET GLOBAL libmnl)
  if(NOT ARPQ_LIBMNL_FOUND AND NOT ARPQ_BUILTIN_NETLINK)
    message(FATAL_ERROR "libmnl is missing (Debian: libmnl-dev); -DARPQ_BUILTIN_NETLINK=ON builds "
                        "without it")
  elseif(NOT ARPQ_LIBMNL_FOUND)
    message(FATAL_ERROR "The tests need libmnl (Debian: libmnl-dev); -DARPQ_BUILD_TESTS=OFF builds "
                        "without them")
  endif()
endif()
if(NOT ARPQ_BUILTIN_NETLINK)
  set(ARPQ_LINK_SHARED PkgConfig::ARPQ_LIBMNL)
  set(ARPQ_LINK_STATIC PkgConfig::ARPQ_LIBMNL)
endif()
if(ARPQ_STATIC_LIBMNL)
  if(ARPQ_BUILTIN_NETLINK)
    message(FATAL_ERROR "ARPQ_STATIC_LIBMNL and ARPQ_BUILTIN_NETLINK exclude each other")
  endif()
  find_library(ARPQ_LIBMNL_A libmnl.a HINTS ${ARPQ_LIBMNL_LIBDIR})
  if(NOT ARPQ_LIBMNL_A)
    message(FATAL_ERROR "ARPQ_STATIC_LIBMNL is on, but there is no libmnl.a")
  endif()
  set(ARPQ_LINK_SHARED ${ARPQ_LIBMNL_A})
endif()

# Only arpq-mqtt needs libmosquitto.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(ARPQ_MOSQUITTO QUIET IMPORTED_TARGET libmosquitto>=2.0)
endif()
set(_mqtt OFF)
if(ARPQ_BUILD_TOOL AND ARPQ_MOSQUITTO_FOUND)
  set(_mqtt ON)
endif()
option(ARPQ_MQTT "Build arpq-mqtt, which needs libmosquitto and the tool's sources" ${_mqtt})
if(ARPQ_MQTT AND NOT ARPQ_MOSQUITTO_FOUND)
  message(FATAL_ERROR "ARPQ_MQTT is on, but there is no libmosquitto 2.0 or later")
endif()

if(ARPQ_BUILD_TESTS AND NOT ARPQ_FUZZ)
  # cmocka's own CMake package only sets variables.
  pkg_check_modules(ARPQ_CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()
