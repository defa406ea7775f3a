# The main commands: make demo, make test, make chaos.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PACE ?= fast
CONFIGURATION ?= debug
SECONDS ?= 60
EVENTS ?= 1000
REPLICAS ?=
SEED ?= 1
KAFKA_BROKERS ?=
KAFKA_DOWN ?=
KAFKA_UP ?=
REPORT ?=
FROM ?= HEAD
SEEDS ?= 10000
FIRST_SEED ?= 1
SESSIONS ?= 1000
METRICS ?= 3
STEP ?= 10s
INTERVAL ?=
DURATION ?= 2m
BACKEND_LATENCY ?= 0
BACKEND_ERRORS ?= 0
POSTGRES ?=
RATE ?= 50
ATTACKS ?=
JSON ?=
SERVE_FLAGS ?=
IMAGE ?= assay:dev
DEMO_IMAGE ?= assay-demo:dev
PLATFORMS ?=

.PHONY: help setup build demo test lint bench bench-start fuzz sanitize simulate chaos chaos-upgrade chaos-intake soak \
	loadtest loadtest-scale test-deployment image image-demo package clean

help:
	@echo "make demo    set up, build, and show three releases being judged (PACE=fast or real, KEEP=1 leaves it running)"
	@echo "make test    set up, build, lint, and run all tests"
	@echo "make setup   install the Debian packages that building and testing need"
	@echo "make build   build (CONFIGURATION=debug or release)"
	@echo "make lint    check the format of the sources"
	@echo "make bench   run the benchmarks and print their report"
	@echo "make bench-start  measure the time from start to ready, and memory when idle"
	@echo "make fuzz    search for inputs that a reader of outside bytes should not take (SECONDS=60)"
	@echo "make sanitize  run the tests under the address and thread sanitizers (half an hour)"
	@echo "make simulate  run whole engines from seeds under simulated time and faults (SEEDS=10000 FIRST_SEED=1)"
	@echo "make chaos   kill, pause and cut off replicas under load, and count (EVENTS=1000 REPLICAS=3 SEED=1"
	@echo "             KAFKA_BROKERS=host:port KAFKA_DOWN=command KAFKA_UP=command CONFIGURATION=debug REPORT=file;"
	@echo "             docs/reliability.md)"
	@echo "make chaos-upgrade  replace the replicas of an older commit under load, and back (FROM=HEAD)"
	@echo "make chaos-intake   measure how fast deploy events are taken in (EVENTS=40000)"
	@echo "make soak    attack the program, one attack after the other, while good releases go on, and count (SECONDS=600"
	@echo "             RATE=50 ATTACKS=name,name KAFKA_BROKERS=host:port CONFIGURATION=release REPORT=file JSON=file;"
	@echo "             docs/reliability.md)"
	@echo "make loadtest  drive many analyses through the program and measure (SESSIONS=1000 METRICS=3 STEP=10s INTERVAL=STEP"
	@echo "             DURATION=2m BACKEND_LATENCY=0 BACKEND_ERRORS=0 REPLICAS=1 POSTGRES=1 KAFKA_BROKERS=host:port SEED=1"
	@echo "             SERVE_FLAGS=--flag=value REPORT=file; docs/performance.md)"
	@echo "make loadtest-scale  the same with 100, 1,000 and 10,000 analyses"
	@echo "make test-deployment  check chart, dashboards, alerts, image and pipelines"
	@echo "make image   build the container image (IMAGE=assay:dev PLATFORMS=; docs/image.md)"
	@echo "make image-demo  build the image of the demo's shop (DEMO_IMAGE=assay-demo:dev)"
	@echo "make package   build the Debian package and the tarball (docs/packages.md)"
	@echo "make clean   remove what was built"

setup:
	@scripts/setup

build: setup
	swift build --configuration $(CONFIGURATION) --product assay

demo: build
	swift build --configuration $(CONFIGURATION) --product assay-demo
	@"$$(swift build --configuration $(CONFIGURATION) --show-bin-path)/assay-demo" --pace $(PACE) $(if $(KEEP),--keep-running)

# The end-to-end tests run the program itself under real time, so they have the machine to themselves. The simulation's
# keep all processors busy, so that others beside them would run out of time.
# Swift Testing starts all tests of a program at once unless told otherwise; what waits for a timeout then waits for the
# processors.
test: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 16
test: setup lint simulate
	swift build --build-tests
	$(deployment_tests)
	swift test --skip-build --skip 'EndToEndTests|SimulationTests|AssayTests|DocsTests|InputTests|LoadTests|ServiceTests'
	swift test --skip-build --skip EndToEndTests --filter 'AssayTests|DocsTests|InputTests|LoadTests|ServiceTests'
	swift test --skip-build --filter SimulationTests
	swift test --skip-build --filter EndToEndTests

