// Command unicode prints flux-dialect/src/unicode/tables.rs: what Go's package
// "unicode" says of characters.
package main

import (
	"fmt"
	"strings"
	"unicode"
)

func main() {
	fmt.Printf("//! Unicode %s, as Go has it. Written by `conformance/oracle/unicode`.\n\n", unicode.Version)
	fmt.Println("use super::Case;")
	ranges("LETTERS", "Letters, as ranges that include their ends.", unicode.IsLetter)
	ranges("DIGITS", "Decimal digits, as ranges that include their ends.", unicode.IsDigit)
	var cases []string
	for _, c := range unicode.CaseRanges {
		upper, lower := c.Delta[unicode.UpperCase], c.Delta[unicode.LowerCase]
		kind := fmt.Sprintf("Case::shift(0x%X, 0x%X, %d, %d)", c.Lo, c.Hi, upper, lower)
		if upper > unicode.MaxRune {
			kind = fmt.Sprintf("Case::pairs(0x%X, 0x%X)", c.Lo, c.Hi)
		}
		cases = append(cases, kind)
	}
	table("CASES", "Characters that exist in another case.", "Case", cases)
}

func ranges(name, doc string, is func(rune) bool) {
	var entries []string
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !is(r) {
			continue
		}
		first := r
		for is(r + 1) {
			r++
		}
		entries = append(entries, fmt.Sprintf("(0x%X, 0x%X)", first, r))
	}
	table(name, doc, "(u32, u32)", entries)
}

func table(name, doc, kind string, entries []string) {
	fmt.Printf("\n/// %s\n#[rustfmt::skip]\npub(super) static %s: &[%s] = &[\n", doc, name, kind)
	line := "   "
	for _, entry := range entries {
		if len(line)+len(entry)+2 > 120 {
			fmt.Println(line)
			line = "   "
		}
		line += " " + entry + ","
	}
	fmt.Println(strings.TrimRight(line, " "))
	fmt.Println("];")
}
