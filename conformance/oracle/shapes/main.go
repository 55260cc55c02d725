// Command shapes prints flux-core/src/ssa/normalize/shapes.rs: which kinds
// client-go knows, and what their Go types keep of an object.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	write(os.Stdout)
}

var (
	object      = reflect.TypeFor[metav1.Object]()
	marshaler   = reflect.TypeFor[json.Marshaler]()
	unmarshaler = reflect.TypeFor[json.Unmarshaler]()
	zeroer      = reflect.TypeFor[interface{ IsZero() bool }]()
)

// own are the types that read and write themselves.
var own = map[string]string{
	"intstr.IntOrString":   "port",
	"resource.Quantity":    "quantity",
	"runtime.RawExtension": "any",
	"v1.Duration":          "duration",
	"v1.FieldsV1":          "any",
	"v1.MicroTime":         "microtime",
	"v1.Time":              "time",
}

func write(out io.Writer) {
	kinds, foreign := map[schema.GroupVersion][]entry{}, map[schema.GroupVersion][]string{}
	found := shapes{}
	for gvk, kind := range scheme.Scheme.AllKnownTypes() {
		if version := gvk.GroupVersion(); reflect.PointerTo(kind).Implements(object) {
			found.add(kind)
			kinds[version] = append(kinds[version], entry{gvk.Kind, kind})
		} else {
			foreign[version] = append(foreign[version], gvk.Kind)
		}
	}
	numbers, lines := found.number()

	fmt.Fprintf(out, "//! The built-in kinds, as %s knows them. Written by `conformance/oracle/shapes`.\n", version("k8s.io/client-go"))
	fmt.Fprint(out, `//!
//! The text of a shape names its fields: "name:type", with "?" behind the name of a field that is left out where it is
//! empty and "!" behind that of one that is left out where it is zero. A type is a number, which is another shape, or a
//! word, behind any of "*" for a pointer, "[]" for a list and "{}" for a map.

/// The kinds that are objects, by API version, each with the number of its shape. Sorted.
#[rustfmt::skip]
pub(super) static KINDS: &[(&str, &[(&str, u16)])] = &[
`)
	for _, version := range sorted(kinds) {
		entries := kinds[version]
		slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.kind, b.kind) })
		fmt.Fprintf(out, "    (%q, &[", version)
		for i, entry := range entries {
			separate(out, i)
			fmt.Fprintf(out, "(%q, %d)", entry.kind, numbers[entry.shape])
		}
		fmt.Fprintln(out, "]),")
	}
	fmt.Fprint(out, `];

/// The kinds that are registered and are no objects, by API version; those of "" in every version. Sorted.
#[rustfmt::skip]
pub(super) static OTHERS: &[(&str, &[&str])] = &[
`)
	everywhere := unversioned()
	for version, names := range foreign {
		foreign[version] = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(everywhere, name) })
	}
	foreign[schema.GroupVersion{}] = everywhere
	for _, version := range sorted(foreign) {
		names := foreign[version]
		slices.Sort(names)
		fmt.Fprintf(out, "    (%q, &[", version)
		for i, name := range names {
			separate(out, i)
			fmt.Fprintf(out, "%q", name)
		}
		fmt.Fprintln(out, "]),")
	}
	fmt.Fprint(out, "];\n\n/// The shapes, by number.\n#[rustfmt::skip]\npub(super) static SHAPES: &[&str] = &[\n")
	for _, line := range lines {
		fmt.Fprintf(out, "    %q, // %s\n", line.text, line.name)
	}
	fmt.Fprintln(out, "];")
}

type entry struct {
	kind  string
	shape reflect.Type
}

