// Command oracle answers conformance cases with the code that Flux runs, one a
// line, as package protocol describes.
package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"fluxcd-rs/oracle/protocol"
)

func main() {
	if os.Getenv(childVariable) != "" {
		// Enough for any document that a case holds, and soon full.
		debug.SetMaxStack(32 << 20)
	}
	if err := operations.Serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

var operations = protocol.Operations{
	"access.acl":               accessACL,
	"condition.apply":          conditionApply,
	"condition.check":          conditionCheck,
	"condition.finalize":       conditionFinalize,
	"condition.history":        conditionHistory,
	"condition.is":             conditionIs,
	"condition.merge_patch":    conditionMergePatch,
	"condition.patch":          conditionPatch,
	"condition.trim":           conditionTrim,
	"cel.check":                celCheck,
	"cel.eval":                 celEval,
	"duration.decode":          durationDecode,
	"duration.format":          durationFormat,
	"duration.parse":           durationParse,
	"duration.pattern":         durationPattern,
	"flags.parse":              flagsParse,
	"graph.order":              graphOrder,
	"graph.parse":              graphParse,
	"helm.annotations":         helmAnnotations,
	"helm.names":               helmNames,
	"helm.remediation":         helmRemediation,
	"inventory.diff":           inventoryDiff,
	"inventory.id":             inventoryID,
	"inventory.list":           inventoryList,
	"inventory.merge":          inventoryMerge,
	"inventory.parse":          inventoryParse,
	"inventory.references":     inventoryReferences,
	"manifest.json":            manifestJSON,
	"manifest.objects":         manifestObjects,
	"manifest.read":            manifestRead,
	"manifest.read_v3":         manifestReadV3,
	"manifest.split":           manifestSplit,
	"manifest.write":           manifestWrite,
	"ready.aggregate":          readyAggregate,
	"ready.cel":                readyCEL,
	"ready.job":                readyJob,
	"ready.kstatus":            readyKstatus,
	"ready.read":               readyRead,
	"ready.wait":               readyWait,
	"regexp.compile":           regexpCompile,
	"regexp.expand":            regexpExpand,
	"regexp.match":             regexpMatch,
	"request.handle":           requestHandle,
	"schedule.backoff":         scheduleBackoff,
	"schedule.jitter":          scheduleJitter,
	"schedule.kustomization":   scheduleKustomization,
	"ssa.cleanup":              ssaCleanup,
	"ssa.drift":                ssaDrift,
	"ssa.force":                ssaForce,
	"ssa.ignore":               ssaIgnore,
	"ssa.metadata":             ssaMetadata,
	"ssa.normalize":            ssaNormalize,
	"ssa.normalize_dry_run":    ssaNormalizeDryRun,
	"ssa.order":                ssaOrder,
	"ssa.prune":                ssaPrune,
	"ssa.select":               ssaSelect,
	"ssa.skip":                 ssaSkip,
	"ssa.sort":                 ssaSort,
	"substitute.eval":          substituteEval,
	"substitute.object":        substituteObject,
	"version.compare":          versionCompare,
	"version.parse":            versionParse,
	"version.range":            versionRange,
	"version.select_oci":       versionSelectOCI,
	"version.select_oci_chart": versionSelectOCIChart,
}
