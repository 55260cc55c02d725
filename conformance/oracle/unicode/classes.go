package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

type classTable = map[string]*unicode.RangeTable

func classes() {
	leaves := leafCategories()
	named("CATEGORIES", "The categories of two letters, of which the others are made. The unassigned are all the rest.", leaves)

	scripts := classTable{}
	for name, table := range unicode.Scripts {
		// A name with a line below is in Go's table under a key that its parser never asks for.
		if _, err := regexp.Compile(`\p{` + name + `}`); err == nil {
			scripts[name] = table
		}
	}
	named("SCRIPTS", "The scripts that a pattern can name.", scripts)

	checkFolds(unicode.Categories, unicode.FoldCategory)
	checkFolds(unicode.Scripts, unicode.FoldScript)

	var aliases []string
	for alias, category := range unicode.CategoryAliases {
		aliases = append(aliases, fmt.Sprintf("(%q, %q)", canonical(alias), category))
	}
	slices.Sort(aliases)
	table("ALIASES", "The long names of categories.", "(&str, &str)", aliases)

	var folding []string
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if next := unicode.SimpleFold(r); next != byCase(r) {
			folding = append(folding, fmt.Sprintf("(0x%X, 0x%X)", r, next))
		}
	}
	table("ORBITS", "Characters whose other case is not found by mapping to small letters, then to capitals.", "(u32, u32)", folding)
}

func byCase(r rune) rune {
	if lower := unicode.ToLower(r); lower != r {
		return lower
	}
	return unicode.ToUpper(r)
}

// leafCategories are those of two letters but the unassigned. It fails unless
// the others are unions of them.
func leafCategories() classTable {
	leaves := classTable{}
	for name, table := range unicode.Categories {
		if len(name) == 2 && name != "LC" && name != "Cn" {
			leaves[name] = table
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		category := "Cn"
		for name, table := range leaves {
			if unicode.Is(table, r) {
				category = name
			}
		}
		for name, table := range unicode.Categories {
			in := name == category || name == category[:1] || name == "LC" && strings.Contains("Lu Ll Lt", category)
			if unicode.Is(table, r) != in {
				panic(fmt.Sprintf("%U: %s, and in %s: %v", r, category, name, !in))
			}
		}
	}
	return leaves
}

// checkFolds fails unless Go's tables of what a class holds besides, where letters
// of either case are the same, are the other cases of its letters. Go has no
// such table for LC, which lacks one character therefore.
func checkFolds(classes, folds classTable) {
	for name, class := range classes {
		for r := rune(0); name != "LC" && r <= unicode.MaxRune; r++ {
			in := unicode.Is(class, r)
			closed := in
			for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
				closed = closed || unicode.Is(class, other)
			}
			fold := folds[name]
			if closed != (in || fold != nil && unicode.Is(fold, r)) {
				panic(fmt.Sprintf("%s: %U", name, r))
			}
		}
	}
	if folds["LC"] != nil {
		panic("LC has other cases")
	}
}

func canonical(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, "_", ""))
	return strings.ToUpper(name[:1]) + name[1:]
}

func named(name, doc string, tables classTable) {
	var names []string
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Printf("\n/// %s\n#[rustfmt::skip]\n%s static %s: &[(&str, &[(u32, u32)])] = &[\n", doc, visibility, name)
	for _, name := range names {
		fmt.Printf("    (%q, &[\n", name)
		lines("       ", rangesOf(func(r rune) bool { return unicode.Is(tables[name], r) }))
		fmt.Println("    ]),")
	}
	fmt.Println("];")
}
