# The modules uhttpd and _webrepl for ports that are built with CMake: USER_C_MODULES is this folder. The components
# uhttpd and webrepl must be among the requirements of the port's main component.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(bindings "${CMAKE_BINARY_DIR}/bindgen")
set(stubs "${CMAKE_CURRENT_LIST_DIR}/uhttpd.pyi" "${CMAKE_CURRENT_LIST_DIR}/_webrepl.pyi")
file(GLOB borrowed "${CMAKE_CURRENT_LIST_DIR}/uhttpd_*.pyi")
file(GLOB generator "${CMAKE_CURRENT_LIST_DIR}/bindgen/*.py")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${stubs} ${borrowed} ${generator})

# Now and not when building: names for the interpreter are looked for in the sources.
file(MAKE_DIRECTORY "${bindings}")
execute_process(COMMAND "${Python3_EXECUTABLE}" -m bindgen --output "${bindings}" ${stubs}
                WORKING_DIRECTORY "${CMAKE_CURRENT_LIST_DIR}" RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "The bindings of ${stubs} could not be generated")
endif()

file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/glue/*.c" "${bindings}/*.c")
add_library(usermod_uhttpd INTERFACE)
target_sources(usermod_uhttpd INTERFACE ${sources})
target_include_directories(usermod_uhttpd INTERFACE "${CMAKE_CURRENT_LIST_DIR}" "${CMAKE_CURRENT_LIST_DIR}/glue"
                                                    "${bindings}")
target_link_libraries(usermod INTERFACE usermod_uhttpd)
