package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"
	"github.com/fluxcd/pkg/version"
)

func versionParse(raw json.RawMessage) answer {
	in := input[struct{ Text, Dialect string }](raw)
	parse, known := map[string]func(string) (*semver.Version, error){
		"loose":  semver.NewVersion,
		"strict": semver.StrictNewVersion,
		"flux":   version.ParseVersion,
	}[in.Dialect]
	if !known {
		panic(fmt.Errorf("no dialect: %s", in.Dialect))
	}
	v, err := parse(in.Text)
	if err != nil {
		return failed(versionKind(err), err)
	}
	return ok(object{
		"major":      unsigned(v.Major()),
		"minor":      unsigned(v.Minor()),
		"patch":      unsigned(v.Patch()),
		"prerelease": v.Prerelease(),
		"metadata":   v.Metadata(),
		"original":   v.Original(),
		"canonical":  v.String(),
	})
}

func versionCompare(raw json.RawMessage) answer {
	in := input[struct{ A, B string }](raw)
	a, err := semver.NewVersion(in.A)
	if err != nil {
		return failed(versionKind(err), err)
	}
	b, err := semver.NewVersion(in.B)
	if err != nil {
		return failed(versionKind(err), err)
	}
	return ok(object{"order": a.Compare(b)})
}

func versionRange(raw json.RawMessage) answer {
	in := input[struct {
		Range    string
		Versions []string
	}](raw)
	constraint, err := semver.NewConstraint(in.Range)
	if err != nil {
		return failed(versionKind(err), err)
	}
	matches := make([]*bool, len(in.Versions))
	for i, text := range in.Versions {
		if v, err := semver.NewVersion(text); err == nil {
			match := constraint.Check(v)
			matches[i] = &match
		}
	}
	return ok(object{"matches": matches})
}

// versionSelectOCI stands on version.Sort, which filters and sorts exactly as
// the controller does. The spelling of Helm's tags is left to the vectors.
func versionSelectOCI(raw json.RawMessage) answer {
	in := input[struct {
		Ref           *struct{ Digest, Semver, SemverFilter, Tag string }
		LayerSelector *struct{ MediaType string }
		Tags          []string
	}](raw)
	chart := in.LayerSelector != nil && in.LayerSelector.MediaType == "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
	switch {
	case in.Ref != nil && in.Ref.Digest != "":
		return ok(object{"identifier": in.Ref.Digest})
	case in.Ref != nil && in.Ref.Semver != "":
	case in.Ref != nil && in.Ref.Tag != "":
		return ok(object{"identifier": in.Ref.Tag})
	default:
		return ok(object{"identifier": "latest"})
	}
	tags := slices.Clone(in.Tags)
	if in.Ref.SemverFilter != "" {
		filter, err := regexp.Compile(in.Ref.SemverFilter)
		if err != nil {
			return failed("invalid_filter", err)
		}
		tags = slices.DeleteFunc(tags, func(tag string) bool { return !filter.MatchString(tag) })
	}
	constraint, err := semver.NewConstraint(in.Ref.Semver)
	if err != nil {
		return failed("invalid_range", fmt.Errorf("semver '%s' parse error: %w", in.Ref.Semver, err))
	}
	if chart {
		for i := range tags {
			tags[i] = strings.ReplaceAll(tags[i], "_", "+")
		}
	}
	sorted := version.Sort(constraint, tags)
	if why := unstableOrder(sorted); why != "" {
		return unstable(why)
	}
	if len(sorted) == 0 {
		return failed("no_match", fmt.Errorf("no match found for semver: %s", in.Ref.Semver))
	}
	if chart {
		sorted[0] = strings.ReplaceAll(sorted[0], "+", "_")
	}
	return ok(object{"identifier": sorted[0]})
}

// versionSelectOCIChart stands on version.ParseVersion and version.Sort.
func versionSelectOCIChart(raw json.RawMessage) answer {
	in := input[struct {
		Version string
		Tags    []string
	}](raw)
	if _, err := version.ParseVersion(in.Version); err == nil {
		return ok(object{"version": in.Version})
	}
	if len(in.Tags) == 0 {
		return failed("no_versions", errors.New("unable to locate any tags in provided repository"))
	}
	if in.Version != "" && slices.Contains(in.Tags, in.Version) {
		return ok(object{"version": in.Version})
	}
	text := in.Version
	if text == "" {
		text = "*"
	}
	constraint, err := semver.NewConstraint(text)
	if err != nil {
		return failed("invalid_range", err)
	}
	sorted := version.Sort(constraint, in.Tags)
	if why := unstableOrder(sorted); why != "" {
		return unstable(why)
	}
	if len(sorted) == 0 {
		return failed("no_match", fmt.Errorf("could not locate a version matching provided version string %s", in.Version))
	}
	return ok(object{"version": sorted[0]})
}

// unstableOrder tells whether another version could have come first: Go sorts
// more than 12 values by an algorithm that is not stable.
func unstableOrder(sorted []string) string {
	if len(sorted) <= 12 {
		return ""
	}
	first, second := semver.MustParse(sorted[0]), semver.MustParse(sorted[1])
	if first.Equal(second) && sorted[0] != sorted[1] {
		return "equal versions among more than 12"
	}
	return ""
}

func versionKind(err error) string {
	for _, rule := range []struct {
		err  error
		kind string
	}{
		{semver.ErrInvalidSemVer, "invalid"},
		{semver.ErrVersionTooLong, "too_long"},
		{semver.ErrSegmentStartsZero, "segment_starts_zero"},
		{semver.ErrEmptyString, "empty"},
		{semver.ErrInvalidCharacters, "invalid_characters"},
		{semver.ErrInvalidPrerelease, "invalid_prerelease"},
		{semver.ErrInvalidMetadata, "invalid_metadata"},
		{semver.ErrConstraintTooLong, "too_long"},
		{semver.ErrTooManyConstraintGroups, "too_many_groups"},
		{strconv.ErrRange, "number_too_large"},
		{strconv.ErrSyntax, "number_too_large"},
	} {
		if errors.Is(err, rule.err) {
			return rule.kind
		}
	}
	switch message := err.Error(); {
	case strings.HasPrefix(message, "improper constraint: "):
		return "improper_constraint"
	case message == "constraint parser error":
		return "invalid_operand"
	}
	return unclassified
}

// unsigned stands as text beyond 2^53, as the vector format asks.
type unsigned uint64

func (u unsigned) MarshalJSON() ([]byte, error) {
	digits := strconv.FormatUint(uint64(u), 10)
	if u > 1<<53 {
		digits = `"` + digits + `"`
	}
	return []byte(digits), nil
}
