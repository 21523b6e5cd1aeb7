# SPDX-License-Identifier: Apache-2.0
# One Makefile.  A new file needs no edit: a folder of src/ is a library, a file of src/main/ a program,
# a file of test/<kind>/<folder>/ a test.  `make help` lists the targets.

CC       ?= cc
B        ?= build
CSTD     := -std=c2x
WARN     := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla -Wstrict-prototypes \
            -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wcast-qual -Wundef -Werror
HARDEN   := -fstack-protector-strong -fPIE $(if $(findstring clang,$(CC)),,-ftrivial-auto-var-init=zero)
OPT      ?= -O2 -g
CPPFLAGS += -Isrc -Iinclude -D_GNU_SOURCE -D_FORTIFY_SOURCE=2
CFLAGS   += $(CSTD) $(WARN) $(HARDEN) $(OPT) $(SAN)
LDFLAGS  += -pie -Wl,-z,relro,-z,now $(SAN)
DEPFLAGS  = -MMD -MP
Q        := $(if $(V),,@)

# Which library of Debian's a folder may use (kept in step with src/FLOORS by scripts/check-floors)
LIB_crypt := -lssl -lcrypto
LIB_spif  := $(shell pkg-config --libs libxml-2.0 2>/dev/null)
LIB_xmlsig := $(shell pkg-config --libs xmlsec1 2>/dev/null)
LIB_token := $(shell pkg-config --libs p11-kit-1 2>/dev/null)
LIB_feed  := -lexpat -lm
LIB_asterix := -lm
LIB_reduce := -lm
LIB_picture := -lm
LIB_check := -lm
LIB_tak   := -lprotobuf-c -lm
LIB_form  := -ljansson
LIB_ismform := -lexpat -ljansson
LIB_cli   := -ljansson
LIB_http  := -ljansson
LIB_desk  := -ljansson
LIB_client := -ljansson
LIBT_agreement := -lm
LIBT_crypt := -ljansson
LIBT_feed := -ljansson
LIBT_ais  := -ljansson -lm
LIBT_asterix := -lm
LIBT_reduce := -lm
LIBT_picture := -lm
LIBT_spif := -ljansson
LIBT_ism  := -ljansson
LIBT_form := $(LIB_spif) -lexpat
CPP_spif  := $(shell pkg-config --cflags libxml-2.0 2>/dev/null)
CPP_token := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags p11-kit-1 2>/dev/null))
CPP_tak   := -isystem $(B)/gen
CPP_xmlsig := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags xmlsec1 2>/dev/null))
LIBT_binding := $(LIB_spif)

FOLDERS := $(shell sed -n 's/^\([a-z]*\) *:.*/\1/p' src/FLOORS)
below    = $(shell sed -n 's/^$(1) *: *//p' src/FLOORS)
archives = $(patsubst %,$(B)/lib/%.a,$(1))
libs     = $(foreach f,$(1),$(LIB_$(f)))
.SUFFIXES:
.SECONDEXPANSION:

