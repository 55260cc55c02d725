// Command reflector answers conformance cases of the room image with the code
// of the image reflector. Its packages are internal, and what is needed of its
// controllers is unexported: a module below its path may import the former,
// and the linker finds the latter by name (upstream.go).
package main

import (
	"fmt"
	"os"

	"fluxcd-rs/oracle/protocol"
)

func main() {
	if err := operations.Serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "reflector:", err)
		os.Exit(1)
	}
}

var operations = protocol.Operations{
	"image.filter":        imageFilter,
	"image.policy_status": imagePolicyStatus,
	"image.reference":     imageReference,
	"image.scan":          imageScan,
	"image.scan_due":      imageScanDue,
	"image.select":        imageSelect,
	"image.update_refs":   imageUpdateRefs,
}
