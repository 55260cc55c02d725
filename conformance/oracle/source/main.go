// Command source answers conformance cases of the room source with the code of
// source-controller. Its packages are internal: a module below its path may
// import them.
package main

import (
	"fmt"
	"os"

	"fluxcd-rs/oracle/protocol"
)

func main() {
	if err := operations.Serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "source:", err)
		os.Exit(1)
	}
}

var operations = protocol.Operations{
	"source.finish":  sourceFinish,
	"source.requeue": sourceRequeue,
}
