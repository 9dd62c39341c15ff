package main

import (
	"path"
	"strings"
)

// section is a part of the navigation: documents of the repository, in the order of a reader.
type section struct {
	Name      string
	Documents []string
}

var navigation = []section{
	{"Begin", []string{"README.md", "docs/setup.md", "docs/console.md", "docs/cli.md", "docs/troubleshooting.md", "docs/comparison.md", "SUPPORT.md"}},
	{"Find and change", []string{
		"docs/resource-types.md", "docs/filters.md", "docs/inventory.md", "docs/pricing.md", "docs/savings.md", "docs/changes.md", "docs/trends.md", "docs/budgets.md", "docs/reports.md", "docs/plans.md",
		"docs/actions.md", "docs/policies.md",
	}},
	{"Build on it", []string{
		"docs/api.md", "docs/api-reference.md", "docs/api-schemas.md", "docs/clients.md", "docs/frontend-integration.md", "docs/webhooks.md", "docs/migration.md",
	}},
	{"Run it", []string{
		"docs/operations.md", "docs/kubernetes.md", "docs/aws.md", "docs/scaling.md", "docs/lake.md", "docs/runbook.md", "docs/security.md", "docs/people.md", "docs/accounts.md", "docs/quotas.md", "docs/releases.md", "deploy/iam/README.md",
	}},
	{"The project", []string{"docs/architecture.md", "docs/decisions.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"}},
}

// named are the pages whose document's name says too little, or is another's too.
var named = map[string]string{
	"README.md": "index.html", "SECURITY.md": "security-policy.html", "deploy/iam/README.md": "iam.html",
}

// address is the page of a document.
func address(document string) string {
	if name, ok := named[document]; ok {
		return name
	}
	return strings.ToLower(strings.TrimSuffix(path.Base(document), ".md")) + ".html"
}
