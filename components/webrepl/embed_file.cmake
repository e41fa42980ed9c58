# SPDX-License-Identifier: MIT
# Embeds a file, in every build: page.html goes under _binary_page_html_start and _end, as by ESP-IDF's EMBED_FILES, or
# under NAME_start and NAME_end where a name follows. The stub is C, so that a project(... C) knows how to build it.
function(embed_file target file)
    get_filename_component(file "${file}" ABSOLUTE)
    get_filename_component(name "${file}" NAME)
    string(MAKE_C_IDENTIFIER "_binary_${name}" symbol)
    if(ARGC GREATER 2)
        set(symbol "${ARGV2}")
    endif()
    set(stub "${CMAKE_CURRENT_BINARY_DIR}/${name}.embedded.c")
    file(WRITE "${stub}.new" "\
__asm__(\".section .rodata\\n\"
        \".global ${symbol}_start\\n\"
        \".global ${symbol}_end\\n\"
        \"${symbol}_start:\\n\"
        \".incbin \\\"${file}\\\"\\n\"
        \"${symbol}_end:\\n\"
        \".previous\\n\");
")
    configure_file("${stub}.new" "${stub}" COPYONLY)
    # Link-time optimisation does not see which names assembly defines.
    set_source_files_properties("${stub}" PROPERTIES OBJECT_DEPENDS "${file}" COMPILE_OPTIONS -fno-lto)
    target_sources("${target}" PRIVATE "${stub}")
endfunction()
