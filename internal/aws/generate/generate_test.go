package main

import (
	"bytes"
	"testing"
)

// What is committed is what the code calls today, of the SDK's version in go.mod.
func TestGenerated(t *testing.T) {
	root := "../../.."
	want, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := written(root)
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s is stale: run go run ./internal/aws/generate", name)
		}
	}
	for name := range got {
		if want[name] == nil {
			t.Errorf("%s is not needed any more: run go run ./internal/aws/generate", name)
		}
	}
}
