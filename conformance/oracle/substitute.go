package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/envsubst"
	"github.com/fluxcd/pkg/envsubst/parse"
	"github.com/fluxcd/pkg/kustomize"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/yaml"
)

func substituteEval(raw json.RawMessage) answer {
	in := input[struct {
		Text   text
		Vars   map[string]text
		Strict bool
	}](raw)
	out, err := envsubst.Eval(string(in.Text), func(name string) (string, bool) {
		value, exists := in.Vars[name]
		return string(value), exists || !in.Strict
	})
	if err != nil {
		return failed(substituteKind(err), err)
	}
	return ok(object{"text": text(out)})
}

type objectInput struct {
	Manifest  text
	PostBuild object
	Sources   []json.RawMessage
	Strict    bool
	DryRun    bool
}

func substituteObject(raw json.RawMessage) answer {
	in := input[objectInput](raw)
	if expansionDanger(in.Manifest) != harmless {
		return unstable("the manifest has anchors that kustomize cannot open")
	}
	res, err := resource.NewFactory(nil).FromBytes(in.Manifest)
	if err != nil {
		return failed("manifest", err)
	}
	before, err := res.AsYAML()
	if err != nil {
		return failed("manifest", err)
	}
	kustomization := unstructured.Unstructured{Object: object{
		"metadata": object{"namespace": namespace},
		"spec":     object{"postBuild": in.PostBuild},
	}}
	cluster := newCluster(in.Sources)
	result, err := kustomize.SubstituteVariables(context.Background(), cluster, kustomization, res,
		kustomize.SubstituteWithDryRun(in.DryRun),
		kustomize.SubstituteWithStrict(in.Strict),
		kustomize.SubstituteWithAlways(in.always()))
	if err != nil {
		kind := substituteKind(err)
		switch kind {
		case "variable-name":
			err = firstInvalidName(in, kustomization, cluster)
		case "yaml":
			if why := evaluatedInstability(in, kustomization, cluster, before); why != "" {
				return unstable(why)
			}
		}
		return failed(kind, err)
	}
	if result == nil {
		return ok(object{"outcome": "opted-out"})
	}
	if why := evaluatedInstability(in, kustomization, cluster, before); why != "" {
		return unstable(why)
	}
	out, err := result.MarshalJSON()
	if err != nil {
		return failed(unclassified, err)
	}
	return ok(object{"outcome": "substituted", "json": string(out)})
}

// always is transcribed from kustomize-controller:
// internal/controller/kustomization_controller.go (build).
func (in objectInput) always() bool {
	return in.PostBuild["substituteStrategy"] == "Always"
}

// evaluatedInstability tells why the evaluated text, which upstream got to, would
// be read otherwise the next time.
func evaluatedInstability(in objectInput, kustomization unstructured.Unstructured, c client.Client, before []byte) string {
	vars, err := variables(in, kustomization, c)
	if err != nil || len(vars) == 0 && !in.always() {
		return ""
	}
	evaluated, err := envsubst.Eval(string(before), func(name string) (string, bool) {
		value, exists := vars[name]
		return value, exists || !in.Strict
	})
	if err != nil {
		return ""
	}
	out, err := yaml.YAMLToJSON([]byte(evaluated))
	return readInstability([]byte(evaluated), out, err)
}

// variables are those that upstream collects, whose names it has not checked.
func variables(in objectInput, kustomization unstructured.Unstructured, c client.Client) (map[string]string, error) {
	vars := map[string]string{}
	if !in.DryRun {
		loaded, err := kustomize.LoadVariables(context.Background(), c, kustomization)
		if err != nil {
			return nil, err
		}
		vars = loaded
	}
	inline, _, err := unstructured.NestedStringMap(kustomization.Object, "spec", "postBuild", "substitute")
	for name, value := range inline {
		vars[name] = strings.ReplaceAll(value, "\n", "")
	}
	return vars, err
}

var validName = regexp.MustCompile("^[_[:alpha:]][_[:alpha:][:digit:]]*$")

// firstInvalidName words upstream's error for the first of the invalid names in
// their order: upstream takes any of them, as Go's map iteration brings them.
func firstInvalidName(in objectInput, kustomization unstructured.Unstructured, c client.Client) error {
	vars, err := variables(in, kustomization, c)
	if err != nil {
		panic(err)
	}
	invalid := []string{}
	for name := range vars {
		if !validName.MatchString(name) {
			invalid = append(invalid, name)
		}
	}
	return fmt.Errorf("envsubst error: '%s' var name is invalid, must match '%s'", slices.Min(invalid), validName)
}

// namespace is that of the Kustomization whose postBuild is asked about.
const namespace = "apps"

// cluster holds exactly the sources of a case.
type cluster struct {
	client.Client
	configMaps map[client.ObjectKey]*corev1.ConfigMap
	secrets    map[client.ObjectKey]*corev1.Secret
}

func newCluster(sources []json.RawMessage) cluster {
	c := cluster{
		configMaps: map[client.ObjectKey]*corev1.ConfigMap{},
		secrets:    map[client.ObjectKey]*corev1.Secret{},
	}
	for _, source := range sources {
		switch kind := input[struct{ Kind string }](source).Kind; kind {
		case "ConfigMap":
			o := decodeSource[corev1.ConfigMap](source)
			c.configMaps[client.ObjectKeyFromObject(o)] = o
		case "Secret":
			o := decodeSource[corev1.Secret](source)
			c.secrets[client.ObjectKeyFromObject(o)] = o
		default:
			panic("a source of the kind " + kind)
		}
	}
	return c
}

// decodeSource decodes as the API server's clients do.
func decodeSource[T any](source json.RawMessage) *T {
	o := new(T)
	if err := kjson.UnmarshalCaseSensitivePreserveInts(source, o); err != nil {
		panic(err)
	}
	return o
}

func (c cluster) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	switch o := into.(type) {
	case *corev1.ConfigMap:
		if found := c.configMaps[key]; found != nil {
			*o = *found
			return nil
		}
		return apierrors.NewNotFound(schema.GroupResource{Resource: "configmaps"}, key.Name)
	case *corev1.Secret:
		if found := c.secrets[key]; found != nil {
			*o = *found
			return nil
		}
		return apierrors.NewNotFound(schema.GroupResource{Resource: "secrets"}, key.Name)
	}
	return fmt.Errorf("upstream asks for %T", into)
}

var syntaxKinds = []struct {
	kind string
	err  error
}{
	{"name", parse.ErrParseVariableName},
	{"brace", parse.ErrMissingClosingBrace},
	{"argument", parse.ErrParseFuncSubstitution},
	{"bad", parse.ErrBadSubstitution},
}

var substituteKinds = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"variable-name", regexp.MustCompile(`^envsubst error: '(?s:.*)' var name is invalid, must match '`)},
	{"yaml", regexp.MustCompile(`^(envsubst error: YAML|Unmarshal)(To)?JSON: `)},
	{"unset", regexp.MustCompile(`^(envsubst error: variable substitution failed: )?variable not set \(strict mode\): "`)},
	{"spec", regexp.MustCompile(`^(unable to get subsituteFrom: |\.spec\.postBuild\.substitute accessor error: )`)},
}

// substituteKind classifies an error of the evaluator and of what upstream does
// around it.
func substituteKind(err error) string {
	for _, known := range syntaxKinds {
		if errors.Is(err, known.err) {
			return known.kind
		}
	}
	if apierrors.IsNotFound(err) {
		return "source-missing"
	}
	for _, rule := range substituteKinds {
		if rule.pattern.MatchString(err.Error()) {
			return rule.kind
		}
	}
	return unclassified
}
