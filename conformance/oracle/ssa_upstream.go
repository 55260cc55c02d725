package main

import (
	_ "unsafe" // for go:linkname

	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/jsondiff"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Functions of fluxcd/pkg ssa that are not exported. A method takes its
// receiver as the first argument.

//go:linkname shouldSkipApply github.com/fluxcd/pkg/ssa.(*ResourceManager).shouldSkipApply
func shouldSkipApply(m *ssa.ResourceManager, desired, existing *unstructured.Unstructured, opts ssa.ApplyOptions) (bool, *ssa.ChangeSetEntry)

//go:linkname shouldForceApply github.com/fluxcd/pkg/ssa.(*ResourceManager).shouldForceApply
func shouldForceApply(m *ssa.ResourceManager, desired, existing *unstructured.Unstructured, opts ssa.ApplyOptions, err error) bool

//go:linkname hasDriftedWithIgnore github.com/fluxcd/pkg/ssa.(*ResourceManager).hasDriftedWithIgnore
func hasDriftedWithIgnore(m *ssa.ResourceManager, existing, dryRun *unstructured.Unstructured, compiled jsondiff.CompiledIgnoreRules) (bool, error)

//go:linkname computeDriftedPaths github.com/fluxcd/pkg/ssa.computeDriftedPaths
func computeDriftedPaths(existing, dryRun *unstructured.Unstructured, rules jsondiff.CompiledIgnoreRules, fluxManager string) driftResult

//go:linkname applyDriftResult github.com/fluxcd/pkg/ssa.applyDriftResult
func applyDriftResult(target *unstructured.Unstructured, dr driftResult) error

// driftResult and driftEntry have the shape of upstream's types of that name.
type driftResult struct{ entries []driftEntry }

type driftEntry struct {
	path   string
	action int
	value  any
}
