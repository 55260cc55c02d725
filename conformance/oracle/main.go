// Command oracle answers conformance cases with the code that Flux runs.
//
// Every line of standard input is one case: {"id", "op", "input"}, as the
// vector files have it. Every line of standard output is its answer: {"id",
// "ok"} or {"id", "error": {"kind", "message"}}, or {"id", "unstable"} where
// upstream's own answer changes from run to run or is an accident. A case that makes upstream
// panic is answered with the error kind "panic"; one that is none of its operation
// with "bad-input".
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
)

func main() {
	if os.Getenv(childVariable) != "" {
		// Enough for any document that a case holds, and soon full.
		debug.SetMaxStack(32 << 20)
	}
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

// serve answers lines until the input ends. It flushes whenever no further
// case is waiting, so that a caller may ask one question at a time.
func serve(in io.Reader, out io.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriterSize(out, 1<<20)
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	for {
		line, readErr := reader.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var c testCase
			if err := json.Unmarshal(line, &c); err != nil {
				return fmt.Errorf("no case: %w", err)
			}
			if err := encoder.Encode(ask(c)); err != nil {
				return err
			}
		}
		if readErr == io.EOF {
			return writer.Flush()
		}
		if readErr != nil {
			return readErr
		}
		if reader.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
	}
}

// ask runs one case and turns a panic into an answer: upstream's are Go's own, the
// oracle's are about the case.
func ask(c testCase) (a answer) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		kind := "bad-input"
		if _, own := r.(runtime.Error); own {
			kind = "panic"
		}
		a = answer{ID: c.ID, Error: &failure{Kind: kind, Message: fmt.Sprint(r)}}
	}()
	operation, known := operations[c.Op]
	if !known {
		return answer{ID: c.ID, Error: &failure{Kind: "unknown-op", Message: c.Op}}
	}
	a = operation(c.Input)
	a.ID = c.ID
	return a
}

var operations = map[string]func(json.RawMessage) answer{
	"duration.decode":          durationDecode,
	"duration.format":          durationFormat,
	"duration.parse":           durationParse,
	"duration.pattern":         durationPattern,
	"graph.order":              graphOrder,
	"graph.parse":              graphParse,
	"helm.names":               helmNames,
	"helm.remediation":         helmRemediation,
	"manifest.json":            manifestJSON,
	"manifest.objects":         manifestObjects,
	"manifest.read":            manifestRead,
	"manifest.read_v3":         manifestReadV3,
	"manifest.split":           manifestSplit,
	"manifest.write":           manifestWrite,
	"substitute.eval":          substituteEval,
	"substitute.object":        substituteObject,
	"version.compare":          versionCompare,
	"version.parse":            versionParse,
	"version.range":            versionRange,
	"version.select_oci_chart": versionSelectOCIChart,
}
