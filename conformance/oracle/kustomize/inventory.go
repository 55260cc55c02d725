// Package kustomize opens an internal package of kustomize-controller: a module
// below the path of another may import it.
package kustomize

import (
	"github.com/fluxcd/kustomize-controller/internal/inventory"
)

// The functions of the inventory, as they are.
var (
	AddChangeSet              = inventory.AddChangeSet
	Diff                      = inventory.Diff
	List                      = inventory.List
	Merge                     = inventory.Merge
	ReferenceToObjMetadataSet = inventory.ReferenceToObjMetadataSet
)
