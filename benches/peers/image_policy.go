package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"
	imagev1 "github.com/fluxcd/image-reflector-controller/api/v1"
	"github.com/fluxcd/image-reflector-controller/internal/policy"
	"github.com/fluxcd/pkg/version"
)

// asked is how many ranges every version is held against.
const asked = 20

func imagePolicy(stream []byte) {
	blocks := strings.Split(string(stream), "\n\n")
	texts, releases, builds := lines(blocks[0]), lines(blocks[1]), lines(blocks[2])

	var ranges []*semver.Constraints
	measure("range_parse", nothing, func() { ranges = parseRanges(texts) })
	var versions []*semver.Version
	measure("version_parse", nothing, func() { versions = parseVersions(releases) })
	var admitted []int
	measure("range_match", nothing, func() { admitted = match(ranges[:asked], versions) })
	var counts [][]byte
	for _, count := range admitted {
		counts = append(counts, []byte(strconv.Itoa(count)))
	}
	checksum("range_match", counts)

	newest := imagev1.ImagePolicySpec{Policy: imagev1.ImagePolicyChoice{
		SemVer: &imagev1.SemVerPolicy{Range: ">=1.0.0 <8.0.0"},
	}}
	last := imagev1.ImagePolicySpec{
		Policy:     imagev1.ImagePolicyChoice{Numerical: &imagev1.NumericalPolicy{Order: "asc"}},
		FilterTags: &imagev1.TagFilter{Pattern: "^main-[a-f0-9]+-(?P<time>[0-9]+)$", Extract: "$time"},
	}
	for _, work := range []struct {
		name string
		spec imagev1.ImagePolicySpec
		tags []string
	}{{"select_semver", newest, releases}, {"select_numerical", last, builds}} {
		var elected string
		measure(work.name, nothing, func() { elected = elect(work.spec, work.tags) })
		checksum(work.name, [][]byte{[]byte(elected)})
	}
}

func lines(block string) []string { return strings.Split(block, "\n") }

func parseRanges(texts []string) []*semver.Constraints {
	ranges := make([]*semver.Constraints, 0, len(texts))
	for _, text := range texts {
		parsed, err := semver.NewConstraint(text)
		if err != nil {
			fail(err)
		}
		ranges = append(ranges, parsed)
	}
	return ranges
}

func parseVersions(tags []string) []*semver.Version {
	var versions []*semver.Version
	for _, tag := range tags {
		if parsed, err := version.ParseVersion(tag); err == nil {
			versions = append(versions, parsed)
		}
	}
	return versions
}

func match(ranges []*semver.Constraints, versions []*semver.Version) []int {
	admitted := make([]int, len(ranges))
	for i, asked := range ranges {
		for _, version := range versions {
			if asked.Check(version) {
				admitted[i]++
			}
		}
	}
	return admitted
}

// elect goes the way of the two controllers: the scan leaves tags out and sorts
// the rest, the policy elects.
func elect(spec imagev1.ImagePolicySpec, listed []string) string {
	excluded := regexp.MustCompile(`^.*\.sig$`)
	var tags []string
	for _, tag := range listed {
		if !excluded.MatchString(tag) {
			tags = append(tags, tag)
		}
	}
	slices.SortStableFunc(tags, func(a, b string) int { return -strings.Compare(a, b) })

	policer, err := policy.PolicerFromSpec(spec.Policy)
	if err != nil {
		fail(err)
	}
	if spec.FilterTags == nil {
		return latest(policer, tags)
	}
	filter, err := policy.NewRegexFilter(spec.FilterTags.Pattern, spec.FilterTags.Extract)
	if err != nil {
		fail(err)
	}
	filter.Apply(tags)
	return filter.GetOriginalTag(latest(policer, filter.Items()))
}

func latest(policer policy.Policer, tags []string) string {
	elected, err := policer.Latest(tags)
	if err != nil {
		fail(err)
	}
	return elected
}
