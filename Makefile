# dreamrig: make demo, make test; make help lists the rest.
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
ifeq ($(filter -j% --jobs%,$(MAKEFLAGS))$(filter-out 0,$(MAKELEVEL)),)
MAKEFLAGS += --jobs=$(shell nproc)
endif

PREFIX ?= /usr/local
MODE ?= release
BUILD ?= build
OUT := $(BUILD)/$(MODE)
# The programs lie in build/ itself; those of other modes (asan) in a folder of their own.
BIN := $(if $(filter release,$(MODE)),$(BUILD),$(OUT))

# --- Debian packages -----------------------------------------------------------------------------------------------
BUILD_PACKAGES := gcc libc6-dev pkg-config libglib2.0-dev libsdl2-dev libcairo2-dev libpango1.0-dev libpng-dev \
  libjpeg62-turbo-dev libopenblas-dev liblapacke-dev r-mathlib libprotobuf-c-dev protobuf-c-compiler \
  libjson-glib-dev libfftw3-dev librsvg2-dev libnlopt-dev libsndfile1-dev libsamplerate0-dev \
  libserialport-dev fonts-dejavu-core fonts-droid-fallback
TEST_PACKAGES := perl xvfb xdotool
MODULES := gio-2.0 sdl2 pangocairo cairo libpng libjpeg openblas lapacke libRmath libprotobuf-c json-glib-1.0 fftw3 \
  librsvg-2.0 nlopt sndfile samplerate libserialport freetype2 pixman-1
INSTALLING := $(filter demo test asan check-%,$(MAKECMDGOALS))

# The libraries' flags, remade when this file changes; make reads it and starts over. It installs what is missing where
# the goal needs nothing but a result (demo, test), and otherwise prints the one line to run.
ifeq ($(filter clean help,$(MAKECMDGOALS)),)
include $(BUILD)/packages.mk
endif
$(BUILD)/packages.mk: Makefile
	@mkdir -p $(@D)
	@missing=; for p in $(BUILD_PACKAGES) $(if $(filter test asan check-%,$(MAKECMDGOALS)),$(TEST_PACKAGES)); do \
	  dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  line="apt-get install -y --no-install-recommends$$missing"; \
	  if [ -z "$(INSTALLING)" ] || ! command -v apt-get >/dev/null; then \
	    echo "dreamrig needs packages that are missing. Run: sudo apt-get update && sudo $$line" >&2; exit 1; \
	  elif [ "$$(id -u)" = 0 ]; then as=; \
	  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as=sudo; \
	  else echo "dreamrig needs packages that are missing. Run as root: apt-get update && $$line" >&2; exit 1; fi; \
	  echo "Installing:$$missing"; \
	  if [ -t 1 ]; then show='-q -o Dpkg::Progress-Fancy=1'; else show=-qq; fi; \
	  $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive $$line $$show </dev/null || exit 1; \
	fi
	@{ echo "LIBRARY_CFLAGS := $$(pkg-config --cflags $(MODULES))"; \
	   echo "LIBRARY_LIBS := $$(pkg-config --libs $(MODULES))"; \
	   for m in $(MODULES); do v=$$(echo $$m | tr -c 'a-zA-Z0-9\n' _); \
	     echo "LIBS_$$v := $$(pkg-config --libs $$m)"; done; } > $@.part && mv $@.part $@

# --- Compiling -----------------------------------------------------------------------------------------------------
CC := $(if $(filter fuzz,$(MODE)),clang,gcc)
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 $(WERROR)
# -march: one level that every laboratory PC of the last decade has (AVX2, FMA); MARCH= builds for any x86-64.
MARCH ?= $(if $(filter x86_64,$(shell uname -m)),-march=x86-64-v3)
OPTIMISE := -O2 $(MARCH) -ffp-contract=off
comma := ,
SANITISE := $(if $(filter asan fuzz,$(MODE)),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer) \
  $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer-no-link)
