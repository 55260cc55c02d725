package main

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func durationParse(raw json.RawMessage) answer {
	in := input[struct{ Text text }](raw)
	d, err := time.ParseDuration(string(in.Text))
	if err != nil {
		return failed(durationKind(err), err)
	}
	return ok(object{"nanoseconds": integer(d), "text": d.String()})
}

func durationFormat(raw json.RawMessage) answer {
	in := input[struct{ Nanoseconds integer }](raw)
	return ok(object{"text": time.Duration(in.Nanoseconds).String()})
}

// durationDecode reads an optional field, as every interval and timeout is.
func durationDecode(raw json.RawMessage) answer {
	in := input[struct{ JSON string }](raw)
	var field *metav1.Duration
	if err := json.Unmarshal([]byte(in.JSON), &field); err != nil {
		return failed(durationKind(err), err)
	}
	if field == nil {
		return ok(object{"absent": true})
	}
	written, err := json.Marshal(field)
	if err != nil {
		panic(err)
	}
	return ok(object{"nanoseconds": integer(field.Duration), "json": string(written)})
}

func durationKind(err error) string {
	var shape *json.UnmarshalTypeError
	switch message := err.Error(); {
	case errors.As(err, &shape):
		return "not-a-string"
	case strings.HasPrefix(message, "time: missing unit"):
		return "missing-unit"
	case strings.HasPrefix(message, "time: unknown unit"):
		return "unknown-unit"
	case strings.HasPrefix(message, "time: invalid duration"):
		return "invalid"
	}
	return unclassified
}

// The two patterns that Flux's custom resource definitions use.
var (
	intervalPattern = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`)
	timeoutPattern  = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(ms|s|m))+$`)
)

func durationPattern(raw json.RawMessage) answer {
	in := input[struct{ Text text }](raw)
	return ok(object{
		"interval":         intervalPattern.Match(in.Text),
		"timeout_no_hours": timeoutPattern.Match(in.Text),
	})
}
