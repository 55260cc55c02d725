// Command printed prints flux-dialect/src/quote/printed.rs: the
// characters that Go's %q leaves as they are.
package main

import (
	"fmt"
	"strconv"
	"unicode"
)

func main() {
	fmt.Printf("//! Unicode %s, as Go has it. Written by `conformance/oracle/printed`.\n\n", unicode.Version)
	fmt.Println("/// What Go's quoting leaves as it is, as ranges that include their ends.")
	fmt.Println("#[rustfmt::skip]\npub(super) static PRINTED: &[(u32, u32)] = &[")
	line := "   "
	for first := rune(0); first <= unicode.MaxRune; first++ {
		if !strconv.IsPrint(first) {
			continue
		}
		last := first
		for strconv.IsPrint(last + 1) {
			last++
		}
		entry := fmt.Sprintf(" (0x%X, 0x%X),", first, last)
		if len(line)+len(entry) > 120 {
			fmt.Println(line)
			line = "   "
		}
		line += entry
		first = last
	}
	fmt.Println(line)
	fmt.Println("];")
}
