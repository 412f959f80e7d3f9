# The everyday commands. tools/install installs what they need; this file decides what has to be built again.

# The build tools are outside the checkout, so that other checkouts can use them.
export TOOLS := $(or $(EXAM_PREP_TOOLS),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/exam-prep)
export PATH := $(TOOLS)/bin:$(CURDIR)/end2end/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

# Compiled quickly, for trying and testing, and optimized, for a school; the site is the same for both.
PROGRAM := target/debug/exam-prep
RELEASE := target/release/exam-prep
SITE := target/site/hash.txt
SOURCES := Cargo.toml Cargo.lock $(shell find .cargo crates public src style -type f)

.PHONY: run build release package test check end2end screenshots prepare fuzz chaos rolling bench help

run: build ## install what is missing, build quickly, and serve with demo data on http://localhost:8000
	@$(PROGRAM) serve --demo

build: ## install what is missing, and build quickly
	@tools/install build
	@$(MAKE) --no-print-directory -j2 $(PROGRAM) $(SITE)

release: ## install what is missing, and build the optimized program with everything within it: target/release/exam-prep
	@tools/install build
	@$(MAKE) --no-print-directory $(RELEASE)

package: release ## make a package for Debian of the optimized program, with a service, and its bill of materials: target/exam-prep_*
	@tools/install package
	@tools/package

$(SITE): $(SOURCES) tools/build tools/precompress.mjs
	@tools/build
	@touch $@

$(PROGRAM): $(SOURCES) $(shell find .sqlx migrations demo/papers -type f)
	@cargo build --features ssr
	@touch $@

# With the site within it.
$(RELEASE): $(SITE) $(SOURCES) $(shell find .sqlx migrations demo/papers -type f)
	@cargo build --features embed --release
	@touch $@

test: ## everything: formatting, lints, unit, database, HTTP and browser tests
	@tools/install test
	@tools/test check
	@$(MAKE) --no-print-directory -j2 $(PROGRAM) $(SITE)
	@tools/test end2end

check: ## the tests without a browser
	@tools/install check
	@tools/test check

end2end: build ## the tests in a browser; make end2end ARGS="exam --project phone"
	@tools/install test
	@tools/test end2end $(ARGS)

screenshots: build ## pictures of the pages, phone and desktop, from the demo: docs/screenshots
	@tools/install test
	@tools/test screenshots

prepare: ## update .sqlx after a change of SQL or migrations
	@tools/install check
	@tools/prepare .sqlx

fuzz: ## ten thousand damaged PDFs, and as many random pages; make fuzz MUTATIONS=100
	@cargo build --quiet --features ssr
	@MUTATIONS=$(or $(MUTATIONS),10000) RUST_BACKTRACE=0 cargo test --quiet --features ssr --lib -- mutations --nocapture

chaos: release ## ten thousand exams over HTTP while servers are killed and requests are lost; make chaos ATTEMPTS=500
	@cargo build --quiet --release --features embed --example chaos
	@RUST_LOG=warn target/release/examples/chaos $(RELEASE) $(or $(ATTEMPTS),10000)

rolling: release ## restart three processes behind HAProxy under load, and count what fails
	@cargo build --quiet --release --features embed --example rolling
	@DATA_DIR=target/rolling $(RELEASE) with-database --scratch -- sh -c 'target/release/examples/rolling $(RELEASE) "$$DATABASE_URL"'

bench: release ## accuracy, speed and memory of reading; speed of saving and marking; the school's pages with a long history and a large library; simulated practice
	@cargo build --quiet --release --features embed --example text --example analytics --example autosave --example shelf --example simulate
	@cargo build --quiet --release -p exam-marking --example speed
	@tools/bench

help: ## list these commands
	@sed -n 's/^\([a-z0-9]*\):[^#]*## \(.*\)/make \1 – \2/p' Makefile