CFLAGS ?= -g
# The network's kernels are worth vector code; these flags change no result (unlike -ffast-math, which is used nowhere).
$(OUT)/synth/net/op_%.o: OPTIMISE += -O3 -fno-math-errno -fno-trapping-math
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -I. -I$(OUT)/generated $(CFLAGS) $(OPTIMISE) $(WARNINGS) $(SANITISE) -MMD -MP \
  -DRIG_SOURCE='"$(CURDIR)"' $(patsubst -I%,-isystem %,$(LIBRARY_CFLAGS)) -pthread

# One short line a step; make V=1 shows the whole commands.
say = $(if $(V),,@echo '  $(1)	$(2)';)

FOLDERS := stimuli protocols synth present analysis
c_sources = $(shell find $(1) -name '*.c' 2>/dev/null | LC_ALL=C sort)
sources_of = $(filter-out $(1)/main.c,$(call c_sources,$(1)))
objects_of = $(patsubst %.c,$(OUT)/%.o,$(call sources_of,$(1)))
PROTOS := $(wildcard synth/net/*.proto)
GENERATED := $(patsubst %.proto,$(OUT)/generated/%.pb-c.c,$(PROTOS))
$(foreach f,$(FOLDERS),$(eval OBJECTS_$(f) := $(call objects_of,$(f))))
OBJECTS_synth += $(GENERATED:.c=.o)
LIBRARIES := $(FOLDERS:%=$(OUT)/lib%.a)
PROGRAMS := $(patsubst %,$(BIN)/dreamrig-%,$(foreach f,synth present analysis,$(if $(wildcard $(f)/main.c),$(f))))

.PHONY: all demo test goldens test-faults test-bids test-psychds bench lint format asan fuzz run-fuzzers install clean help
all: $(PROGRAMS) ## build the three programs

$(OUT)/%.o: %.c $(BUILD)/packages.mk | $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<
$(OUT)/generated/%.pb-c.c: %.proto
	@mkdir -p $(OUT)/generated
	$(call say,PROTOC,$<)protoc-c --c_out=$(OUT)/generated $<
$(OUT)/generated/%.pb-c.o: $(OUT)/generated/%.pb-c.c
	$(call say,CC,$<)$(CC) -std=c17 -O2 -g $(SANITISE) -w -I$(OUT)/generated $(LIBRARY_CFLAGS) -c -o $@ $<

define library_rule
$(OUT)/lib$(1).a: $$(OBJECTS_$(1))
	@rm -f $$@
	$$(call say,AR,$$@)ar rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call library_rule,$(f))))

# What each program links: a node of a cluster needs no SDL, a presentation machine no BLAS.
LIBS_base = $(LIBS_gio_2_0) $(LIBS_json_glib_1_0) $(LIBS_libpng) $(LIBS_libjpeg)
LIBS_net = $(LIBS_openblas) $(LIBS_libprotobuf_c)
LIBS_draw = $(LIBS_pangocairo) $(LIBS_cairo)
LINK_synth = $(LIBS_net) $(LIBS_draw) $(LIBS_base) -lm
LINK_present = $(LIBS_sdl2) $(LIBS_sndfile) $(LIBS_samplerate) $(LIBS_libserialport) $(LIBS_draw) $(LIBS_base) -lm
LINK_analysis = $(LIBS_librsvg_2_0) $(LIBS_nlopt) $(LIBS_lapacke) $(LIBS_libRmath) $(LIBS_fftw3) $(LINK_synth)
OWN_synth := synth stimuli
OWN_present := present protocols stimuli
OWN_analysis := analysis synth protocols stimuli
define program_rule
$(BIN)/dreamrig-$(1): $(OUT)/$(1)/main.o $$(OWN_$(1):%=$(OUT)/lib%.a)
	$$(call say,LINK,$$@)$(CC) $$(SANITISE) -pthread -o $$@ $$^ $$(LINK_$(1))
endef
$(foreach f,synth present analysis,$(eval $(call program_rule,$(f))))

# --- Tests ---------------------------------------------------------------------------------------------------------
TESTS := $(patsubst %.c,$(OUT)/%,$(shell find tests -name 'test_*.c' | LC_ALL=C sort))
# interpose.c stands before the C library's write, fsync and others: for the tests of faults alone.
HELPERS := $(patsubst %.c,$(OUT)/%.o,$(filter-out $(shell find tests -name 'test_*.c'),$(shell find tests -name '*.c' -not -name interpose.c -not -path 'tests/fuzz/*' -not -path 'tests/bench/*')))
$(filter $(OUT)/tests/present/test_faults%,$(TESTS)): $(OUT)/tests/present/interpose.o
$(TESTS): $(OUT)/%: $(OUT)/%.o $(HELPERS) $(LIBRARIES)
	$(call say,LINK,$@)$(CC) $(SANITISE) -pthread -o $@ $(filter %.o,$^) $(OUT)/libanalysis.a $(OUT)/libpresent.a $(OUT)/libsynth.a \
	  $(OUT)/libprotocols.a $(OUT)/libstimuli.a $(LINK_analysis) $(LINK_present) $(LIBS_freetype2) $(LIBS_pixman_1)
RUN_TESTS = G_TEST_SRCDIR=tests DREAMRIG_BIN=$(BIN) DREAMRIG_DATADIR=$(CURDIR) OPENBLAS_NUM_THREADS=1 \
  LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 prove --exec '' --timer --jobs 2
test: $(PROGRAMS) $(TESTS) ## build and run every test
	$(RUN_TESTS) $(TESTS) :: --tap
# One folder's tests: make check-synth
$(foreach f,$(FOLDERS),$(eval check-$(f): $$(PROGRAMS) $(filter $(OUT)/tests/$(f)/%,$(TESTS)) ; $$(RUN_TESTS) $(filter $(OUT)/tests/$(f)/%,$(TESTS)) :: --tap))

test-faults: $(PROGRAMS) $(filter $(OUT)/tests/present/test_faults%,$(TESTS)) ## fault sessions at every call to the disk
	DREAMRIG_EVERY_FAULT=1 $(RUN_TESTS) --verbose $(filter $(OUT)/tests/present/test_faults%,$(TESTS)) :: --tap

GOLDENS := $(filter $(OUT)/tests/present/test_goldens%,$(TESTS))
goldens: $(PROGRAMS) $(GOLDENS) ## write the screens' goldens anew, after a change that is meant
	DREAMRIG_GOLDENS=write $(RUN_TESTS) --verbose $(GOLDENS) :: --tap

# The official validator of BIDS, from npm into the build folder: nothing else needs it.
BIDS_VALIDATOR := $(BUILD)/bids-validator/node_modules/bids-validator/bin/bids-validator
BIDS_VALIDATOR_VERSION := 1.15.0
$(BIDS_VALIDATOR):
	@command -v npm >/dev/null && command -v node >/dev/null || \
	  { echo 'make test-bids needs node and npm. Run: sudo apt-get install -y --no-install-recommends npm' >&2; exit 1; }
	@echo 'Installing bids-validator $(BIDS_VALIDATOR_VERSION) and what it needs (700 MB) into $(BUILD)/bids-validator'
	@mkdir -p $(BUILD)/bids-validator
	@npm install --no-audit --no-fund --loglevel=error --prefix $(BUILD)/bids-validator \
	  bids-validator@$(BIDS_VALIDATOR_VERSION) || \
	  { echo 'bids-validator could not be installed: is there a network that reaches the npm registry?' >&2; exit 1; }
test-bids: $(PROGRAMS) $(OUT)/tests/present/test_faults_bids | $(BIDS_VALIDATOR) ## the official BIDS validator on our data (npm)
	DREAMRIG_BIDS_VALIDATOR=$(BIDS_VALIDATOR) $(RUN_TESTS) --verbose $(OUT)/tests/present/test_faults_bids :: --tap

# The official validator of Psych-DS, likewise. PSYCHDS_VALIDATOR='COMMAND' runs one that is there, for example its
# sources: PSYCHDS_VALIDATOR='deno run --no-check -A psychds-validator/src/index.ts'.
PSYCHDS_SCRIPT := $(BUILD)/psychds-validator/node_modules/psychds-validator/cli.js
PSYCHDS_VALIDATOR ?= node $(abspath $(PSYCHDS_SCRIPT))
$(PSYCHDS_SCRIPT):
	@command -v npm >/dev/null && command -v node >/dev/null || \
	  { echo 'make test-psychds needs node and npm. Run: sudo apt-get install -y --no-install-recommends npm' >&2; exit 1; }
	@mkdir -p $(BUILD)/psychds-validator
	@npm install --no-audit --no-fund --loglevel=error --prefix $(BUILD)/psychds-validator psychds-validator || \
	  { echo 'npm could not install psychds-validator; it says why above. Any other copy will do, for example from' >&2; \
	    echo 'the sources (github.com/psych-ds/psychds-validator) with deno: make test-psychds \' >&2; \
	    echo "  PSYCHDS_VALIDATOR='deno run --no-check -A psychds-validator/src/index.ts'" >&2; exit 1; }
test-psychds: $(PROGRAMS) $(OUT)/tests/present/export/test_psychds_validator $(if $(findstring $(PSYCHDS_SCRIPT),$(PSYCHDS_VALIDATOR)),| $(PSYCHDS_SCRIPT)) ## the official Psych-DS validator on our export (npm)
	DREAMRIG_PSYCHDS_VALIDATOR='$(PSYCHDS_VALIDATOR)' $(RUN_TESTS) --verbose \
	  $(OUT)/tests/present/export/test_psychds_validator :: --tap

asan: ## the whole suite under the address and undefined-behaviour sanitizers
	$(MAKE) --no-print-directory MODE=asan BUILD=$(BUILD) test

# --- Speed ---------------------------------------------------------------------------------------------------------
BENCHES := $(patsubst %.c,$(OUT)/%,$(shell find tests/bench -name 'bench_*.c' 2>/dev/null | LC_ALL=C sort))
$(BENCHES): $(OUT)/%: $(OUT)/%.o $(OUT)/tests/bench/measure.o $(OUT)/libsynth.a $(OUT)/libstimuli.a
	$(call say,LINK,$@)$(CC) $(SANITISE) -pthread -o $@ $^ $(LINK_synth)
bench: $(PROGRAMS) $(BENCHES) ## build and run the speed measurements
	@for b in $(BENCHES); do echo "== $$b"; DREAMRIG_BIN=$(BIN) $$b || exit 1; done

# Every reader of strangers' files under libFuzzer, address and undefined-behaviour sanitizers, FUZZ_SECONDS each.
FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst %.c,$(OUT)/%,$(wildcard tests/fuzz/fuzz_*.c))
$(FUZZERS): $(OUT)/%: $(OUT)/%.o $(OUT)/tests/fuzz/file.o $(LIBRARIES)
	$(call say,LINK,$@)$(CC) $(SANITISE) -fsanitize=fuzzer -pthread -o $@ $< $(OUT)/tests/fuzz/file.o $(OUT)/libanalysis.a $(OUT)/libpresent.a \
	  $(OUT)/libsynth.a $(OUT)/libprotocols.a $(OUT)/libstimuli.a $(LINK_analysis) $(LINK_present)
run-fuzzers: $(FUZZERS)
	@for f in $(FUZZERS); do name=$$(basename $$f); corpus=$(BUILD)/corpus/$$name; seeds=$(BUILD)/seeds/$$name; \
	  echo "== $$name"; mkdir -p $$corpus $$seeds; tests/fuzz/seeds.sh $$name $$seeds || exit 1; \
	  LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 $$f -max_total_time=$(FUZZ_SECONDS) \
	    -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 -verbosity=0 -artifact_prefix=$$corpus- \
	    $$corpus $$seeds || exit 1; done
fuzz: ## run the fuzz targets (needs clang and libclang-rt-14-dev)
	$(MAKE) --no-print-directory MODE=fuzz BUILD=$(BUILD) run-fuzzers

# --- The demonstration ---------------------------------------------------------------------------------------------
# Dreams a small set with the bundled network, runs simulated participants through the session code, analyses, reports.
DEMO := $(BUILD)/demo
DEMO_LAYERS := conv2d0_pre_relu,conv2d2,maxpool1,mixed3a,mixed3b_5x5,mixed4a,mixed4b_3x3,mixed4c,mixed4e,mixed5b
demo: $(PROGRAMS) ## dream, run simulated participants, analyse and report
	@rm -rf $(DEMO)/data $(DEMO)/report
	@mkdir -p $(DEMO)
	@echo '1/4  dreaming a set with the bundled network'
	@$(BIN)/dreamrig-synth set --network mini --layers $(DEMO_LAYERS) --seeds 3 --size 192x192 --iterations 25 \
	  --octaves 4 -o $(DEMO)/stimuli
	@$(BIN)/dreamrig-synth sheet $(DEMO)/stimuli -o $(DEMO)/stimuli-sheet.png
	@echo '2/4  running 30 simulated participants through the session'
	@$(BIN)/dreamrig-present simulate protocols/demo.protocol --set $(DEMO)/stimuli --participants 30 --seed 1 \
	  --data $(DEMO)/data
	@echo '3/4  measuring the images'
	@$(BIN)/dreamrig-analysis features $(DEMO)/stimuli
	@echo '4/4  analysing'
	@$(BIN)/dreamrig-analysis report $(DEMO)/data --set $(DEMO)/stimuli -o $(DEMO)/report
	@printf '\nThe images:  %s\nThe report:  %s\n' $(DEMO)/stimuli-sheet.png $(DEMO)/report/report.html

# --- Quality -------------------------------------------------------------------------------------------------------
ALL_SOURCES = $(shell git ls-files '*.c' '*.h')
PROGRAM_SOURCES = $(filter-out tests/%,$(ALL_SOURCES))
format: ## lay out every source file
	clang-format -i $(ALL_SOURCES)
lint: $(GENERATED) ## clang-format, cppcheck and clang-tidy
	clang-format --dry-run -Werror $(ALL_SOURCES)
	cppcheck --quiet --std=c11 --library=gtk --enable=warning,performance,portability --inline-suppr \
	  --error-exitcode=1 --suppress=missingIncludeSystem '-DG_GNUC_PRINTF(a,b)=' -I. $(filter %.c,$(PROGRAM_SOURCES))
	clang-tidy --quiet $(filter %.c,$(PROGRAM_SOURCES)) -- $(filter-out -M% -fsan% -ffp%,$(ALL_CFLAGS))

# --- Installing ----------------------------------------------------------------------------------------------------
SHARE = $(DESTDIR)$(PREFIX)/share
BUNDLED = $(shell find stimuli/demo protocols synth/networks -type f -not -name '*.[ch15]' 2>/dev/null | LC_ALL=C sort)
install: $(PROGRAMS) ## into DESTDIR and PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/man/man5
	install $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(wildcard synth/*.1 present/*.1 analysis/*.1) $(SHARE)/man/man1
	install -m 644 $(wildcard protocols/*.5) $(SHARE)/man/man5
	for f in $(BUNDLED); do install -D -m 644 $$f $(SHARE)/dreamrig/$$f || exit 1; done

clean: ## remove what was built
	rm -rf $(BUILD)
help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