# pytest over Tests/Integration/Deployment; what runs `assay` takes the debug build.
deployment_tests = PYTHONDONTWRITEBYTECODE=1 .build-python/bin/pytest --rootdir Tests/Integration/Deployment -c Tests/Integration/Deployment/pytest.ini Tests/Integration/Deployment

test-deployment: build
	swift build --configuration $(CONFIGURATION) --product assay-demo
	$(deployment_tests)

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests loadtest examples/demo \
		Benchmarks/Package.swift Benchmarks/Benchmarks Benchmarks/Sources

# What cannot be installed is left out of the report, with a word about it.
bench: setup
	@scripts/setup bench || true
	@scripts/bench

bench-start: setup
	@scripts/bench-start

fuzz: setup
	@scripts/fuzz $(SECONDS)

sanitize: setup
	@scripts/sanitize

# A release build runs about ten times as many seeds in the same time.
simulate: setup
	swift build --configuration release --product simulate
	@"$$(swift build --configuration release --show-bin-path)/simulate" --seeds $(SEEDS) --first $(FIRST_SEED)

# Environment variables of the same names would reach the programs under test; flags only reach the one meant.
chaos_flags = --seed $(SEED) $(if $(KAFKA_BROKERS),--kafka-brokers $(KAFKA_BROKERS)) $(if $(REPORT),--report $(REPORT))
# Commands that take the real broker down and bring it back.
chaos_outage = $(if $(KAFKA_DOWN),--broker-down-command '$(KAFKA_DOWN)') $(if $(KAFKA_UP),--broker-up-command '$(KAFKA_UP)')
chaos_program = "$$(swift build --configuration $(CONFIGURATION) --show-bin-path)/chaos"

chaos: build
	swift build --configuration $(CONFIGURATION) --product chaos
	@$(chaos_program) --events $(EVENTS) --replicas $(or $(REPLICAS),3) $(chaos_flags) $(chaos_outage)

chaos-upgrade: build
	swift build --configuration $(CONFIGURATION) --product chaos
	@scripts/build-commit $(FROM) $(CONFIGURATION) .build/upgrade-from
	@$(chaos_program) --scenario upgrade --from-assay .build/upgrade-from/assay --events $(EVENTS) \
		--replicas $(or $(REPLICAS),3) $(chaos_flags)

# A release build: what a debug build takes in says little.
chaos-intake: CONFIGURATION = release
chaos-intake: EVENTS = 40000
chaos-intake: build
	swift build --configuration $(CONFIGURATION) --product chaos
	@$(chaos_program) --scenario intake --events $(EVENTS) $(chaos_flags)

soak: SECONDS = 600
soak: CONFIGURATION = release
soak: build
	swift build --configuration $(CONFIGURATION) --product soak
	@"$$(swift build --configuration $(CONFIGURATION) --show-bin-path)/soak" --seconds $(SECONDS) --rate $(RATE) \
		$(if $(ATTACKS),--attacks "$(ATTACKS)") $(if $(JSON),--json $(JSON)) $(chaos_flags)

# A release build, as in production; flags for the same reason as above. Several numbers of SESSIONS run one by one.
load_flags = --metrics $(METRICS) --step $(STEP) $(if $(INTERVAL),--interval $(INTERVAL)) --duration $(DURATION) \
	--backend-latency $(BACKEND_LATENCY) --backend-errors $(BACKEND_ERRORS) --replicas $(or $(REPLICAS),1) \
	$(if $(filter-out 0,$(POSTGRES)),--postgres) $(foreach flag,$(SERVE_FLAGS),--serve-flag $(flag)) $(chaos_flags)

loadtest loadtest-scale: CONFIGURATION = release
loadtest-scale: SESSIONS = 100 1000 10000
loadtest loadtest-scale: build
	swift build --configuration $(CONFIGURATION) --product load
	@"$$(swift build --configuration $(CONFIGURATION) --show-bin-path)/load" --sessions "$(SESSIONS)" $(load_flags)

image:
	@IMAGE=$(IMAGE) PLATFORMS=$(PLATFORMS) scripts/image/build

image-demo:
	@IMAGE=$(DEMO_IMAGE) PLATFORMS=$(PLATFORMS) TARGET=demo scripts/image/build

# Binaries for release, in .build/packages.
package: setup
	@scripts/package/build

clean:
	rm -rf .build .build-* Benchmarks/.build
