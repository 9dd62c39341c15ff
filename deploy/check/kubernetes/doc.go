// Package kubernetes holds tests of the chart and of the manifests that are rendered from it.
package kubernetes
