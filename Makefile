# What is built, tested and run, by one command each.

MODULE := github.com/consolesensei/resource-tracker
GORELEASER := github.com/goreleaser/goreleaser/v2@v2.15.1
LINT   := go tool -modfile=tools.mod golangci-lint

# One way to build everything, so that nothing is compiled twice: static.
export CGO_ENABLED := 0
# The race detector needs cgo and a second build of all that a package imports. The
# packages that import the AWS SDK are left out: they hold no shared state of
# their own that the others' tests do not reach.
RACE   := ./filter/... ./clients/go ./tracker/... ./reports/... ./internal/rows/... ./store/... ./jobs/... ./api/... ./internal/config/... ./internal/sealing/... ./internal/embedded/... ./telemetry/...
UNIT   := $$(go list ./... | grep -v '^$(MODULE)/e2e')

.PHONY: run demo test lint console pictures bench bench-organisation chaos build generate manifests schemas packages man install-check site workflows release-check sbom terraform deps

run: ## the API, a private Redis and a worker in one process
	go run ./cmd/api

demo: ## the same on a simulated AWS account
	go run ./cmd/api -demo

test: deps lint ## everything that must hold
	go mod tidy -diff
	go test -timeout 20m -parallel 4 $(UNIT)
	cd deploy/check && go mod tidy -diff && go vet ./... && go test ./...
	cd site && go mod tidy -diff && go vet ./... && go test ./...
	CGO_ENABLED=1 go test -timeout 20m -parallel 4 -race $(RACE)
	scripts/stranger.sh
	go test -timeout 40m -parallel 4 ./e2e/...

console: ## the console: builds it, compares it with what is committed, drives a demo in Chromium
	go test -count=1 -timeout 15m -v -run TestConsole ./e2e

pictures: build ## the pictures of README and docs, of a demo in Chromium; needs what npm ci puts into web
	CHROMIUM="$$(command -v chromium-headless-shell || command -v chromium)" node web/pictures.mjs

lint: ## formatting, vet, and the import rules
	@test -z "$$(gofmt -l .)" || { echo "not formatted (gofmt -w):"; gofmt -l .; exit 1; }
	go vet ./...
	$(LINT) run --allow-parallel-runners

bench: ## a scan of 17 regions at 50 ms a call, against its critical path
	go test -run '^$$' -bench Scan -benchtime 3x ./e2e/...

chaos: build ## a hundred scans and fifty plans while programs and Redis are killed, and a check; REDIS=cluster, REDIS=sentinel
	go run ./bench/chaos -bin bin -redis $(or $(REDIS),server)

bench-organisation: build ## a scan of 1,000 accounts in 17 regions on a Redis Cluster, and what each part takes for it
	go run ./bench/organisation -bin bin

build: ## the programs, static and stripped, into bin/; VERSION=1.2.3 is what they call themselves
	go build -trimpath -ldflags='-s -w $(if $(VERSION),-X $(MODULE)/tracker.Version=$(VERSION))' -o bin/ ./cmd/...

install-check: ## go install of the committed files, as from a module proxy
	cd deploy/check && go test -count=1 -timeout 30m -run TestInstall ./module -install

site: ## the documentation as a site, into bin/site
	cd site && go run . -o ../bin/site

workflows: ## what GitHub would refuse of its workflows
	go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

release-check: ## what goreleaser would refuse of its file, and the programs of this platform as it builds them
	go run $(GORELEASER) check
	go run $(GORELEASER) build --snapshot --clean --single-target --skip=before

packages: build ## the .deb and the .rpm of this machine's architecture, into dist/
	deploy/packages/build.sh bin "$$(bin/tracker version -o json | sed -n 's/.*"program": *"\([^"]*\)".*/\1/p')" "$$(go env GOARCH)"

man: build ## the manual pages, into bin/
	bin/tracker manual >bin/tracker.1
	bin/api manual >bin/resource-tracker-api.8
	bin/worker -manual >bin/resource-tracker-worker.8

sbom: build ## what each program is made of, read from it, as CycloneDX, into bin/
	for p in api worker tracker; do \
		go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0 bin -json -std -version "$$(git describe --tags --always)" -output bin/$$p.cdx.json bin/$$p || exit; \
	done

generate: ## the clients of AWS, and the API's clients from its document
	@scripts/generate.sh

manifests: ## what is made from the chart and for it: copies, schema, deploy/kubernetes
	cd deploy/check && go test ./kubernetes -run Generated -update

schemas: ## the schemas that manifests are held to, from the modules of Kubernetes and of operators
	cd deploy/check/kubernetes && go run ./schemas

terraform: ## plans the module of deploy/terraform by Terraform, without AWS
	cd deploy/terraform/check && npm install --ignore-scripts --no-audit --no-fund && npm run check

deps: ## the servers that tests run against: installed, or named
	@scripts/deps.sh
