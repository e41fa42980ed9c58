# SPDX-License-Identifier: MIT
# The series of ESP-IDF that the tests ran on, each from the first release that they ran on. idf_component.yml says the
# same to the component manager.
set(tested_idf 5.3.3 5.4.4 5.5.0 6.0.2 6.1.0)

# Ends the build where a version of ESP-IDF, or its linux target, is not one of them.
function(require_idf idf target)
    set(supported NO)
    foreach(first ${tested_idf})
        string(REGEX REPLACE "[0-9]+$" "" series "${first}")
        string(FIND "${idf}" "${series}" at)
        if(at EQUAL 0 AND idf VERSION_GREATER_EQUAL first)
            set(supported YES)
        endif()
    endforeach()
    if(NOT supported)
        message(FATAL_ERROR "uhttpd runs on ESP-IDF 5.3.3, 5.4.4, 5.5, 6.0.2, 6.1 and later releases of these series, "
                            "and this is ${idf}.")
    elseif(target STREQUAL "linux" AND idf VERSION_LESS 5.5.1)
        message(FATAL_ERROR "The linux target of ESP-IDF ${idf} cannot run a server: its own simulator stops, or "
                            "never starts. Take ESP-IDF 5.5.1 or later. Chips are not concerned.")
    endif()
endfunction()
