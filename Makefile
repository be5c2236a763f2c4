# make run, make test, make bench: each first sees which engine the package source can give. `make help` lists the rest.
.DEFAULT_GOAL := help
SERVER := src/Wuts.Server

.PHONY: help engine build run cluster test simulate faults bench clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

engine: ## Choose the engine: orleans if it can be restored, else inprocess
	@./build/choose-engine

build: engine ## Build everything
	@dotnet build Wuts.Orleans.sln --nologo -v quiet -clp:NoSummary

run: engine ## Build and serve on 127.0.0.1:8080 with SQLite, the simulator and a demo tenant
	@dotnet build $(SERVER) --nologo -v quiet -clp:NoSummary -c Release
	@exec dotnet run --project $(SERVER) --no-build -c Release -- \
		--data "$(CURDIR)/data" --simulator true --private-webhooks true --demo true $(ARGS)

cluster: engine ## PostgreSQL, two silos, two gateways and the simulated network as processes on loopback
	@dotnet build $(SERVER) --nologo -v quiet -clp:NoSummary -c Release
	@exec ./build/cluster

test: ## The whole suite on every engine that can be restored
	@./build/test

# The simulation needs the in-process engine, whatever the rest is built with.
simulate: ## Simulated worlds: SEEDS=10000 [FROM=1], or SEED=7 [FAULTS=kind:3,...] [JOURNAL=file], or VARIANTS=1
	@dotnet build tests/Wuts.Simulation --nologo -v quiet -clp:NoSummary -c Release -p:WutsEngine=inprocess
	@exec dotnet run --project tests/Wuts.Simulation --no-build -c Release -p:WutsEngine=inprocess -- \
		$(if $(VARIANTS),--variants,$(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),1000))) \
		$(if $(FROM),--from $(FROM)) $(if $(FAULTS),--faults $(FAULTS)) $(if $(VARIANT),--variant $(VARIANT)) $(if $(JOURNAL),--journal "$(JOURNAL)")

faults: engine ## One process, and clusters of them, under kills, stalls and outages; prints a table. ONLY=Cluster or EndToEnd
	@mkdir -p artifacts && rm -f artifacts/faults.md
	@status=0; for project in $(or $(ONLY),EndToEnd Cluster); do \
		dotnet build tests/Wuts.$$project.Tests --nologo -v quiet -clp:NoSummary -c Release && \
		WUTS_FAULT_MATRIX="$(CURDIR)/artifacts/faults.md" dotnet test tests/Wuts.$$project.Tests --nologo --no-build -c Release --filter "FullyQualifiedName~Faults" || status=1; \
	done; head -2 artifacts/faults.md; tail -n +3 artifacts/faults.md | sort; exit $$status

bench: engine ## A bounded load run on SQLite and PostgreSQL; prints a table
	@dotnet build tests/Wuts.Benchmarks --nologo -v quiet -clp:NoSummary -c Release
	@exec dotnet run --project tests/Wuts.Benchmarks --no-build -c Release -- $(ARGS)

clean: ## Remove build outputs and the chosen engine; keeps ./data
	@rm -rf artifacts .engine.props
