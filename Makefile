# The two commands: make demo, make test.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PACE ?= fast
CONFIGURATION ?= debug
SECONDS ?= 60

.PHONY: help setup build demo test lint bench fuzz clean

help:
	@echo "make demo    set up, build, and show two releases being judged (PACE=fast or real)"
	@echo "make test    set up, build, lint, and run all tests"
	@echo "make setup   install the Debian packages that building and testing need"
	@echo "make build   build (CONFIGURATION=debug or release)"
	@echo "make lint    check the format of the sources"
	@echo "make bench   run the benchmarks and print their report"
	@echo "make fuzz    search for samples that the judge gets wrong (SECONDS=60)"
	@echo "make clean   remove what was built"

setup:
	@scripts/setup

build: setup
	swift build --configuration $(CONFIGURATION) --product assay

demo: build
	@"$$(swift build --configuration $(CONFIGURATION) --show-bin-path)/assay" demo --pace $(PACE)

# The end-to-end tests run the program itself under real time, so they have the machine to themselves.
test: setup lint
	swift build --build-tests
	swift test --skip-build --skip EndToEndTests
	swift test --skip-build --filter EndToEndTests

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests \
		Benchmarks/Package.swift Benchmarks/Benchmarks Benchmarks/Sources

# What cannot be installed is left out of the report, with a word about it.
bench: setup
	@scripts/setup bench || true
	@scripts/bench

fuzz: setup
	@scripts/fuzz $(SECONDS)

clean:
	rm -rf .build .build-* Benchmarks/.build
