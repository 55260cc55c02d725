// Command peers does in Go what one bench of the library does in Rust, on the
// bytes of a file. For every work it prints "<work> <nanoseconds>", and where the
// result is compared "checksum <work> <hash> <bytes>".
package main

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"os"
	"runtime"
	"time"
)

var benches = map[string]func(stream []byte){
	"apply":        applies,
	"image_policy": imagePolicy,
	"ready":        ready,
	"substitute":   substitute,
	"yaml":         yamls,
}

func main() {
	if len(os.Args) != 3 || benches[os.Args[1]] == nil {
		fail(fmt.Errorf("usage: peers apply|image_policy|ready|substitute|yaml <file>"))
	}
	stream, err := os.ReadFile(os.Args[2])
	if err != nil {
		fail(err)
	}
	benches[os.Args[1]](stream)
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

// measure prints the time of the fastest of five runs, or of as many as a fifth
// of a second takes; prepare comes before each and is not part of it.
func measure(work string, prepare, run func()) {
	best := time.Duration(1<<63 - 1)
	first := time.Now()
	for runs := 0; runs < 5 || time.Since(first) < 200*time.Millisecond; runs++ {
		prepare()
		runtime.GC()
		start := time.Now()
		run()
		best = min(best, time.Since(start))
	}
	fmt.Println(work, best.Nanoseconds())
}

func nothing() {}

func checksum(work string, texts [][]byte) {
	hash, size := fnv.New64a(), 0
	for _, text := range texts {
		hash.Write(text)
		size += len(text)
	}
	fmt.Printf("checksum %s %016x %d\n", work, hash.Sum64(), size)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "peers:", err)
	os.Exit(1)
}
