# SPDX-License-Identifier: MIT
# The modules uhttpd and _webrepl for ports that are built with make. Given on the command line:
#   USER_C_MODULES   the folder above this one
#   UHTTPD_LIBRARIES the folder with the components' static libraries
#   UHTTPD_FLAGS     flags with which the modules are compiled and linked, may be empty

UHTTPD_ROOT := $(USER_C_MODULES)

SRC_USERMOD_C += $(wildcard $(USERMOD_DIR)/glue/*.c) $(wildcard $(UHTTPD_ROOT)/build/bindgen/*.c)

CFLAGS_USERMOD += $(UHTTPD_FLAGS) -I$(USERMOD_DIR) -I$(USERMOD_DIR)/glue -I$(UHTTPD_ROOT)/build/bindgen
CFLAGS_USERMOD += $(foreach part,components/uhttpd components/webrepl host,-I$(UHTTPD_ROOT)/$(part)/include)

UHTTPD_ARCHIVES := $(wildcard $(UHTTPD_LIBRARIES)/*.a)
gil_wrap = $(foreach word,init lock unlock,-Wl,--wrap=mp_thread_mutex_$(word))
LDFLAGS_USERMOD += $(gil_wrap) # glue/gil.c
LDFLAGS_USERMOD += -Wl,--start-group $(UHTTPD_ARCHIVES) -Wl,--end-group $(UHTTPD_FLAGS)

# The program is linked again when a library has changed.
$(BUILD)/$(PROG): $(UHTTPD_ARCHIVES)
