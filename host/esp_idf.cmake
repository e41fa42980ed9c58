# SPDX-License-Identifier: MIT
# ESP-IDF's own esp_http_server, with stubs around it. Its WebSockets (httpd_ws.c) are off, as on a chip by default.
get_filename_component(server_dir "${ESP_HTTP_SERVER_DIR}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
get_filename_component(parser_dir "${server_dir}/../http_parser" ABSOLUTE)

set(idf_sources
    ${server_dir}/src/httpd_main.c
    ${server_dir}/src/httpd_parse.c
    ${server_dir}/src/httpd_sess.c
    ${server_dir}/src/httpd_txrx.c
    ${server_dir}/src/httpd_uri.c
    ${server_dir}/src/util/ctrl_sock.c
    ${parser_dir}/http_parser.c)

foreach(file ${idf_sources} ${server_dir}/include/esp_http_server.h ${parser_dir}/http_parser.h)
    if(NOT EXISTS "${file}")
        message(FATAL_ERROR "ESP_HTTP_SERVER_DIR is not components/esp_http_server of ESP-IDF 5.3 or later: "
                            "${file} is missing")
    endif()
endforeach()

set_source_files_properties(${idf_sources} PROPERTIES COMPILE_OPTIONS
                            "-w;-include;${CMAKE_CURRENT_LIST_DIR}/stubs/toolchain.h")
target_sources(esp_http_server_host PRIVATE ${idf_sources} stubs/freertos.c)
target_include_directories(esp_http_server_host SYSTEM PUBLIC ${server_dir}/include ${parser_dir})
target_include_directories(esp_http_server_host PUBLIC stubs PRIVATE ${server_dir}/src/util ${server_dir}/src/port/esp32)
