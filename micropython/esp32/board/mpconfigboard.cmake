# Settings in the order in which they are read. Each file has a neighbour for a chip where its name is followed by the
# chip's, which ESP-IDF finds by itself.
set(MICROPY_SDKCONFIG_DEFAULTS
    "${MICROPY_PORT_DIR}/boards/sdkconfig.base"
    "${MICROPY_PORT_DIR}/boards/sdkconfig.ble"
    "${CMAKE_CURRENT_LIST_DIR}/sdkconfig.board")
