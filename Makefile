# Everything is built under build/; what takes more than a line is a script in tools/.
# Each target may be the first and only command on a fresh clone of a fresh machine. `make help` lists them, each by the
# comment behind its name.
SHELL := /bin/bash
.SUFFIXES:
.DELETE_ON_ERROR:

export HOST ?= 127.0.0.1
export PORT ?= 8080
export FOLDER ?= $(CURDIR)/build/files
export FUZZ_S ?= 30

VENV := build/venv/.ready

.PHONY: build page help run test quick lint generate docs release bench fuzz clean

build: build/.packages-build ## The desktop firmwares, build/host/micropython and build/host/firmware (what `make` makes)
	tools/build.py

page: build/.packages-page ## The terminal page and its editor, build/web, which `idf.py build` embeds
	tools/build.py --page

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## The demo, on http://$HOST:$PORT (127.0.0.1:8080), with the files of $FOLDER
	exec build/host/micropython examples/demo.py

test: build/.packages-test $(VENV) ## All tests that need no board, and the lines they cover; ARGS="FOLDER -k WORD" for some
	tools/build.py --sanitize
	build/venv/bin/python tools/test.py $(ARGS)

quick: build/.packages-test $(VENV) ## The tests that find most mistakes within two minutes
	tools/build.py --sanitize
	build/venv/bin/python tools/test.py --quick

lint: build $(VENV) ## Style and static checks
	build/venv/bin/python tools/lint.py

generate: ## What is written from a table or a stub, and committed; tests compare
	python3 -m tools.messages
	python3 -m tools.defaults
	python3 -m tools.client_reference
	tests/vectors/webrepl2.py
	cd micropython && python3 -m bindgen uhttpd.pyi uhttpd_session.pyi uhttpd_testing.pyi webrepl.pyi _webrepl.pyi --reference --out ../docs

docs: $(VENV) ## The documentation as a site, build/site; fails for links that lead nowhere
	build/venv/bin/python tools/site.py

release: ## Another version everywhere: VERSION=0.2.0; commits nothing
	tools/release.py "$(VERSION)"

bench: build/.packages-bench $(VENV) ## Requests per second, against Microdot; ARGS="--rounds 4"
	tools/build.py
	build/venv/bin/python tools/bench.py $(ARGS)

fuzz: build/.packages-fuzz ## The parsers, each for $FUZZ_S seconds
	python3 -m tests.fuzz.run --seconds $(FUZZ_S) $(ARGS)

clean: ## Removes build/
	rm -rf build

build/.packages-%: tools/bootstrap
	tools/bootstrap $*
	mkdir -p build && touch $@

$(VENV): pyproject.toml tools/environment.py | build/.packages-build
	tools/environment.py build/venv
	touch $@
