package main

import (
	"encoding/json"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/runtime/dependency"
)

// node implements dependency.Dependent.
type node struct {
	Name      string                     `json:"name"`
	Namespace string                     `json:"namespace"`
	DependsOn []meta.DependencyReference `json:"dependsOn"`
}

func (n node) GetName() string                          { return n.Name }
func (n node) GetNamespace() string                     { return n.Namespace }
func (n node) GetDependsOn() []meta.DependencyReference { return n.DependsOn }

func graphOrder(raw json.RawMessage) answer {
	in := input[struct{ Nodes []node }](raw)
	dependents := make([]dependency.Dependent, len(in.Nodes))
	for i, n := range in.Nodes {
		dependents[i] = n
	}
	sorted, err := dependency.Sort(dependents)
	if err != nil {
		return failed("cycle", err)
	}
	order := []string{}
	for _, reference := range sorted {
		order = append(order, reference.String())
	}
	return ok(object{"order": order})
}

func graphParse(raw json.RawMessage) answer {
	in := input[struct{ Text string }](raw)
	reference := meta.MakeDependsOn([]string{in.Text})[0]
	return ok(object{
		"namespace": reference.Namespace,
		"name":      reference.Name,
		"readyExpr": reference.ReadyExpr,
		"text":      reference.String(),
	})
}
