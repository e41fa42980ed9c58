# SPDX-License-Identifier: MIT
# ESP-IDF's own esp_http_server, with stubs around it. Its WebSockets (httpd_ws.c) are off, as on a chip by default.
get_filename_component(server_dir "${ESP_HTTP_SERVER_DIR}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
get_filename_component(parser_dir "${server_dir}/../http_parser" ABSOLUTE)
get_filename_component(version "${server_dir}/../esp_common/include/esp_idf_version.h" ABSOLUTE)
set(version_dir "${CMAKE_CURRENT_BINARY_DIR}/version") # of its neighbours, nothing is wanted

set(idf_sources
    ${server_dir}/src/httpd_main.c
    ${server_dir}/src/httpd_parse.c
    ${server_dir}/src/httpd_sess.c
    ${server_dir}/src/httpd_txrx.c
    ${server_dir}/src/httpd_uri.c
    ${server_dir}/src/util/ctrl_sock.c
    ${parser_dir}/http_parser.c)

foreach(file ${idf_sources} ${server_dir}/include/esp_http_server.h ${parser_dir}/http_parser.h ${version})
    if(NOT EXISTS "${file}")
        message(FATAL_ERROR "ESP_HTTP_SERVER_DIR is not components/esp_http_server of ESP-IDF 5.3 or later: "
                            "${file} is missing")
    endif()
endforeach()

file(COPY "${version}" DESTINATION "${version_dir}")
set_source_files_properties(${idf_sources} PROPERTIES COMPILE_OPTIONS
                            "-w;-include;${CMAKE_CURRENT_LIST_DIR}/stubs/toolchain.h")
if(NOT LWIP_DIR) # lwIP has mailboxes of its own
    set_source_files_properties(${server_dir}/src/util/ctrl_sock.c PROPERTIES COMPILE_DEFINITIONS
                                "bind=hs_mailbox_bind;sendto=hs_mailbox_send")
    set_source_files_properties(${server_dir}/src/httpd_main.c PROPERTIES COMPILE_DEFINITIONS "recv=hs_mailbox_recv")
    target_sources(esp_http_server_host PRIVATE stubs/ctrl_mailbox.c)
endif()
target_sources(esp_http_server_host PRIVATE ${idf_sources} stubs/freertos.c)
target_include_directories(esp_http_server_host SYSTEM PUBLIC ${server_dir}/include ${parser_dir})
target_include_directories(esp_http_server_host PUBLIC stubs ${version_dir} PRIVATE ${server_dir}/src/util ${server_dir}/src/port/esp32)
