# SPDX-License-Identifier: MIT
# Flags that make faults in the library and the tool harder to exploit. Each is used where the
# compiler and the linker accept it. Packagers whose tools set such flags turn ARPQ_HARDENING off.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)

set(_compile -fstack-protector-strong -fstack-clash-protection -fcf-protection
             -mbranch-protection=standard)
set(_link -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

add_library(arpq_hardening INTERFACE)
if(ARPQ_HARDENING)
  check_pie_supported(LANGUAGES C)
  foreach(_flag IN LISTS _compile)
    string(MAKE_C_IDENTIFIER "ARPQ_HAS${_flag}" _has)
    check_c_compiler_flag("-Werror ${_flag}" ${_has})
    if(${_has})
      target_compile_options(arpq_hardening INTERFACE ${_flag})
    endif()
  endforeach()
  foreach(_flag IN LISTS _link)
    string(MAKE_C_IDENTIFIER "ARPQ_HAS${_flag}" _has)
    check_linker_flag(C "${_flag}" ${_has})
    if(${_has})
      target_link_options(arpq_hardening INTERFACE ${_flag})
    endif()
  endforeach()
  # The C library refuses fortification without optimisation.
  target_compile_options(arpq_hardening
                         INTERFACE $<$<CONFIG:Release>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>)
endif()
