// Package replay holds an oracle against the vector files.
package replay

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"fluxcd-rs/oracle/protocol"
)

// Result is what a vector expects, or what an oracle answers.
type Result struct {
	OK    any
	Error *protocol.Failure
}

// Equal is the plain way to compare results.
func Equal(want, got Result) bool { return reflect.DeepEqual(want, got) }

// Room asks for every vector of a room: below the directory named by
// FLUXCD_VECTORS, by default root. Vectors of other operations are left out;
// an operation without a vector is an error.
func Room(t *testing.T, operations protocol.Operations, root, room string, same func(want, got Result) bool) {
	if directory := os.Getenv("FLUXCD_VECTORS"); directory != "" {
		root = directory
	}
	files, err := filepath.Glob(filepath.Join(root, room, "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vector files under %s: %v", root, err)
	}
	ran := map[string]int{}
	for _, file := range files {
		replay(t, operations, file, ran, same)
	}
	for op := range operations {
		if ran[op] == 0 {
			t.Errorf("no vector uses %s", op)
		}
	}
}

func replay(t *testing.T, operations protocol.Operations, file string, ran map[string]int, same func(want, got Result) bool) {
	handle, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer handle.Close()
	lines := bufio.NewScanner(handle)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v struct {
			protocol.Case
			Result
		}
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if _, known := operations[v.Op]; !known {
			continue
		}
		ran[v.Op]++
		raw, err := json.Marshal(operations.Ask(v.Case))
		if err != nil {
			t.Fatal(err)
		}
		var got Result
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		if !same(v.Result, got) {
			t.Errorf("%s %s: %s", filepath.Base(file), v.ID, raw)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}
