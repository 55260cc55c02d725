package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	fluxcel "github.com/fluxcd/pkg/runtime/cel"
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"google.golang.org/protobuf/types/known/structpb"
)

func celEval(raw json.RawMessage) (a answer) {
	in := input[struct {
		Expression string
		Data       json.RawMessage
	}](raw)
	data := celData(in.Data)
	defer survive(&a)
	expression, err := fluxcel.NewExpression(in.Expression)
	if err != nil {
		return failed("parse", err)
	}
	first := celValue(expression, data)
	for range repetitions {
		if !reflect.DeepEqual(celKind(first), celKind(celValue(expression, data))) {
			return unstable("the result hangs on the order of Go's maps")
		}
	}
	return first
}

// repetitions are enough for the order of two keys to change.
const repetitions = 24

func celValue(expression *fluxcel.Expression, data map[string]any) answer {
	value, err := expression.Evaluate(context.Background(), data)
	if err != nil {
		return failed("evaluate", err)
	}
	tagged, err := tag(value)
	if err != nil {
		return unstable(err.Error())
	}
	return ok(object{"value": tagged})
}

// celKind is the answer without the text of its error.
func celKind(a answer) any {
	if a.Error != nil {
		return a.Error.Kind
	}
	return a
}

// syntaxError is how the parser reports what the grammar refuses. Its other
// errors, those about macros and literals, count as found by the checker.
var syntaxError = regexp.MustCompile(`(?m)^ERROR: <input>:\d+:\d+: Syntax error: `)

func celCheck(raw json.RawMessage) (a answer) {
	in := input[struct {
		Expression string
		Variables  []string
		Type       string
	}](raw)
	if in.Type != "bool" {
		panic("the type is always bool")
	}
	defer survive(&a)
	_, err := fluxcel.NewExpression(in.Expression, fluxcel.WithCompile(),
		fluxcel.WithStructVariables(in.Variables...), fluxcel.WithOutputType(cel.BoolType))
	if err == nil {
		return ok(object{"accepted": true})
	}
	// The text quotes the expression, which could hold anything.
	message := strings.TrimPrefix(err.Error(), "failed to parse the CEL expression '"+in.Expression+"': ")
	switch {
	case strings.HasPrefix(message, "CEL expression output type mismatch: "):
		return failed("type", err)
	case syntaxError.MatchString(message):
		return failed("syntax", err)
	}
	return failed("check", err)
}

// survive answers where upstream panics: for a key of bytes in a constant map,
// and where a dynamic element of a literal is optional.
func survive(a *answer) {
	if why := recover(); why != nil {
		*a = unstable(fmt.Sprint(why))
	}
}

// celData reads the variables as the controllers hold them: an integer is an
// int64, any other number a float64.
func celData(raw json.RawMessage) map[string]any {
	if len(raw) == 0 {
		return map[string]any{}
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	var data map[string]any
	if err := decoder.Decode(&data); err != nil {
		panic(err)
	}
	return celNumbers(data).(map[string]any)
}

func celNumbers(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			v[key] = celNumbers(item)
		}
	case []any:
		for i, item := range v {
			v[i] = celNumbers(item)
		}
	case json.Number:
		if integer, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return integer
		}
		float, err := v.Float64()
		if err != nil {
			panic(err)
		}
		return float
	}
	return value
}

// tag writes a value with its type, as OPS.md says.
func tag(value any) (any, error) {
	switch v := value.(type) {
	case nil, structpb.NullValue, types.Null:
		return object{"null": true}, nil
	case bool:
		return object{"bool": v}, nil
	case int64:
		return object{"int": strconv.FormatInt(v, 10)}, nil
	case uint64:
		return object{"uint": strconv.FormatUint(v, 10)}, nil
	case float64:
		return object{"double": strconv.FormatFloat(v, 'g', -1, 64)}, nil
	case string:
		return object{"string": v}, nil
	case []byte:
		return object{"bytes": object{"base64": v}}, nil
	case time.Time:
		return object{"timestamp": v.Format(time.RFC3339Nano)}, nil
	case time.Duration:
		return object{"duration": v.String()}, nil
	case traits.Lister, traits.Mapper:
	case ref.Val:
		return tag(v.Value())
	}
	switch v := types.DefaultTypeAdapter.NativeToValue(value).(type) {
	case traits.Lister:
		list := []any{}
		for i := v.Iterator(); i.HasNext() == types.True; {
			item, err := tag(i.Next())
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		return object{"list": list}, nil
	case traits.Mapper:
		members := object{}
		for i := v.Iterator(); i.HasNext() == types.True; {
			key := i.Next()
			item, err := tag(v.Get(key))
			if err != nil {
				return nil, err
			}
			switch key.(type) {
			case types.Bool, types.Double, types.Int, types.String, types.Uint:
				members[fmt.Sprint(key.Value())] = item
			default:
				return nil, fmt.Errorf("a key has no text")
			}
		}
		if types.Int(len(members)) != v.Size() {
			return nil, fmt.Errorf("two keys of one map have the same text")
		}
		return object{"map": members}, nil
	}
	return nil, fmt.Errorf("no tag for %s", reflect.TypeOf(value))
}
