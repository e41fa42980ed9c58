# SPDX-License-Identifier: MIT
# lwIP in place of the computer's network: LWIP_DIR names its source (tools/lwip_source.py brings it), LWIP_SETTINGS a file
# of ESP-IDF's settings, such as sdkconfig.defaults. Whatever links the engine gets lwIP's sockets by POSIX's names.
file(GLOB lwip_sources "${LWIP_DIR}/src/api/*.c" "${LWIP_DIR}/src/core/*.c" "${LWIP_DIR}/src/core/ipv[46]/*.c")
if(NOT lwip_sources)
    message(FATAL_ERROR "LWIP_DIR is not lwIP's source: ${LWIP_DIR}")
endif()

# Closing a listening socket has two faults in lwIP 2.1.3, which ESP-IDF's copy has mended: connections that nobody has
# accepted end in an assertion, and in a thread that is not lwIP's.
list(REMOVE_ITEM lwip_sources "${LWIP_DIR}/src/api/api_msg.c")
file(READ "${LWIP_DIR}/src/api/api_msg.c" api_msg)
string(REPLACE "LWIP_ASSERT(\"netconn marked closed\", conn->flags & NETCONN_FLAG_MBOXINVALID);"
               "conn->flags |= NETCONN_FLAG_MBOXINVALID;" api_msg "${api_msg}")
string(REPLACE "tcp_abort(newconn->pcb.tcp);" "hl_tcp_abort(newconn->pcb.tcp);" api_msg "${api_msg}")
file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/api_msg.c" CONTENT "${api_msg}" @ONLY)
list(APPEND lwip_sources "${CMAKE_CURRENT_BINARY_DIR}/api_msg.c")

set(lwip_settings CONFIG_LWIP_IPV6=1)
if(LWIP_SETTINGS)
    file(STRINGS "${LWIP_SETTINGS}" lwip_lines REGEX "^CONFIG_LWIP_[A-Z0-9_]+=[0-9y]")
    string(REPLACE "=y" "=1" lwip_lines "${lwip_lines}")
    list(APPEND lwip_settings ${lwip_lines})
endif()
foreach(default CONFIG_LWIP_MAX_SOCKETS=10 CONFIG_LWIP_TCP_ACCEPTMBOX_SIZE=6)
    string(REGEX REPLACE "=.*" "=" setting ${default})
    if(NOT "${lwip_settings}" MATCHES "${setting}")
        list(APPEND lwip_settings ${default})
    endif()
endforeach()

set_source_files_properties(${lwip_sources} PROPERTIES COMPILE_OPTIONS -w)

# computer.c sees the computer's headers; what is built with the engine sees lwIP's by the same names.
add_library(lwip STATIC ${lwip_sources} lwip/computer.c lwip/relay.c lwip/sys_arch.c)
target_include_directories(lwip PUBLIC lwip/include include PRIVATE lwip)
target_include_directories(lwip SYSTEM PUBLIC "${LWIP_DIR}/src/include")
target_compile_definitions(lwip PUBLIC ${lwip_settings} PRIVATE _GNU_SOURCE)
target_compile_options(lwip PRIVATE -Wall -Wextra -Wshadow)
target_link_libraries(lwip PUBLIC Threads::Threads)

target_sources(esp_http_server_host PRIVATE lwip/descriptors.c lwip/reading.c lwip/waiting.c stubs/freertos.c)
target_link_libraries(esp_http_server_host PUBLIC lwip)
target_include_directories(esp_http_server_host PUBLIC lwip/posix stubs PRIVATE lwip)
target_link_options(esp_http_server_host INTERFACE -Wl,--wrap=close,--wrap=fcntl,--wrap=read,--wrap=write,--wrap=select)
