// Package check is the root of tests of what deploys the programs: the compose file,
// the chart and the alerting rules. They need the libraries of Docker, Helm and Prometheus, and are a
// module of their own, so that the programs' go.mod has none of these.
package check
