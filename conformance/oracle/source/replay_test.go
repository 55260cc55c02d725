package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"fluxcd-rs/oracle/protocol"
)

// TestReplay holds the oracle against the vector files: the directory named by
// FLUXCD_VECTORS, by default the repository's own.
func TestReplay(t *testing.T) {
	root := os.Getenv("FLUXCD_VECTORS")
	if root == "" {
		root = filepath.Join("..", "..")
	}
	files, err := filepath.Glob(filepath.Join(root, "source", "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vector files under %s: %v", root, err)
	}
	ran := map[string]int{}
	for _, file := range files {
		replay(t, file, ran)
	}
	for op := range operations {
		if ran[op] == 0 {
			t.Errorf("no vector uses %s", op)
		}
	}
}

func replay(t *testing.T, file string, ran map[string]int) {
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
			OK    any
			Error *protocol.Failure
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
		var got struct {
			OK    any
			Error *protocol.Failure
		}
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		same := reflect.DeepEqual(v.OK, got.OK) && reflect.DeepEqual(v.Error, got.Error)
		if !same {
			t.Errorf("%s %s: %s", filepath.Base(file), v.ID, raw)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}
