// Package scripts holds the repository's workflows, its releases and its scripts to what
// they say.
package scripts

// root is the repository.
const root = ".."

// platforms are those that a release has programs for.
var platforms = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64"}
