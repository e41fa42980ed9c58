# SPDX-License-Identifier: MIT
# scarce_memory(PROGRAM LIBRARY...): the libraries ask scarce.c for memory, and the program can have it used up.
set(scarce_dir "${CMAKE_CURRENT_LIST_DIR}")

function(scarce_memory program)
    foreach(library ${ARGN})
        # ESP-IDF's sources include no <stdlib.h>; and some are assembler.
        target_compile_options(${library} PRIVATE
                               "$<$<COMPILE_LANGUAGE:C>:SHELL:-include \"${scarce_dir}/scarce.h\">")
        foreach(name malloc calloc realloc strdup strndup)
            target_compile_definitions(${library} PRIVATE ${name}=scarce_${name})
        endforeach()
    endforeach()
    target_sources(${program} PRIVATE "${scarce_dir}/scarce.c")
    target_include_directories(${program} PRIVATE "${scarce_dir}")
endfunction()
