# make run, make test, make bench: each first sees which engine the package source can give. `make help` lists the rest.
.DEFAULT_GOAL := help
SERVER := src/Wuts.Server

.PHONY: help engine build run test bench clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

engine: ## Choose the engine: orleans if it can be restored, else inprocess
	@./build/choose-engine

build: engine ## Build everything
	@dotnet build Wuts.Orleans.sln --nologo -v quiet -clp:NoSummary

run: engine ## Build and serve on 127.0.0.1:8080 with SQLite, the simulator and a demo tenant
	@dotnet build $(SERVER) --nologo -v quiet -clp:NoSummary -c Release
	@exec dotnet run --project $(SERVER) --no-build -c Release -- \
		--data "$(CURDIR)/data" --simulator true --private-webhooks true --demo true $(ARGS)

test: ## The whole suite on every engine that can be restored
	@./build/test

bench: engine ## A bounded load run on SQLite and PostgreSQL; prints a table
	@dotnet build tests/Wuts.Benchmarks --nologo -v quiet -clp:NoSummary -c Release
	@exec dotnet run --project tests/Wuts.Benchmarks --no-build -c Release -- $(ARGS)

clean: ## Remove build outputs and the chosen engine; keeps ./data
	@rm -rf artifacts .engine.props
