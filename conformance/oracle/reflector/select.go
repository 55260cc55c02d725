package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	imagev1 "github.com/fluxcd/image-reflector-controller/api/v1"

	"fluxcd-rs/oracle/protocol"

	"github.com/fluxcd/image-reflector-controller/internal/controller"
	"github.com/fluxcd/image-reflector-controller/internal/policy"
	"github.com/fluxcd/image-reflector-controller/internal/storage"
)

func imageFilter(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[struct {
		FilterTags imagev1.TagFilter
		Tags       []string
	}](raw)
	filter, err := policy.NewRegexFilter(in.FilterTags.Pattern, in.FilterTags.Extract)
	if err != nil {
		return protocol.Failed("invalid_pattern", err)
	}
	filter.Apply(in.Tags)
	items := map[string]string{}
	for _, value := range filter.Items() {
		items[value] = filter.GetOriginalTag(value)
	}
	return protocol.OK(protocol.Object{"items": items})
}

// imageSelect goes the whole way from the list of a registry to the tag. With
// filterTags, the order in which upstream compares is that of a Go map; then
// every answer that is seen counts.
func imageSelect(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[struct {
		Spec          imagev1.ImagePolicySpec
		ExclusionList []string
		Tags          []string
	}](raw)
	repo := &imagev1.ImageRepository{Spec: imagev1.ImageRepositorySpec{ExclusionList: in.ExclusionList}}
	stored, err := filterOutTags(in.Tags, repo.GetExclusionList())
	if err != nil {
		return protocol.Failed("invalid_exclusion", err)
	}
	sortTagsAndGetLatestTags(stored)
	obj := &imagev1.ImagePolicy{Spec: in.Spec}
	elect := func() (string, error) {
		r := &controller.ImagePolicyReconciler{Database: impatient{stored}}
		return applyPolicy(r, context.Background(), obj, repo)
	}
	tag, err := elect()
	if err != nil {
		return protocol.Failed(selectKind(err), unwrapped(err))
	}
	winners := []string{tag}
	if in.Spec.FilterTags != nil {
		for range 23 {
			again, err := elect()
			if err != nil {
				return protocol.Unstable("sometimes an error: " + err.Error())
			}
			winners = append(winners, again)
		}
		winners = append(winners, anyOrder(in.Spec, stored)...)
	}
	slices.Sort(winners)
	winners = slices.Compact(winners)
	if len(winners) == 1 {
		return protocol.OK(protocol.Object{"tag": tag})
	}
	return protocol.OK(protocol.Object{"one_of": winners})
}

// impatient is a database that says itself that it is empty: asked by the
// controller, it would be asked again for five seconds.
type impatient struct{ tagList }

var errEmpty = errors.New("empty")

func (db impatient) Tags(ctx context.Context, repo storage.RepoIdentity) ([]string, error) {
	if len(db.tagList) == 0 {
		return nil, errEmpty
	}
	// Policies sort what they get.
	return slices.Clone(db.tagList), nil
}

// anyOrder elects among the values of the filter in many orders: tags, or why
// there is none.
func anyOrder(spec imagev1.ImagePolicySpec, stored []string) []string {
	filter, err := policy.NewRegexFilter(spec.FilterTags.Pattern, spec.FilterTags.Extract)
	if err != nil {
		return nil
	}
	policer, err := policy.PolicerFromSpec(spec.Policy)
	if err != nil {
		return nil
	}
	filter.Apply(stored)
	values := filter.Items()
	slices.Sort(values)
	var outcomes []string
	elect := func() {
		winner, err := policer.Latest(slices.Clone(values))
		if err != nil {
			outcomes = append(outcomes, err.Error())
			return
		}
		outcomes = append(outcomes, filter.GetOriginalTag(winner))
	}
	for range min(len(values), 300) {
		elect()
		values = append(values[1:], values[0])
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		random.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		elect()
	}
	slices.Sort(outcomes)
	return slices.Compact(outcomes)
}

func unwrapped(err error) error {
	if errors.Is(err, errEmpty) {
		return errNoTagsInDatabase
	}
	return err
}

func selectKind(err error) string {
	message := err.Error()
	switch {
	case fmt.Sprintf("%T", err) == "controller.errInvalidPolicy":
		return "invalid_policy"
	case errors.Is(err, errEmpty):
		return "no_tags"
	case message == "version list argument cannot be empty":
		return "empty_list"
	case message == "unable to determine latest version from provided list":
		return "none_matched"
	case strings.HasPrefix(message, "failed to parse invalid numeric value '"):
		return "bad_number"
	}
	return "unclassified"
}
