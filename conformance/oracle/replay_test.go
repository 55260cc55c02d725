package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestMain lets the test program stand in for the oracle that the guards start.
func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// vector is one case of the conformance files with its expected answer.
type vector struct {
	testCase
	OK    json.RawMessage `json:"ok"`
	Error *failure        `json:"error"`
}

// withoutVectors are asked by the differential test only.
var withoutVectors = []string{"condition.check", "condition.merge_patch"}

// TestReplay holds the oracle against the vector files: the directory named by
// FLUXCD_VECTORS, by default the repository's own.
func TestReplay(t *testing.T) {
	root := os.Getenv("FLUXCD_VECTORS")
	if root == "" {
		root = ".."
	}
	files, err := filepath.Glob(filepath.Join(root, "*", "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vector files under %s: %v", root, err)
	}
	ran := map[string]int{}
	for _, file := range files {
		for _, v := range readVectors(t, file) {
			if _, known := operations[v.Op]; !known {
				continue
			}
			ran[v.Op]++
			if difference := compare(v, operations.Ask(v.testCase)); difference != "" {
				t.Errorf("%s %s: %s", filepath.Base(file), v.ID, difference)
			}
		}
	}
	t.Logf("cases per operation: %v", ran)
	for op := range operations {
		if ran[op] == 0 && !slices.Contains(withoutVectors, op) {
			t.Errorf("no vector uses %s", op)
		}
	}
}

func readVectors(t *testing.T, file string) []vector {
	t.Helper()
	handle, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer handle.Close()
	lines := bufio.NewScanner(handle)
	lines.Buffer(nil, 1<<20)
	var vectors []vector
	for lines.Scan() {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		vectors = append(vectors, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return vectors
}

// compare returns an empty string where the oracle says what the vector says.
// Fields that only the vector has are skipped: helm.names is answered in part.
func compare(v vector, a answer) string {
	switch {
	case a.Unstable != "":
		return "unstable: " + a.Unstable
	case (v.Error == nil) != (a.Error == nil):
		return "one is an error: " + render(a)
	case v.Error != nil && v.Error.Kind != a.Error.Kind:
		return "kind " + a.Error.Kind + ", want " + v.Error.Kind
	case v.Error != nil && v.Error.Document != nil &&
		(a.Error.Document == nil || *v.Error.Document != *a.Error.Document):
		return "other document: " + render(a)
	case v.Error != nil && strings.HasPrefix(v.Op, "substitute.") && v.Error.Message != a.Error.Message:
		return "other message: " + render(a)
	case v.Error != nil:
		return ""
	}
	want := decode(v.OK)
	got := decode(json.RawMessage(render(a)))["ok"].(map[string]any)
	for field, value := range got {
		if !reflect.DeepEqual(value, want[field]) {
			return field + ": " + render(answer{OK: value})
		}
	}
	return ""
}

func decode(raw json.RawMessage) map[string]any {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil {
		panic(err)
	}
	return value
}

func render(a answer) string {
	out, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// TestGuards asks what would take the process down if upstream were called.
func TestGuards(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for name := 'b'; name < 'j'; name++ {
		bomb += string(name) + ": &" + string(name) + " [" +
			strings.Repeat("*"+string(name-1)+", ", 10) + "]\n"
	}
	for text, kind := range map[string]string{
		"a: &x [*x]\n":          "recursive",
		"&x a: {b: *x}\n":       "",
		"c: &c {<<: , a: *c}\n": "unstable",
		"&a {b: {<<: *a}}\n":    "unstable",
		"a: &x {b: &y [*x]}\n":  "recursive",
		bomb:                    "limit",
	} {
		raw, _ := json.Marshal(object{"text": text})
		a := operations.Ask(testCase{Op: "manifest.read_v3", Input: raw})
		got := ""
		switch {
		case a.Unstable != "":
			got = "unstable"
		case a.Error != nil:
			got = a.Error.Kind
		}
		if got != kind {
			t.Errorf("%q: %s", text, render(a))
		}
	}
}

// TestUnstable asks for answers that upstream gives by chance.
func TestUnstable(t *testing.T) {
	for _, c := range []testCase{
		{Op: "manifest.json", Input: json.RawMessage(`{"text": "1: a\n'1': b\n"}`)},
		{Op: "manifest.json", Input: json.RawMessage(`{"text": "1: .nan\n'1': b\n"}`)},
		{Op: "manifest.write", Input: json.RawMessage(`{"json": "{\"v2\": 1, \"v10\": 2, \"v1alpha1\": 3}"}`)},
		substitution(t, thing+"  ${k}: a\n  '1': b\n", object{"k": "1"}),
		substitution(t, thing+"  ${k}: ${v}\n  '1': b\n", object{"k": "1", "v": ".nan"}),
	} {
		if a := operations.Ask(c); a.Unstable == "" {
			t.Errorf("%s: %s", c.Input, render(a))
		}
	}
}

const thing = "apiVersion: v1\nkind: Thing\nmetadata:\n  name: t\nspec:\n"

func substitution(t *testing.T, manifest string, variables object) testCase {
	t.Helper()
	raw, err := json.Marshal(object{"manifest": manifest, "postBuild": object{"substitute": variables}})
	if err != nil {
		t.Fatal(err)
	}
	return testCase{Op: "substitute.object", Input: raw}
}

// TestInvalidNames asks for the one of several names that upstream would report by chance.
func TestInvalidNames(t *testing.T) {
	for range 20 {
		a := operations.Ask(substitution(t, thing+"  v: ${v}\n", object{"v": "1", "b-c": "2", "a.b": "3", "a c": "4"}))
		want := `envsubst error: 'a c' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'`
		if a.Error == nil || a.Error.Kind != "variable-name" || a.Error.Message != want {
			t.Fatalf("%s", render(a))
		}
	}
}

// TestPanics tells what upstream's own panics are from cases that cannot be asked.
func TestPanics(t *testing.T) {
	for kind, c := range map[string]testCase{
		"panic":      {Op: "substitute.eval", Input: json.RawMessage(`{"text": "${x:1:9223372036854775807}", "vars": {"x": "ab"}}`)},
		"bad-input":  {Op: "substitute.eval", Input: json.RawMessage(`{"text": 1}`)},
		"unknown-op": {Op: "substitute.nothing"},
	} {
		if a := operations.Ask(c); a.Error == nil || a.Error.Kind != kind {
			t.Errorf("%s: %s", kind, render(a))
		}
	}
}
