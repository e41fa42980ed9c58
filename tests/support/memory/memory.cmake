# SPDX-License-Identifier: MIT
# scarce_memory(PROGRAM LIBRARY...): the libraries ask scarce.c for memory, and the program can have it used up.
set(scarce_dir "${CMAKE_CURRENT_LIST_DIR}")

function(scarce_memory program)
    foreach(library ${ARGN})
        target_compile_options(${library} PRIVATE -include "${scarce_dir}/scarce.h") # ESP-IDF's has no <stdlib.h>
        foreach(name malloc calloc realloc strdup strndup)
            target_compile_definitions(${library} PRIVATE ${name}=scarce_${name})
        endforeach()
    endforeach()
    target_sources(${program} PRIVATE "${scarce_dir}/scarce.c")
    target_include_directories(${program} PRIVATE "${scarce_dir}")
endfunction()
