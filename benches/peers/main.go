// Command peers does in Go what the benches of the library do in Rust, on the
// bytes of the file that its argument names. It prints "<what> <nanoseconds>"
// for the fastest of a few runs, and a checksum of the text that it wrote.
package main

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"os"
	"runtime"
	"time"

	yaml3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: peers <file>"))
	}
	stream, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	values := read(stream)
	fmt.Println("read", fastest(func() { read(stream) }))
	fmt.Println("read_v3", fastest(func() { readV3(stream) }))
	fmt.Println("write", fastest(func() { write(values) }))
	checksum, size := fnv.New64a(), 0
	for _, text := range write(values) {
		checksum.Write(text)
		size += len(text)
	}
	fmt.Printf("checksum %016x of %d bytes\n", checksum.Sum64(), size)
}

// documents cuts at separator lines. A document keeps its last line break,
// because a block scalar that ends it would change without.
func documents(stream []byte) [][]byte {
	var documents [][]byte
	rest := bytes.TrimPrefix(stream, []byte("---\n"))
	for {
		end := bytes.Index(rest, []byte("\n---\n"))
		if end < 0 {
			return append(documents, rest)
		}
		documents = append(documents, rest[:end+1])
		rest = rest[end+len("\n---\n"):]
	}
}

func read(stream []byte) []any {
	var values []any
	for _, document := range documents(stream) {
		var value any
		if err := yaml.Unmarshal(document, &value); err != nil {
			fail(err)
		}
		values = append(values, value)
	}
	return values
}

func readV3(stream []byte) []any {
	var values []any
	for _, document := range documents(stream) {
		var value any
		if err := yaml3.Unmarshal(document, &value); err != nil {
			fail(err)
		}
		values = append(values, value)
	}
	return values
}

func write(values []any) [][]byte {
	texts := make([][]byte, 0, len(values))
	for _, value := range values {
		text, err := yaml.Marshal(value)
		if err != nil {
			fail(err)
		}
		texts = append(texts, text)
	}
	return texts
}

func fastest(work func()) int64 {
	best := time.Duration(1<<63 - 1)
	for range 5 {
		runtime.GC()
		start := time.Now()
		work()
		best = min(best, time.Since(start))
	}
	return best.Nanoseconds()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "peers:", err)
	os.Exit(1)
}
