package main

import (
	"bytes"
	"os"
	"testing"
)

// TestWritten fails where the library has another table than this program writes.
func TestWritten(t *testing.T) {
	var want bytes.Buffer
	write(&want)
	got, err := os.ReadFile("../../../flux-core/src/ssa/normalize/shapes.rs")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("not what `go run ./shapes` writes")
	}
}
