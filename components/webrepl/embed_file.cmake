# SPDX-License-Identifier: MIT
# Embeds a file as ESP-IDF's EMBED_FILES does: page.html goes under _binary_page_html_start and _end.
function(embed_file target file)
    get_filename_component(file "${file}" ABSOLUTE)
    get_filename_component(name "${file}" NAME)
    string(MAKE_C_IDENTIFIER "${name}" symbol)
    set(stub "${CMAKE_CURRENT_BINARY_DIR}/${name}.S")
    file(WRITE "${stub}.new" "\
        .section .rodata
        .global _binary_${symbol}_start
        .global _binary_${symbol}_end
_binary_${symbol}_start:
        .incbin \"${file}\"
_binary_${symbol}_end:
        .section .note.GNU-stack,\"\",%progbits
")
    configure_file("${stub}.new" "${stub}" COPYONLY)
    enable_language(ASM)
    set_source_files_properties("${stub}" PROPERTIES OBJECT_DEPENDS "${file}")
    target_sources("${target}" PRIVATE "${stub}")
endfunction()
