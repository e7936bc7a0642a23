# SPDX-License-Identifier: MIT
include(CMakePackageConfigHelpers)
set(_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/arpq)

# Libraries and header. The static library beside a shared one has a file of
# targets of its own: it alone needs libmnl at the user's place.
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
  FILES ${PROJECT_SOURCE_DIR}/include/arpq.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT Devel)

# find_package(arpq)
configure_package_config_file(cmake/arpqConfig.cmake.in ${PROJECT_BINARY_DIR}/arpqConfig.cmake
                              INSTALL_DESTINATION ${_package_dir})
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(_compatibility SameMinorVersion)
else()
  set(_compatibility SameMajorVersion)
endif()
write_basic_package_version_file(${PROJECT_BINARY_DIR}/arpqConfigVersion.cmake
                                 COMPATIBILITY ${_compatibility})
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
endif()

# Manual pages: the digit after the last dot is the section.
set(_pages arpq.1 libarpq.7)
foreach(_page IN LISTS _pages)
  string(REGEX MATCH "[0-9]$" _section ${_page})
  install(
    FILES ${PROJECT_SOURCE_DIR}/man/${_page}
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man${_section}
    COMPONENT Devel)
endforeach()

if(PROJECT_IS_TOP_LEVEL)
  add_custom_target(
    uninstall
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${PROJECT_BINARY_DIR}/install_manifest.txt -P
            ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake
    VERBATIM)
endif()
