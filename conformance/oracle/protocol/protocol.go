// Package protocol is what every oracle speaks.
//
// Every line of standard input is one case: {"id", "op", "input"}, as the
// vector files have it. Every line of standard output is its answer: {"id",
// "ok"} or {"id", "error": {"kind", "message"}}, or {"id", "unstable"} where
// upstream's own answer changes from run to run or is an accident. A case that
// makes upstream panic is answered with the error kind "panic"; one that is
// none of its operation with "bad-input".
package protocol

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
)

// Case is one question.
type Case struct {
	ID    string          `json:"id"`
	Op    string          `json:"op"`
	Input json.RawMessage `json:"input"`
}

// Answer holds exactly one of OK, Error and Unstable.
type Answer struct {
	ID       string   `json:"id"`
	OK       any      `json:"ok,omitempty"`
	Error    *Failure `json:"error,omitempty"`
	Unstable string   `json:"unstable,omitempty"`
}

// Failure is an error of upstream.
type Failure struct {
	Kind     string `json:"kind"`
	Message  string `json:"message"`
	Document *int   `json:"document,omitempty"`
}

// Object is a JSON object.
type Object = map[string]any

// Operations are what an oracle can be asked, by name.
type Operations map[string]func(json.RawMessage) Answer

// OK is the answer of an operation that succeeded.
func OK(value any) Answer { return Answer{OK: value} }

// Failed is the answer of an operation that upstream refused.
func Failed(kind string, err error) Answer {
	return Answer{Error: &Failure{Kind: kind, Message: err.Error()}}
}

// Unstable is the answer of an operation of which upstream has several.
func Unstable(why string) Answer { return Answer{Unstable: why} }

// Input decodes the input of a case; a case of the wrong shape is an error of
// the caller and ends up as the kind "bad-input".
func Input[T any](raw json.RawMessage) T {
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		panic(err)
	}
	return value
}

// Serve answers lines until the input ends. It flushes whenever no further
// case is waiting, so that a caller may ask one question at a time.
func (o Operations) Serve(in io.Reader, out io.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriterSize(out, 1<<20)
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	for {
		line, readErr := reader.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var c Case
			if err := json.Unmarshal(line, &c); err != nil {
				return fmt.Errorf("no case: %w", err)
			}
			if err := encoder.Encode(o.Ask(c)); err != nil {
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

// Ask runs one case and turns a panic into an answer: upstream's are Go's own,
// the oracle's are about the case.
func (o Operations) Ask(c Case) (a Answer) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		kind := "bad-input"
		if _, own := r.(runtime.Error); own {
			kind = "panic"
		}
		a = Answer{ID: c.ID, Error: &Failure{Kind: kind, Message: fmt.Sprint(r)}}
	}()
	operation, known := o[c.Op]
	if !known {
		return Answer{ID: c.ID, Error: &Failure{Kind: "unknown-op", Message: c.Op}}
	}
	a = operation(c.Input)
	a.ID = c.ID
	return a
}
