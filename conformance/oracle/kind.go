package main

import (
	"regexp"
	"strings"
)

// unclassified is the kind of a message that the rules below do not know. The
// replay test and the differential test both fail on it.
const unclassified = "unclassified"

// Upstream's errors are texts. What comes before the telling part is cut off
// first, because the texts quote the user's document, which could hold anything.
var leadIn = regexp.MustCompile(`^(MalformedYAMLError: |error converting YAML to JSON: |\[\d+\]: |yaml: |unmarshal errors:\n {2}|line \d+: )+`)

var documentKinds = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"separator", regexp.MustCompile(`^invalid (Yaml )?document separator: `)},
	{"anchor", regexp.MustCompile(`^unknown anchor `)},
	{"recursive", regexp.MustCompile(`^anchor '.*' value contains itself$`)},
	{"limit", regexp.MustCompile(`^(document contains excessive aliasing|exceeded max depth of \d+)$`)},
	{"merge", regexp.MustCompile(`^(map merge requires map or sequence of maps|invalid map merge: )`)},
	{"duplicate", regexp.MustCompile(`^(duplicate merge key$|key (?s:.*) already set in map|mapping key (?s:.*) already defined at line \d+)`)},
	{"key", regexp.MustCompile(`^(invalid map key: |unsupported map key of type: |json: unsupported type: map\[interface \{\}\]|cannot unmarshal (?s:.*) into string(\n|$))`)},
	{"tag", regexp.MustCompile("^(cannot decode !|!!binary value contains invalid base64 data$|explicitly tagged !!binary data must be base64-encoded$|cannot marshal invalid UTF-8 data as )")},
	{"value", regexp.MustCompile(`^json: unsupported value: `)},
	{"kind-missing", regexp.MustCompile(`^error unmarshaling JSON: while decoding JSON: Object 'Kind' is missing in |^Object 'Kind' is missing in `)},
	{"shape", regexp.MustCompile(`^(error unmarshaling JSON: while decoding JSON: )?(json: cannot unmarshal |cannot unmarshal |items member is not an object: |couldn't get version/kind; json parse error: )`)},
	{"json", regexp.MustCompile(`^(json: offset \d+: |invalid character |unexpected EOF$|unexpected end of JSON input$)`)},
	{"encoding", regexp.MustCompile(`^(control characters are not allowed|(invalid (leading|trailing)|incomplete) UTF-(8|16) (octet|character)|incomplete UTF-(8|16) (octet sequence|surrogate pair|character)|invalid length of a UTF-8 sequence|(un)?expected low surrogate area)`)},
	// What is left of the scanner and the parser. "invalid Unicode character"
	// is the reader's word for an encoded surrogate; the vectors have it here.
	{"syntax", regexp.MustCompile(`^(did not find |could not find |found |mapping values are not allowed|mapping keys are not allowed|block sequence entries are not allowed|block mapping |invalid Unicode character$|unknown problem parsing YAML content$|while |document is multiple)`)},
}

// documentKind classifies an error of the YAML and object readers.
func documentKind(err error) string {
	message := strings.TrimRight(err.Error(), "\n")
	message = message[len(leadIn.FindString(message)):]
	for _, rule := range documentKinds {
		if rule.pattern.MatchString(message) {
			return rule.kind
		}
	}
	return unclassified
}
