// Command unicode prints flux-dialect/src/unicode/tables.rs: what Go's package
// "unicode" says of characters. With the argument "classes" it prints
// flux-dialect/src/unicode/classes.rs: the classes that a pattern can name.
package main

import (
	"fmt"
	"os"
	"strings"
	"unicode"
)

var visibility = "pub(super)"

func main() {
	fmt.Printf("//! Unicode %s, as Go has it. Written by `conformance/oracle/unicode`.\n", unicode.Version)
	if len(os.Args) > 1 && os.Args[1] == "classes" {
		visibility = "pub(crate)"
		classes()
		return
	}
	fmt.Println("\nuse super::Case;")
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
	table(name, doc, "(u32, u32)", rangesOf(is))
}

func rangesOf(is func(rune) bool) (entries []string) {
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
	return entries
}

func table(name, doc, kind string, entries []string) {
	fmt.Printf("\n/// %s\n#[rustfmt::skip]\n%s static %s: &[%s] = &[\n", doc, visibility, name, kind)
	lines("   ", entries)
	fmt.Println("];")
}

func lines(indent string, entries []string) {
	line := indent
	for _, entry := range entries {
		if len(line)+len(entry)+2 > 120 {
			fmt.Println(line)
			line = indent
		}
		line += " " + entry + ","
	}
	fmt.Println(strings.TrimRight(line, " "))
}
