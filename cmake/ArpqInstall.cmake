# SPDX-License-Identifier: MIT
include(CMakePackageConfigHelpers)
set(_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/arpq)

# Libraries and headers. The static library beside a shared one has a file of
# targets of its own: it alone may need libmnl at the user's place.
install(
  TARGETS arpq
  EXPORT arpqTargets
  LIBRARY COMPONENT Runtime NAMELINK_COMPONENT Devel
  ARCHIVE COMPONENT Devel)
install(
  EXPORT arpqTargets
  NAMESPACE arpq::
  DESTINATION ${_package_dir}
  COMPONENT Devel)
if(ARPQ_BOTH_KINDS)
  install(
    TARGETS arpq_static
    EXPORT arpqStaticTargets
    ARCHIVE COMPONENT Devel)
  install(
    EXPORT arpqStaticTargets
    NAMESPACE arpq::
    DESTINATION ${_package_dir}
    COMPONENT Devel)
endif()
install(
  FILES ${PROJECT_SOURCE_DIR}/include/arpq.h ${PROJECT_SOURCE_DIR}/include/arpq.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT Devel)

# The interface for generators of bindings, which have no C compiler.
install(
  FILES ${PROJECT_SOURCE_DIR}/include/arpq-abi.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/arpq
  COMPONENT Devel)

# find_package(arpq)
configure_package_config_file(cmake/arpqConfig.cmake.in ${PROJECT_BINARY_DIR}/arpqConfig.cmake
                              INSTALL_DESTINATION ${_package_dir})
# As the SONAME: versions with the same major number, also 0, are compatible.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/arpqConfigVersion.cmake
                                 COMPATIBILITY SameMajorVersion)
install(
  FILES ${PROJECT_BINARY_DIR}/arpqConfig.cmake ${PROJECT_BINARY_DIR}/arpqConfigVersion.cmake
  DESTINATION ${_package_dir}
  COMPONENT Devel)

# pkg-config: written while installing, so that `cmake --install --prefix` holds.
install(
  CODE "
set(PROJECT_VERSION [[${PROJECT_VERSION}]])
set(PROJECT_DESCRIPTION [[${PROJECT_DESCRIPTION}]])
set(LIBDIR [[${CMAKE_INSTALL_LIBDIR}]])
set(INCLUDEDIR [[${CMAKE_INSTALL_INCLUDEDIR}]])
set(SHARED [[${BUILD_SHARED_LIBS}]])
set(BUILTIN [[${ARPQ_BUILTIN_NETLINK}]])
set(TEMPLATE [[${PROJECT_SOURCE_DIR}/arpq.pc.in]])
set(OUTPUT [[${PROJECT_BINARY_DIR}/arpq.pc]])
include([[${PROJECT_SOURCE_DIR}/cmake/pkgconfig.cmake]])"
  COMPONENT Devel)
install(
  FILES ${PROJECT_BINARY_DIR}/arpq.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
  COMPONENT Devel)

if(ARPQ_BUILD_TOOL)
  install(TARGETS arpq_tool COMPONENT Tool)
  install(
    FILES ${PROJECT_SOURCE_DIR}/tools/arpq/arpq.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    RENAME arpq
    COMPONENT Tool)
  install(
    FILES ${PROJECT_SOURCE_DIR}/tools/arpq/arpq.zsh
    DESTINATION ${ARPQ_ZSH_COMPLETION_DIR}
    RENAME _arpq
    COMPONENT Tool)
  install(
    FILES ${PROJECT_SOURCE_DIR}/tools/arpq/arpq.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
    COMPONENT Tool)
  file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/arpq*.1)
  install(
    DIRECTORY ${PROJECT_SOURCE_DIR}/tools/arpq/schema
    DESTINATION ${CMAKE_INSTALL_DATADIR}/arpq
    COMPONENT Tool)
  install(
    FILES ${pages}
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
    COMPONENT Tool)
endif()

if(ARPQ_MQTT)
  install(TARGETS arpq_mqtt COMPONENT Mqtt)
  install(
    FILES ${PROJECT_SOURCE_DIR}/tools/arpq-mqtt/arpq-mqtt.1
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
    COMPONENT Mqtt)
endif()

install(
  FILES ${PROJECT_SOURCE_DIR}/man/libarpq.7
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man7
  COMPONENT Devel)

if(PROJECT_IS_TOP_LEVEL)
  add_custom_target(
    uninstall
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${PROJECT_BINARY_DIR}/install_manifest.txt -P
            ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake
    VERBATIM)
endif()
