# SPDX-License-Identifier: MIT
# The functions that tests/CMakeLists.txt calls.

# The compile options of every test program.
add_library(arpq_test INTERFACE)
target_compile_definitions(arpq_test INTERFACE _GNU_SOURCE)
target_compile_features(arpq_test INTERFACE c_std_11)
target_include_directories(arpq_test INTERFACE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(arpq_test INTERFACE -pthread)
# Most tests and mocks need none or few of the parameters that their callers prescribe. For clang
# this option must come after -Wextra.
target_compile_options(
  arpq_test INTERFACE $<TARGET_PROPERTY:arpq_warnings,INTERFACE_COMPILE_OPTIONS>
                      -Wno-unused-parameter)

# arpq_add_program(<name> <label> <source>...) - a test program that is its own test.
function(arpq_add_program name label)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE arpq_test)
  if(TARGET PkgConfig::ARPQ_CMOCKA)
    target_link_libraries(${name} PRIVATE PkgConfig::ARPQ_CMOCKA)
  endif()
  add_test(NAME ${label}.${name} COMMAND ${ARPQ_TEST_LAUNCHER} $<TARGET_FILE:${name}>)
  set_tests_properties(${label}.${name} PROPERTIES LABELS ${label} SKIP_RETURN_CODE 77)
endfunction()

# arpq_wrap(<target> <function>...) - the calls of these functions reach __wrap_<function>, and
# __real_<function> is the function itself. A C library may give a function another symbol (with a
# 64-bit time_t on a 32-bit machine ioctl is __ioctl_time64), so the compiler is asked for it.
function(arpq_wrap target)
  foreach(name IN LISTS ARGN)
    set(symbol ${name})
    if(DEFINED ARPQ_SYMBOL_${name})
      set(symbol ${ARPQ_SYMBOL_${name}})
    endif()
    target_link_options(${target} PRIVATE LINKER:--wrap=${symbol})
    if(NOT symbol STREQUAL name)
      target_compile_definitions(${target} PRIVATE __wrap_${name}=__wrap_${symbol}
                                                   __real_${name}=__real_${symbol})
    endif()
  endforeach()
endfunction()

# arpq_find_symbols(<function>...) - sets ARPQ_SYMBOL_<function> for functions of the C library
function(arpq_find_symbols)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/symbols.c)
  set(text "")
  foreach(header fcntl poll pthread stdlib time ifaddrs unistd net/if sys/epoll sys/eventfd
          sys/ioctl sys/mman sys/random sys/socket sys/timerfd)
    string(APPEND text "#include <${header}.h>\n")
  endforeach()
  foreach(name IN LISTS ARGN)
    string(APPEND text "void *const symbol_of_${name} = (void *)${name};\n")
  endforeach()
  file(WRITE ${source} "${text}")
  separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
  if(CMAKE_C_COMPILER_TARGET)
    list(APPEND flags ${CMAKE_C_COMPILE_OPTIONS_TARGET}${CMAKE_C_COMPILER_TARGET})
  endif()
  if(CMAKE_SYSROOT)
    list(APPEND flags ${CMAKE_C_COMPILE_OPTIONS_SYSROOT}${CMAKE_SYSROOT})
  endif()
  execute_process(
    COMMAND ${CMAKE_C_COMPILER} ${flags} -D_GNU_SOURCE -std=gnu11 -w -fno-lto -S -o - ${source}
    OUTPUT_VARIABLE assembly COMMAND_ERROR_IS_FATAL ANY)
  foreach(name IN LISTS ARGN)
    if(NOT assembly MATCHES "symbol_of_${name}:[ \t\n]+\\.[0-9a-z]+[ \t]+([A-Za-z0-9_]+)")
      message(FATAL_ERROR "the symbol of ${name} is not found in the assembly of ${source}")
    endif()
    set(ARPQ_SYMBOL_${name} ${CMAKE_MATCH_1} PARENT_SCOPE)
  endforeach()
endfunction()

