package main

import (
	"encoding/json"
	"errors"
	"regexp"
	"regexp/syntax"
)

// regexpKinds are the words of the conformance format for Go's error codes.
var regexpKinds = map[syntax.ErrorCode]string{
	syntax.ErrInvalidCharClass:      "invalid_char_class",
	syntax.ErrInvalidCharRange:      "invalid_char_range",
	syntax.ErrInvalidEscape:         "invalid_escape",
	syntax.ErrInvalidNamedCapture:   "invalid_named_capture",
	syntax.ErrInvalidPerlOp:         "invalid_perl_op",
	syntax.ErrInvalidRepeatOp:       "invalid_repeat_op",
	syntax.ErrInvalidRepeatSize:     "invalid_repeat_size",
	syntax.ErrInvalidUTF8:           "invalid_utf8",
	syntax.ErrMissingBracket:        "missing_bracket",
	syntax.ErrMissingParen:          "missing_paren",
	syntax.ErrMissingRepeatArgument: "missing_repeat_argument",
	syntax.ErrTrailingBackslash:     "trailing_backslash",
	syntax.ErrUnexpectedParen:       "unexpected_paren",
	syntax.ErrNestingDepth:          "nesting_depth",
	syntax.ErrLarge:                 "too_large",
}

func regexpKind(err error) string {
	var refused *syntax.Error
	if errors.As(err, &refused) {
		if kind, known := regexpKinds[refused.Code]; known {
			return kind
		}
	}
	return unclassified
}

func regexpCompile(raw json.RawMessage) answer {
	in := input[struct{ Pattern text }](raw)
	re, err := regexp.Compile(string(in.Pattern))
	if err != nil {
		return failed(regexpKind(err), err)
	}
	return ok(object{"groups": re.SubexpNames()[1:]})
}

func regexpMatch(raw json.RawMessage) answer {
	in := input[struct {
		Pattern text
		Texts   []text
	}](raw)
	re, err := regexp.Compile(string(in.Pattern))
	if err != nil {
		return failed(regexpKind(err), err)
	}
	matches := make([]any, len(in.Texts))
	for i, subject := range in.Texts {
		matches[i] = regexpSpans(re.FindStringSubmatchIndex(string(subject)))
	}
	return ok(object{"groups": re.SubexpNames()[1:], "matches": matches})
}

// regexpSpans pairs the indices of a match up: nil where there is none.
func regexpSpans(indices []int) any {
	if indices == nil {
		return nil
	}
	spans := make([]any, len(indices)/2)
	for i := range spans {
		if indices[2*i] >= 0 {
			spans[i] = indices[2*i : 2*i+2]
		}
	}
	return spans
}

func regexpExpand(raw json.RawMessage) answer {
	in := input[struct{ Pattern, Template, Text text }](raw)
	re, err := regexp.Compile(string(in.Pattern))
	if err != nil {
		return failed(regexpKind(err), err)
	}
	subject := string(in.Text)
	match := re.FindStringSubmatchIndex(subject)
	if match == nil {
		return ok(object{"expanded": nil})
	}
	expanded := re.ExpandString(nil, string(in.Template), subject, match)
	return ok(object{"expanded": text(expanded)})
}
