# Makes the project MicroPython's esp32 port with the modules uhttpd and webrepl, out of an unchanged copy of MicroPython
# in MICROPY_DIR. The top-level CMakeLists.txt includes this before ESP-IDF's project.cmake.
get_filename_component(MICROPY_DIR "${MICROPY_DIR}" ABSOLUTE)
set(MICROPY_PORT_DIR "${MICROPY_DIR}/ports/esp32")
if(NOT EXISTS "${MICROPY_PORT_DIR}/esp32_common.cmake")
    message(FATAL_ERROR "MICROPY_DIR is ${MICROPY_DIR}, where there is no MicroPython with an esp32 port")
endif()

set(MICROPY_BOARD UHTTPD)
set(MICROPY_BOARD_DIR "${CMAKE_CURRENT_LIST_DIR}/board")
if(NOT MICROPY_FROZEN_MANIFEST)
    set(MICROPY_FROZEN_MANIFEST "${MICROPY_BOARD_DIR}/manifest.py")
endif()
get_filename_component(USER_C_MODULES "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
include("${MICROPY_BOARD_DIR}/mpconfigboard.cmake")

# The port's settings and the board's take the place of the plain firmware's; what the command line adds stays.
list(REMOVE_ITEM SDKCONFIG_DEFAULTS sdkconfig.defaults)
set(SDKCONFIG_DEFAULTS ${MICROPY_SDKCONFIG_DEFAULTS} ${SDKCONFIG_DEFAULTS})
if(NOT SDKCONFIG)
    set(SDKCONFIG "${CMAKE_BINARY_DIR}/sdkconfig")
endif()

# EXTRA_COMPONENT_DIRS, here or in the environment, is for copies of what the component manager would download.
set(COMPONENT_DIRS "${CMAKE_CURRENT_LIST_DIR}/main" "${CMAKE_CURRENT_LIST_DIR}/../../components"
                   "$ENV{IDF_PATH}/components" ${EXTRA_COMPONENT_DIRS} $ENV{EXTRA_COMPONENT_DIRS})