// unversioned are the kinds that the scheme knows in every group.
func unversioned() (names []string) {
	for _, kind := range scheme.Scheme.AllKnownTypes() {
		if found, _ := scheme.Scheme.IsUnversioned(reflect.New(kind).Interface().(runtime.Object)); found {
			names = append(names, kind.Name())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func sorted[V any](versions map[schema.GroupVersion]V) (keys []schema.GroupVersion) {
	for version := range versions {
		keys = append(keys, version)
	}
	slices.SortFunc(keys, func(a, b schema.GroupVersion) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

func separate(out io.Writer, i int) {
	if i > 0 {
		fmt.Fprint(out, ", ")
	}
}

type (
	shapes map[reflect.Type][]field
	field  struct {
		name, layers, word string
		shape              reflect.Type
	}
	line struct{ text, name string }
)

func (s shapes) add(kind reflect.Type) {
	if s[kind] != nil {
		return
	}
	fields := s.fields(kind, []field{})
	seen := map[string]bool{}
	for _, f := range fields {
		name := strings.TrimRight(f.name, "?!")
		if seen[name] || strings.ContainsAny(name, `- :?!"`) {
			panic(fmt.Sprintf("%s: field %q", kind, name))
		}
		seen[name] = true
	}
	s[kind] = fields
	for _, f := range fields {
		if f.shape != nil {
			s.add(f.shape)
		}
	}
}

// fields are those of the type and of what it embeds, in order.
func (s shapes) fields(kind reflect.Type, fields []field) []field {
	for i := range kind.NumField() {
		member := kind.Field(i)
		name, options, _ := strings.Cut(member.Tag.Get("json"), ",")
		if name == "" && member.Anonymous {
			if member.Type.Kind() != reflect.Struct || reflect.PointerTo(member.Type).Implements(unmarshaler) ||
				strings.Contains(options, "omitzero") {
				panic(fmt.Sprintf("%s embeds %s", kind, member.Type))
			}
			fields = s.fields(member.Type, fields)
			continue
		}
		if name == "" || !member.IsExported() {
			panic(fmt.Sprintf("%s: %s has no name", kind, member.Name))
		}
		f := typed(member.Type)
		f.name = name
		if slices.Contains(strings.Split(options, ","), "omitempty") {
			f.name += "?"
		}
		if slices.Contains(strings.Split(options, ","), "omitzero") {
			if !reflect.PointerTo(member.Type).Implements(zeroer) {
				panic(fmt.Sprintf("%s: %s has no test for zero", kind, member.Name))
			}
			f.name += "!"
		}
		fields = append(fields, f)
	}
	return fields
}

func typed(kind reflect.Type) field {
	read, written := reflect.PointerTo(kind).Implements(unmarshaler), reflect.PointerTo(kind).Implements(marshaler)
	if read || written {
		if word := own[kind.String()]; word != "" && read && written {
			return field{word: word}
		}
		if kind.Kind() != reflect.Pointer || !kind.Implements(unmarshaler) {
			panic(fmt.Sprintf("%s has rules of its own", kind))
		}
	}
	layer := ""
	switch kind.Kind() {
	case reflect.Bool, reflect.Int32, reflect.Int64, reflect.String:
		return field{word: kind.Kind().String()}
	case reflect.Struct:
		return field{shape: kind}
	case reflect.Pointer:
		layer = "*"
	case reflect.Slice:
		if kind.Elem().Kind() == reflect.Uint8 {
			return field{word: "bytes"}
		}
		layer = "[]"
	case reflect.Map:
		if kind.Key().Kind() != reflect.String {
			panic(fmt.Sprintf("keys of %s", kind))
		}
		layer = "{}"
	default:
		panic(fmt.Sprintf("%s is of no known kind", kind))
	}
	inner := typed(kind.Elem())
	inner.layers = layer + inner.layers
	return inner
}

// number gives one number to all shapes that keep the same.
func (s shapes) number() (map[reflect.Type]int, []line) {
	var kinds []reflect.Type
	for kind := range s {
		kinds = append(kinds, kind)
	}
	slices.SortFunc(kinds, func(a, b reflect.Type) int { return strings.Compare(full(a), full(b)) })
	numbers := map[reflect.Type]int{}
	for {
		var lines []line
		next, known := map[reflect.Type]int{}, map[string]int{}
		for _, kind := range kinds {
			text := s.text(kind, numbers)
			// Types that were told apart stay apart.
			key := fmt.Sprint(numbers[kind], " ", text)
			if _, found := known[key]; !found {
				known[key] = len(lines)
				lines = append(lines, line{text, full(kind)})
			}
			next[kind] = known[key]
		}
		if reflect.DeepEqual(numbers, next) {
			return numbers, lines
		}
		numbers = next
	}
}

func (s shapes) text(kind reflect.Type, numbers map[reflect.Type]int) string {
	var words []string
	for _, f := range s[kind] {
		word := f.word
		if f.shape != nil {
			word = fmt.Sprint(numbers[f.shape])
		}
		words = append(words, f.name+":"+f.layers+word)
	}
	return strings.Join(words, " ")
}

func full(kind reflect.Type) string {
	path := strings.TrimPrefix(strings.TrimPrefix(kind.PkgPath(), "k8s.io/api/"), "k8s.io/")
	return path + "." + kind.Name()
}

func version(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return module + " " + dependency.Version
		}
	}
	panic(module)
}