# arpq_add_unit_test(<name> SOURCES <source>... [WRAPS <symbol>...])
# Linked to the objects, so that --wrap reaches every call that crosses a file.
# Calls inside one file are not wrapped, and a mock that is never called must fail
# its test.
function(arpq_add_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;WRAPS")
  if(ARPQ_AMALGAMATED AND arg_WRAPS MATCHES "(^|;)a(q|rpq)_")
    message(STATUS "not built, as it replaces functions of the library: ${name}")
    return()
  endif()
  arpq_add_program(${name} unit ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE arpq_objs PkgConfig::ARPQ_LIBMNL)
  arpq_wrap(${name} ${arg_WRAPS})
endfunction()

# arpq_add_kernel_test(<name> [SOURCES <source>...]) - kernel/<name>.c and what it shares
# with other tests, with the helpers of all of them.
# A skip is a failure unless ARPQ_ALLOW_SKIP=1; then it counts as not run.
function(arpq_add_kernel_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
  if(NOT TARGET arpq_kernel_helpers)
    add_library(arpq_kernel_helpers STATIC namespace.c process.c kernel/fixture.c
                                           kernel/message.c kernel/neigh.c kernel/netns.c
                                           kernel/sandbox.c kernel/tun.c)
    target_link_libraries(arpq_kernel_helpers PUBLIC arpq_test arpq::arpq)
    if(TARGET PkgConfig::ARPQ_CMOCKA)
      target_link_libraries(arpq_kernel_helpers PUBLIC PkgConfig::ARPQ_CMOCKA)
    endif()
  endif()
  arpq_add_program(${name} kernel kernel/${name}.c ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE arpq_kernel_helpers)
endfunction()

# arpq_add_device_tests(<kind>...) - kernel/test_devices.c with each of these arguments. CTest counts
# exit status 77 as not run.
function(arpq_add_device_tests)
  add_executable(test_devices kernel/test_devices.c)
  target_link_libraries(test_devices PRIVATE arpq_kernel_helpers)
  foreach(kind IN LISTS ARGN)
    add_test(NAME kernel.device_${kind}
             COMMAND ${ARPQ_TEST_LAUNCHER} $<TARGET_FILE:test_devices> ${kind})
    set_tests_properties(kernel.device_${kind} PROPERTIES LABELS kernel SKIP_RETURN_CODE 77)
  endforeach()
endfunction()

# arpq_add_tool_kernel_test(<name>) - a kernel test that runs the tool, which is its argument.
function(arpq_add_tool_kernel_test name)
  add_executable(${name} kernel/${name}.c)
  target_link_libraries(${name} PRIVATE arpq_kernel_helpers)
  add_test(NAME kernel.${name} COMMAND ${ARPQ_TEST_LAUNCHER} $<TARGET_FILE:${name}>
                                       $<TARGET_FILE:arpq_tool>)
  set_tests_properties(kernel.${name} PROPERTIES LABELS kernel SKIP_RETURN_CODE 77)
endfunction()

# arpq_add_fuzz_target(<name>) - fuzz/fuzz_<name>.c on fuzz/corpus/<name>.
function(arpq_add_fuzz_target name)
  set(target fuzz_${name})
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name})
  add_executable(${target} fuzz/${target}.c)
  target_link_libraries(${target} PRIVATE arpq_test arpq_objs PkgConfig::ARPQ_LIBMNL)
  if(ARPQ_FUZZ)
    set(found ${CMAKE_CURRENT_BINARY_DIR}/found/${name}) # new inputs go here
    file(MAKE_DIRECTORY ${found})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz.${name} COMMAND ${target} -max_total_time=5 -max_len=8192
                                       -print_final_stats=1 ${found} ${corpus})
  else()
    target_sources(${target} PRIVATE fuzz/replay.c)
    add_test(NAME fuzz.${name} COMMAND ${ARPQ_TEST_LAUNCHER} $<TARGET_FILE:${target}> ${corpus})
  endif()
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz)
endfunction()

# arpq_add_script_test(<label> <script> <argument>...) - named after the script, or
# after the first argument for a script that does several jobs.
function(arpq_add_script_test label script)
  get_filename_component(name ${script} NAME_WE)
  if(name STREQUAL label)
    set(name ${ARGV2})
  endif()
  if(label STREQUAL consumer)
    set(name ${label})
  else()
    set(name ${label}.${name})
  endif()
  add_test(NAME ${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} SKIP_RETURN_CODE 77)
  if(label MATCHES "^(consumer|lint)$") # these build everything once, or several times
    set_tests_properties(${name} PROPERTIES TIMEOUT 1800)
  endif()
endfunction()

# arpq_add_page_test(<script> <argument>...) - pages/<script> in the network that the manual pages
# assume.
function(arpq_add_page_test script)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/pages)
  get_filename_component(name ${script} NAME_WE)
  add_test(NAME pages.${name} COMMAND ${folder}/inside.sh ${folder}/${script} ${ARGN})
  set_tests_properties(pages.${name} PROPERTIES LABELS pages SKIP_RETURN_CODE 77 TIMEOUT 300)
endfunction()
