# SPDX-License-Identifier: MIT
# Embeds a file, in every build: page.html goes under _binary_page_html_start and _end, as by ESP-IDF's EMBED_FILES, or
# under NAME_start and NAME_end where a name follows.
function(embed_file target file)
    get_filename_component(file "${file}" ABSOLUTE)
    get_filename_component(name "${file}" NAME)
    string(MAKE_C_IDENTIFIER "_binary_${name}" symbol)
    if(ARGC GREATER 2)
        set(symbol "${ARGV2}")
    endif()
    set(stub "${CMAKE_CURRENT_BINARY_DIR}/${name}.S")
    file(WRITE "${stub}.new" "\
        .section .rodata
        .global ${symbol}_start
        .global ${symbol}_end
${symbol}_start:
        .incbin \"${file}\"
${symbol}_end:
#ifdef __linux__
        .section .note.GNU-stack,\"\",%progbits
#endif
")
    configure_file("${stub}.new" "${stub}" COPYONLY)
    enable_language(ASM)
    set_source_files_properties("${stub}" PROPERTIES OBJECT_DEPENDS "${file}")
    target_sources("${target}" PRIVATE "${stub}")
endfunction()
