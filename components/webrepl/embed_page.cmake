# SPDX-License-Identifier: MIT
# Embeds a file as ESP-IDF's EMBED_FILES does: under _binary_page_html_gz_start and _end.
function(embed_page target page)
    get_filename_component(page "${page}" ABSOLUTE)
    set(stub "${CMAKE_CURRENT_BINARY_DIR}/page.S")
    file(WRITE "${stub}.new" "\
        .section .rodata
        .global _binary_page_html_gz_start
        .global _binary_page_html_gz_end
_binary_page_html_gz_start:
        .incbin \"${page}\"
_binary_page_html_gz_end:
        .section .note.GNU-stack,\"\",%progbits
")
    configure_file("${stub}.new" "${stub}" COPYONLY)
    enable_language(ASM)
    set_source_files_properties("${stub}" PROPERTIES OBJECT_DEPENDS "${page}")
    target_sources("${target}" PRIVATE "${stub}")
endfunction()