define FOLDER_RULES
$(1)_OBJ := $(patsubst src/%.c,$(B)/%.o,$(wildcard src/$(1)/*.c))
$(B)/lib/$(1).a: $$($(1)_OBJ)
	@mkdir -p $$(@D); rm -f $$@; $(AR) rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call FOLDER_RULES,$(f))))

# The messages of the TAK protocol in C, made from src/tak/tak.proto; others' code, so without our warnings
$(B)/gen/tak.pb-c.c: src/tak/tak.proto
	@mkdir -p $(@D)
	$(if $(V),,@echo "  GEN $<")
	$(Q)protoc-c --proto_path=$(<D) --c_out=$(@D) $<
$(B)/gen/tak.pb-c.h: $(B)/gen/tak.pb-c.c ;
$(B)/gen/tak.pb-c.o: $(B)/gen/tak.pb-c.c
	$(Q)$(CC) $(CPPFLAGS) $(filter-out $(WARN),$(CFLAGS)) -w -I$(@D) -c $< -o $@
$(B)/lib/tak.a: $(B)/gen/tak.pb-c.o
$(tak_OBJ): $(B)/gen/tak.pb-c.h

# The simulator holds machines that have inner names in common, so each comes to it as one object in which
# only desk_…, courier_…, check_…, intake_… can be seen
$(B)/lib/sim.a: $(patsubst %,$(B)/alone/%.o,desk courier check intake)
$(B)/alone/%.o: $(B)/lib/%.a
	@mkdir -p $(@D)
	$(Q)$(LD) -r --whole-archive $< -o $@ && objcopy --wildcard --keep-global-symbol='$*_*' $@

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $<")
	$(Q)$(CC) $(CPPFLAGS) $(CPP_$(notdir $(patsubst %/,%,$(dir $*)))) $(CFLAGS) $(DEPFLAGS) -c $< -o $@

# A program: src/main/<name>.c becomes bin/accord-<name> (accord and accordd keep their names), linked
# with its folder and the shell, or what its row here says, and with all below those
LINKS_accord  := cli
LINKS_accordd := accordd
LINKS_courier := courierio
LINKS_intake  := intakeio
LINKS_desk    := deskio
LINKS_simulate := sim
LINKS_unwrap  := unwrap
PROGRAMS      := $(patsubst src/main/%.c,%,$(wildcard src/main/*.c))
program_bin    = $(B)/bin/$(if $(filter accord accordd,$(1)),$(1),accord-$(1))
program_links  = $(or $(LINKS_$(1)),$(1) shell)
upper_first    = $(shell sed -n 's/^\([a-z]*\) *:.*/\1/p' src/FLOORS | tac)
# closure - the folders given and all below them, each once, upper floors first
closure        = $(foreach f,$(upper_first),$(if $(filter $(f),$(1) $(foreach g,$(1),$(call below,$(g)))),$(f)))
define PROGRAM_RULE
$(call program_bin,$(1)): $(B)/main/$(1).o $(call archives,$(2))
	@mkdir -p $$(@D)
	$$(if $$(V),,@echo "  BIN $$(@F)")
	$$(Q)$$(CC) $$(CFLAGS) $$^ $$(LDFLAGS) $$(call libs,$(2)) -o $$@
endef
$(foreach p,$(PROGRAMS),$(eval $(call PROGRAM_RULE,$(p),$(call closure,$(call program_links,$(p))))))

# The libraries for other programs, each a folder and all below it as one object in which only accord_… can be seen, shared
# and static: of markings, and of a party's desk.  The number of the ABI is …_MAJOR of the header.
LIBRARIES := accord-marking accord
LIBRARY_accord-marking := library
LIBRARY_accord         := client
define LIBRARY_RULES
LIBRARY += $(B)/library/lib$(1).so.1 $(B)/library/lib$(1).a
$(B)/library/$(1).o: $(patsubst src/%.c,$(B)/pic/%.o,$(foreach f,$(2),$(wildcard src/$(f)/*.c)))
	@mkdir -p $$(@D)
	$$(Q)$$(LD) -r $$^ -o $$@ && objcopy --wildcard --keep-global-symbol='accord_*' $$@
$(B)/library/lib$(1).a: $(B)/library/$(1).o
	rm -f $$@; $$(AR) rcs $$@ $$^
$(B)/library/lib$(1).so.1: $(B)/library/$(1).o src/$(LIBRARY_$(1))/exports.map
	$$(if $$(V),,@echo "  LIB $$(@F)")
	$$(Q)$$(CC) $$(CFLAGS) $$< -shared -Wl,-z,relro,-z,now,-soname,$$(@F),--version-script,src/$(LIBRARY_$(1))/exports.map $$(SAN) \
	  $(call libs,$(2)) -o $$@
endef
$(foreach l,$(LIBRARIES),$(eval $(call LIBRARY_RULES,$(l),$(LIBRARY_$(l)) $(call below,$(LIBRARY_$(l))))))
$(B)/pic/%.o: src/%.c
	@mkdir -p $(@D)
	$(if $(V),,@echo "  PIC $<")
	$(Q)$(CC) $(CPPFLAGS) $(CPP_$(notdir $(patsubst %/,%,$(dir $*)))) $(CFLAGS) -fPIC -fvisibility=hidden $(DEPFLAGS) -c $< -o $@

# build - all programs and the libraries
.PHONY: build library
.DEFAULT_GOAL := build
library: $(LIBRARY)
build: $(foreach p,$(PROGRAMS),$(call program_bin,$(p))) $(LIBRARY)

# A test: test/<kind>/<folder>/<name>.c, linked with its folder and all below it, and with what a folder that shares nothing
# with what it looks at is tried on
BESIDE_check := intake input tak asterix ais reduce feed pouch
TEST_SRC := $(foreach k,unit law twin vectors fault sim box live,$(wildcard test/$(k)/*/*.c))
define TEST_RULE
$(B)/$(1:.c=): $(1) $(call archives,$(BESIDE_$(2)) $(2) $(call below,$(2)))
	@mkdir -p $$(@D)
	$$(if $$(V),,@echo "  TEST $(1)")
	$$(Q)$$(CC) $$(CPPFLAGS) $$(CPP_$(2)) -Itest $$(CFLAGS) $$(DEPFLAGS) -MF $$@.d $$< $$(filter %.a,$$^) \
	  $$(LDFLAGS) -lcmocka $$(call libs,$(BESIDE_$(2)) $(2) $(call below,$(2))) $$(LIBT_$(2)) -o $$@
endef
$(foreach t,$(TEST_SRC),$(eval $(call TEST_RULE,$(t),$(notdir $(patsubst %/,%,$(dir $(t)))))))

# make try/unit/marking runs the tests of one folder
try/%: $$(addprefix $(B)/,$$(basename $$(filter test/$$*/$$(PERCENT),$$(TEST_SRC))))
	@for t in $^; do echo "# $$t"; $$t || exit 1; done
PERCENT := %

# A tool of the tests: test/tools/<name>.c, linked with tak/, feed/ and base/
TOOLS := $(patsubst test/tools/%.c,$(B)/tools/%,$(wildcard test/tools/*.c))
tools: $(TOOLS)
$(B)/tools/%: test/tools/%.c $(call archives,tak feed base)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  TOOL $<")
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -MF $@.d $< $(filter %.a,$^) \
	  $(LDFLAGS) $(call libs,tak feed) -o $@
.PHONY: tools

# What makes calls of the programs fail: loaded before the C library, so of no sanitizer (docs/why/fault.md)
SHIM := $(B)/fault/shim.so
tools: $(SHIM)
$(SHIM): test/fault/shim.c
	@mkdir -p $(@D)
	$(if $(V),,@echo "  TOOL $<")
	$(Q)$(CC) $(CSTD) $(WARN) -Wno-pedantic -D_GNU_SOURCE -O1 -g -fPIC -shared $< -lgcc_s -o $@ # glibc declares sockets by unions

# An intake that was captured, for the test of what looks at what leaves: the real one, but for two functions
CAPTURED_FLOORS := $(call closure,intakeio shell)
tools: $(B)/captured/accord-intake
$(B)/captured/accord-intake: test/live/captured.c $(B)/main/intake.o $(call archives,$(CAPTURED_FLOORS))
	@mkdir -p $(@D)
	$(if $(V),,@echo "  TOOL $<")
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -MF $@.d $< $(filter-out $<,$(filter %.o %.a,$^)) -Wl,--wrap=report_encode,--wrap=reduce_report \
	  $(LDFLAGS) $(call libs,$(CAPTURED_FLOORS)) -o $@

# The independent check of the verdict: what test/oracle/judge.mjs is given (docs/why/cedar.md)
ORACLE_LINKS := $(call closure,language spif release crypt)
$(B)/oracle/%.o: test/oracle/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Itest $(CFLAGS) $(DEPFLAGS) -c $< -o $@
$(B)/oracle/emit: $(patsubst test/%.c,$(B)/%.o,$(wildcard test/oracle/*.c)) $(call archives,$(ORACLE_LINKS))
	$(if $(V),,@echo "  TEST test/oracle")
	$(Q)$(CC) $(CFLAGS) $^ $(LDFLAGS) $(call libs,$(ORACLE_LINKS)) -o $@

# A fuzz target: fuzz/NAME.c, whose first line names the folder that it links; replayed over its corpus
# here, and built with the fuzzer by make fuzz/NAME (then: build/fuzzing/fuzzer/NAME fuzz/corpus/NAME)
FUZZ := $(basename $(notdir $(wildcard fuzz/*.c)))
fuzz_folder = $(shell sed -n '1s/.*links: \([a-z]*\).*/\1/p' fuzz/$(1).c)
define FUZZ_RULE
$(B)/replay/$(1): fuzz/$(1).c $(wildcard fuzz/*.h) test/replay.c $(call archives,$(BESIDE_$(2)) $(2) $(call below,$(2)))
	@mkdir -p $$(@D)
	$$(if $$(V),,@echo "  FUZZ $(1)")
	$$(Q)$$(CC) $$(CPPFLAGS) -Itest $$(CFLAGS) -Wno-missing-prototypes fuzz/$(1).c test/replay.c $$(filter %.a,$$^) \
	  $$(LDFLAGS) -lcmocka $$(call libs,$(BESIDE_$(2)) $(2) $(call below,$(2))) -o $$@
	@printf '#!/bin/sh\nexec %s/replay/%s fuzz/corpus/%s\n' $(B) $(1) $(1) > $$@.sh; chmod +x $$@.sh
.PHONY: fuzz/$(1)
fuzz/$(1):
	$$(MAKE) CC=clang B=$(B)/fuzzing SAN=-fsanitize=fuzzer-no-link,address,undefined OPT='-O1 -g' $(B)/fuzzing/fuzzer/$(1)
$(B)/fuzzer/$(1): fuzz/$(1).c $(wildcard fuzz/*.h) $(call archives,$(BESIDE_$(2)) $(2) $(call below,$(2)))
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(CPPFLAGS) -Itest $$(CFLAGS) -Wno-missing-prototypes -fsanitize=fuzzer fuzz/$(1).c $$(filter %.a,$$^) \
	  $$(LDFLAGS) -fsanitize=fuzzer -lcmocka $$(call libs,$(BESIDE_$(2)) $(2) $(call below,$(2))) -o $$@
endef
$(foreach f,$(FUZZ),$(eval $(call FUZZ_RULE,$(f),$(call fuzz_folder,$(f)))))
REPLAYS := $(FUZZ:%=$(B)/replay/%)

# A measurement: bench/<name>.c, whose first line names the folder that it links; with the simulator, whose machines are
# in it already, the guard's parts are the ones with a name
BENCHES := $(basename $(notdir $(wildcard bench/*.c)))
bench_folder = $(shell sed -n '1s/.*links: \([a-z]*\).*/\1/p' bench/$(1).c)
define BENCH_RULE
$(B)/bench/$(1): bench/$(1).c $(call archives,$(BESIDE_$(2)) $(2) $(call below,$(2)))
	@mkdir -p $$(@D)
	$$(if $$(V),,@echo "  BENCH $(1)")
	$$(Q)$$(CC) $$(CPPFLAGS) -Itest $$(CFLAGS) $$(DEPFLAGS) -MF $$@.d $$< $$(filter-out $(if $(filter sim,$(2)),$(patsubst %,$(B)/lib/%.a,desk courier check intake)),$$(filter %.a,$$^)) \
	  $$(LDFLAGS) $$(call libs,$(BESIDE_$(2)) $(2) $(call below,$(2))) -ljansson -lpthread -lcmocka -o $$@
endef
$(foreach b,$(BENCHES),$(eval $(call BENCH_RULE,$(b),$(call bench_folder,$(b)))))

# wall - the page of wall displays, for desks to serve: B/share/accord/wall, made by node (docs/why/console.md)
.PHONY: wall
wall:
	@scripts/setup page
	@B=$(B) console/build.sh

TEST_BIN := $(TEST_SRC:%.c=$(B)/%)
SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: test lint suite crash programs-and-tests demo bench install help
programs-and-tests: build tools $(TEST_BIN) $(REPLAYS) $(B)/oracle/emit

# A test that is a script: B/NAME.sh calls it, and tells it of the build.  PLAIN: what a build with sanitizers leaves out
SCRIPT_library  = test/live/library/installed.sh
SCRIPT_oracle   = test/oracle/run.sh
SCRIPT_floors   = test/box/floors.sh
SCRIPT_binaries = python3 test/box/binaries.py
SCRIPT_feeds    = python3 test/live/feeds/feeds.py
SCRIPT_keys     = python3 test/live/keys/keys.py
SCRIPT_token    = python3 test/live/keys/token.py
SCRIPT_certificates = python3 test/live/keys/certificates.py
SCRIPT_crowd    = python3 test/live/strangers/crowd.py
SCRIPT_garbage  = python3 test/live/strangers/garbage.py
SCRIPT_rooms    = python3 test/live/rooms/rooms.py
SCRIPT_followed = python3 test/live/rooms/followed.py
SCRIPT_streams  = python3 test/live/streams/streams.py
SCRIPT_border   = python3 test/live/streams/border.py
SCRIPT_reduced  = python3 test/live/reduced/reduced.py
SCRIPT_links    = python3 test/live/links/links.py
SCRIPT_tracks   = env LINKS_DIR=$(B)/tracks python3 test/live/links/tracks.py
SCRIPT_faults   = python3 test/live/faults/faults.py
SCRIPT_simulate = python3 test/live/simulate/simulate.py
SCRIPT_halted   = python3 test/live/faults/halted.py
SCRIPT_check    = python3 test/live/check/check.py
SCRIPT_mutants  = env JOBS=1 COUNT=5 test/mutants/run.sh
SCRIPT_tak      = test/tak/run.sh
SCRIPT_wall     = test/console/run.sh
SCRIPT_story    = env DEMO_DIR=$(B)/story python3 demo/story.py
SCRIPT_crash    = env KILLS=$(KILLS) SEED=$(SEED) python3 test/live/crash/crash.py
SCRIPT_disk     = env GUARD_LINK="$(GUARD_LINK)" python3 test/live/crash/disk.py
PLAIN   := binaries links tracks faults halted check mutants wall
SCRIPTS := $(filter-out $(if $(SAN),$(PLAIN)),library oracle floors binaries keys token certificates feeds crowd garbage rooms followed streams border reduced links tracks faults halted check simulate mutants tak wall story)
CRASHES := $(B)/crash.sh $(B)/disk.sh

$(SCRIPTS:%=$(B)/%.sh) $(CRASHES): $(B)/%.sh: always
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nB=%s CC="%s" SAN="%s" exec %s\n' $(B) '$(CC)' '$(SAN)' '$(SCRIPT_$*)' > $@; chmod +x $@
.PHONY: always
always:

# suite - every test program of one build, and the story with its real processes, with their count; with DISK=1 also
# the crash test: processes that are killed, disks that are full or fail
suite: programs-and-tests $(if $(DISK),$(CRASHES)) $(SCRIPTS:%=$(B)/%.sh)
	@scripts/run-tests $(B)/log $(if $(DISK),$(CRASHES)) $(TEST_BIN) $(REPLAYS:%=%.sh) $(SCRIPTS:%=$(B)/%.sh)

# crash - processes of three gateways under load are killed, KILLS of them, as SEED says; disks get full and fail
KILLS   ?= 200
# what a guard is linked of, for the test that gives it another clock
GUARD_FLOORS := $(call closure,guard shell)
GUARD_LINK   := $(B)/main/guard.o $(call archives,$(GUARD_FLOORS)) $(call libs,$(GUARD_FLOORS))
crash: build tools $(CRASHES)
	@TEST_SECONDS=$$((400 + 2 * $(KILLS))) scripts/run-tests $(B)/log-crash $(CRASHES)

# fault - each allocation and system call of each process fails once, LIMIT of them a row (0: all), while gateways start, work and stop
LIMIT ?= 40
.PHONY: fault
fault:
	@scripts/setup build demo test
	@$(MAKE) --no-print-directory -j$(JOBS) build tools
	@B=$(B) SEED=$(SEED) COMPLETE=1 LIMIT=$(LIMIT) python3 test/live/faults/faults.py

# oracle - CASES generated cases of each set of texts, judged by Cedar as well: not one may differ
CASES ?= 100000
.PHONY: oracle
oracle:
	@scripts/setup build test
	@$(MAKE) --no-print-directory -j$(JOBS) $(B)/oracle/emit
	@B=$(B) CASES=$(CASES) SEED=$(SEED) CEDAR=must test/oracle/run.sh

# proof - what Frama-C proves of the verdict's end and the readers below it, goals proved of all (docs/why/proof.md)
.PHONY: proof
proof:
	@scripts/setup proof
	@proof/prove.py

# model - every state of how a pause takes effect and of what check passes, by Spin, and that what is planted in the model is found
.PHONY: model
model:
	@scripts/setup model
	@proof/model.py

# fuzz - every fuzz target for T seconds under sanitizers, with a line for each (FUZZ_NAMES: these alone; RECORD=1: it is kept)
T ?= 60
.PHONY: fuzz
fuzz:
	@scripts/setup build test
	@B=$(B) T=$(T) JOBS=$(JOBS) RECORD=$(RECORD) fuzz/run.sh $(FUZZ_NAMES)

# box-aarch64 - the tables of system calls compiled for aarch64, and their code held to them there, by qemu (docs/why/box.md)
CROSS ?= aarch64-linux-gnu-gcc
.PHONY: box-aarch64
box-aarch64:
	@scripts/setup aarch64
	@mkdir -p $(B)/aarch64
	$(Q)$(CROSS) $(filter-out -Itest,$(CPPFLAGS)) -Itest/box/aarch64 $(CSTD) $(WARN) $(OPT) test/unit/box/filter.c $(wildcard src/box/*.c) -static -o $(B)/aarch64/filter
	@"$$(command -v qemu-aarch64-static || command -v qemu-aarch64)" $(B)/aarch64/filter

# mutants - the checker is checked: each defect of test/mutants in a copy of the tree, where the test that it names must fail; MUTANTS=
MUTANTS ?=
.PHONY: mutants
mutants:
	@scripts/setup build test
	@B=$(B) CC='$(CC)' JOBS=$(JOBS) test/mutants/run.sh $(MUTANTS)

lint:
	@scripts/check-floors
	@scripts/check-threats
	@scripts/check-fuzz
	@scripts/check-format
	@for page in man/*.[1-8]; do mandoc -T lint -W warning $$page || exit 1; done

# test - all that CI asks for: set-up, lint, the suite by clang under sanitizers, the suite by gcc
test:
	@scripts/setup build demo test page browser
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory -j$(JOBS) B=$(B)/san CC=clang SAN='$(SAN_FLAGS)' OPT='-O1 -g' programs-and-tests
	@$(MAKE) --no-print-directory B=$(B)/san CC=clang SAN='$(SAN_FLAGS)' OPT='-O1 -g' suite
	@$(MAKE) --no-print-directory -j$(JOBS) programs-and-tests
	@$(MAKE) --no-print-directory DISK=1 suite
JOBS ?= 2

# demo - the border crossing with three gateways, told step by step; STAY=1 keeps them until Ctrl-C
demo:
	@scripts/setup build demo
	@$(MAKE) --no-print-directory -j$(JOBS) build tools
	@B=$(B) console/build.sh || [ $$? -eq 2 ] # without node, step 3 is told without a picture
	@B=$(B) STAY=$(STAY) python3 demo/story.py

# bench - what it costs, printed with the machine's noise
bench:
	@scripts/setup build demo test
	@$(MAKE) --no-print-directory -j$(JOBS) build tools $(BENCHES:%=$(B)/bench/%)
	@B=$(B) python3 bench/run.py

# install - programs, library, man pages, examples, the unit, and the page of `make wall` where it was made, below DESTDIR and PREFIX
PREFIX  ?= /usr/local
libexec := $(PREFIX)/libexec/accord
install: build install-library
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin libexec/accord share/accord/policies/labels share/accord/agreements/rules \
	  $(sort $(patsubst .%,share/man/man%,$(suffix $(wildcard man/*.[1-8]))))) $(DESTDIR)$(PREFIX)/lib/systemd/system \
	  $(DESTDIR)$(PREFIX)/lib/sysusers.d
	install $(B)/bin/accord $(DESTDIR)$(PREFIX)/bin
	install $(filter-out %/accord,$(wildcard $(B)/bin/*)) $(DESTDIR)$(libexec)
	install -m 644 agreements/*.agreement $(DESTDIR)$(PREFIX)/share/accord/agreements
	install -m 644 agreements/rules/*.rules $(DESTDIR)$(PREFIX)/share/accord/agreements/rules
	for page in man/*.[1-8]; do \
	  install -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}; done
	for file in $(wildcard $(B)/share/accord/wall/*); do \
	  install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/accord/wall $$file; done
	sed 's|@LIBEXEC@|$(libexec)|' systemd/accordd@.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/accordd@.service
	install -m 644 systemd/accord-users.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/accord.conf

# install-library - the libraries, their headers and pages, the JavaScript client, and the policies that markings are read under
.PHONY: install-library
install-library: library
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,include/accord lib/pkgconfig share/man/man3 share/accord/policies/labels)
	install -m 644 include/accord/*.h $(DESTDIR)$(PREFIX)/include/accord
	for l in $(LIBRARIES); do \
	  install -m 644 $(B)/library/lib$$l.so.1 $(B)/library/lib$$l.a $(DESTDIR)$(PREFIX)/lib && \
	  ln -sf lib$$l.so.1 $(DESTDIR)$(PREFIX)/lib/lib$$l.so && \
	  sed 's|@PREFIX@|$(PREFIX)|' src/*/$$l.pc > $(DESTDIR)$(PREFIX)/lib/pkgconfig/$$l.pc || exit 1; done
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/accord/client client/js/*.js client/js/*.d.ts client/js/package.json client/js/README.md
	install -m 644 man/*.3 $(DESTDIR)$(PREFIX)/share/man/man3
	install -m 644 policies/*.xml policies/groups.table $(DESTDIR)$(PREFIX)/share/accord/policies
	install -m 644 policies/labels/*.xml policies/labels/groups.table $(DESTDIR)$(PREFIX)/share/accord/policies/labels

help:
	@sed -n 's,^# \([a-z0-9/%-]* - .*\),\1,p' Makefile

-include $(shell find $(B) -name '*.d' 2>/dev/null)
