# Everything is built under build/; what takes more than a line is a script in tools/.
# Each target may be the first and only command on a fresh clone of a fresh machine.
SHELL := /bin/bash
.SUFFIXES:
.DELETE_ON_ERROR:

export HOST ?= 127.0.0.1
export PORT ?= 8080
export FOLDER ?= $(CURDIR)/build/files
export FUZZ_S ?= 30

VENV := build/venv/.ready

.PHONY: build run test lint generate release bench fuzz clean

build: build/.packages-build
	tools/build.py

run: build
	exec build/host/micropython -i examples/demo.py

test: build/.packages-test $(VENV)
	tools/build.py --sanitize
	build/venv/bin/python tools/test.py $(ARGS)

lint: build $(VENV)
	build/venv/bin/python tools/lint.py

# What is written from a table or a stub, and committed. Tests compare.
generate:
	python3 -m tools.messages
	python3 -m tools.defaults
	tests/vectors/webrepl2.py
	cd micropython && python3 -m bindgen uhttpd.pyi webrepl.pyi _webrepl.pyi --reference --out ../docs

# Another version, everywhere: VERSION=0.2.0. Commits nothing.
release:
	tools/release.py "$(VERSION)"

bench: build/.packages-bench $(VENV)
	tools/build.py
	build/venv/bin/python tools/bench.py $(ARGS)

fuzz: build/.packages-fuzz
	python3 -m tests.fuzz.run --seconds $(FUZZ_S) $(ARGS)

clean:
	rm -rf build

build/.packages-%: tools/bootstrap
	tools/bootstrap $*
	mkdir -p build && touch $@

$(VENV): pyproject.toml tools/environment.py | build/.packages-build
	tools/environment.py build/venv
	touch $@
