# SPDX-License-Identifier: MIT
# The series of ESP-IDF that the tests ran on, each with the first and the last release that they ran on, and all between.
# idf_component.yml says the same to the component manager, which knows no end of a series.
set(tested_idf 5.3.3-5.3.5 5.4.4-5.4.4 5.5.0-5.5.5 6.0.2-6.0.2 6.1.0-6.1.0)

# Ends the build where a version of ESP-IDF, or its linux target, is not one of them. Warns where it is newer.
function(require_idf idf target)
    set(supported NO)
    foreach(releases ${tested_idf})
        string(REGEX MATCH "^(([0-9]+\\.[0-9]+\\.)[0-9]+)-(.*)$" all "${releases}")
        set(last "${CMAKE_MATCH_3}")
        string(FIND "${idf}" "${CMAKE_MATCH_2}" at)
        if(at EQUAL 0 AND idf VERSION_GREATER_EQUAL CMAKE_MATCH_1)
            set(supported YES)
            if(idf VERSION_GREATER last)
                message(WARNING "uhttpd was not tried on ESP-IDF ${idf}. The last of this series that it was tried on "
                                "is ${last}.")
            endif()
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
