package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"time"

	yaml2 "go.yaml.in/yaml/v2"
	yaml3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/yaml"
)

// maxExpanded bounds the nodes that kyaml would copy when it opens aliases.
const maxExpanded = 2_000_000

// danger is what kyaml may do to the process when it replaces aliases by what
// they name.
type danger int

const (
	harmless danger = iota
	// mayOverflow: an anchor contains itself. Upstream overflows its stack,
	// which ends the process, unless it meets another error before.
	mayOverflow
	fillsMemory
)

func expansionDanger(in []byte) danger {
	nodes, err := (&kio.ByteReader{
		OmitReaderAnnotations: true,
		Reader:                bytes.NewReader(in),
	}).Read()
	if err != nil {
		return harmless
	}
	walk := expansion{sizes: map[*yaml3.Node]int{}, open: map[*yaml3.Node]bool{}}
	total := 0
	for _, node := range nodes {
		total += walk.size(node.YNode())
	}
	switch {
	case walk.cyclic:
		return mayOverflow
	case total > maxExpanded:
		return fillsMemory
	}
	return harmless
}

// childVariable marks a process that may die.
const childVariable = "FLUXCD_ORACLE_CHILD"

// childTime is for an anchor whose copies grow without end before the stack does.
const childTime = 2 * time.Second

// askChild runs a case with an anchor that contains itself in a process of its
// own. Where that one dies, by a stack overflow or because its copies grow
// without end, the answer is that the anchor recurs. Sometimes it lives: an
// error comes first, or the merge of a map into itself is opened half-way. What
// comes out then hangs on the order in which upstream visits and changes nodes,
// and is nothing to agree with.
func askChild(op string, raw json.RawMessage) answer {
	program, err := os.Executable()
	if err != nil {
		panic(err)
	}
	line, err := json.Marshal(testCase{Op: op, Input: raw})
	if err != nil {
		panic(err)
	}
	limit, cancel := context.WithTimeout(context.Background(), childTime)
	defer cancel()
	child := exec.CommandContext(limit, program)
	child.Env = append(os.Environ(), childVariable+"=1")
	child.Stdin = bytes.NewReader(line)
	if out, err := child.Output(); err == nil {
		return unstable("upstream survives an anchor that contains itself: " + string(out))
	}
	return failed("recursive", errors.New("an anchor contains itself: upstream overflows its stack"))
}

type expansion struct {
	sizes  map[*yaml3.Node]int
	open   map[*yaml3.Node]bool
	cyclic bool
}

func (e *expansion) size(node *yaml3.Node) int {
	if node == nil {
		return 0
	}
	if size, known := e.sizes[node]; known {
		return size
	}
	if e.open[node] {
		e.cyclic = true
		return 0
	}
	e.open[node] = true
	size := 1 + e.size(node.Alias)
	for _, child := range node.Content {
		size = min(size+e.size(child), maxExpanded+1)
	}
	delete(e.open, node)
	e.sizes[node] = size
	return size
}

// readInstability tells why YAMLToJSON would answer otherwise the next time:
// two keys that differ in YAML have the same text in JSON, and the one that
// survives is the one that Go's map iteration brings last.
func readInstability(in, out []byte, err error) string {
	const why = "two keys of one map have the same JSON text"
	if err != nil {
		// A value that JSON cannot hold may hide behind the key that loses.
		for range 16 {
			if _, again := yaml.YAMLToJSON(in); documentKind(err) == "value" && again == nil {
				return why
			} else if documentKind(err) != "value" {
				return ""
			}
		}
		return ""
	}
	var before any
	if yaml2.Unmarshal(in, &before) != nil {
		return ""
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	decoder.UseNumber()
	var after any
	if decoder.Decode(&after) != nil || entries(before) == entries(after) {
		return ""
	}
	return why
}

func entries(value any) int {
	count := 0
	switch v := value.(type) {
	case map[any]any:
		for _, item := range v {
			count += 1 + entries(item)
		}
	case map[string]any:
		for _, item := range v {
			count += 1 + entries(item)
		}
	case []any:
		for _, item := range v {
			count += entries(item)
		}
	}
	return count
}

// writeInstability tells whether a map has keys that upstream sorts in no
// stable order, because its comparison is not transitive. The comparison is
// asked for by writing maps of two keys.
func writeInstability(value any) string {
	switch v := value.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key, item := range v {
			if why := writeInstability(item); why != "" {
				return why
			}
			keys = append(keys, key)
		}
		if !totallyOrdered(keys) {
			return "upstream's key order is not transitive here"
		}
	case []any:
		for _, item := range v {
			if why := writeInstability(item); why != "" {
				return why
			}
		}
	}
	return ""
}

// totallyOrdered counts for every key how many others come before it. The
// relation is a total order exactly if the counts are 0, 1, 2 and so on.
func totallyOrdered(keys []string) bool {
	if len(keys) < 3 {
		return true
	}
	before := make([]int, len(keys))
	for i := range keys {
		for j := range i {
			if precedes(keys[j], keys[i]) {
				before[i]++
			} else {
				before[j]++
			}
		}
	}
	slices.Sort(before)
	for i, count := range before {
		if i != count {
			return false
		}
	}
	return true
}

func precedes(a, b string) bool {
	out, err := yaml2.Marshal(map[string]int{a: 0, b: 1})
	if err != nil {
		panic(err)
	}
	// Both values are one digit, at the end of the first and the last line.
	return out[len(out)-2] == '1'
}
