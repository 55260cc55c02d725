package main

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"fluxcd-rs/oracle/protocol"
)

type (
	testCase = protocol.Case
	answer   = protocol.Answer
	failure  = protocol.Failure
	object   = protocol.Object
)

func ok(value any) answer { return protocol.OK(value) }

func failed(kind string, err error) answer { return protocol.Failed(kind, err) }

func failedAt(document int, kind string, err error) answer {
	a := failed(kind, err)
	a.Error.Document = &document
	return a
}

func unstable(why string) answer { return protocol.Unstable(why) }

func input[T any](raw json.RawMessage) T { return protocol.Input[T](raw) }

// text is a string, or {"base64": ...} where the bytes are not UTF-8.
type text []byte

func (t *text) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '{' {
		var coded struct{ Base64 []byte }
		err := json.Unmarshal(raw, &coded)
		*t = coded.Base64
		return err
	}
	var plain string
	err := json.Unmarshal(raw, &plain)
	*t = text(plain)
	return err
}

func (t text) MarshalJSON() ([]byte, error) {
	if utf8.Valid(t) {
		return json.Marshal(string(t))
	}
	return json.Marshal(map[string][]byte{"base64": t})
}

// integer stands as text beyond 2^53, as the vector format asks.
type integer int64

func (i integer) MarshalJSON() ([]byte, error) {
	const exact = 1 << 53
	if i > exact || i < -exact {
		return []byte(`"` + strconv.FormatInt(int64(i), 10) + `"`), nil
	}
	return []byte(strconv.FormatInt(int64(i), 10)), nil
}

func (i *integer) UnmarshalJSON(raw []byte) error {
	if len(raw) > 1 && raw[0] == '"' {
		raw = raw[1 : len(raw)-1]
	}
	value, err := strconv.ParseInt(string(raw), 10, 64)
	*i = integer(value)
	return err
}
