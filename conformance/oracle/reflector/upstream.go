package main

import (
	"context"
	"time"
	_ "unsafe" // for go:linkname

	imagev1 "github.com/fluxcd/image-reflector-controller/api/v1"
	"github.com/fluxcd/pkg/runtime/patch"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/fluxcd/image-reflector-controller/internal/controller"
)

// Functions of the controllers that are not exported. A method takes its
// receiver as the first argument.

//go:linkname filterOutTags github.com/fluxcd/image-reflector-controller/internal/controller.filterOutTags
func filterOutTags(tags, patterns []string) ([]string, error)

//go:linkname sortTagsAndGetLatestTags github.com/fluxcd/image-reflector-controller/internal/controller.sortTagsAndGetLatestTags
func sortTagsAndGetLatestTags(tags []string) []string

//go:linkname composeImagePolicyReadyMessage github.com/fluxcd/image-reflector-controller/internal/controller.composeImagePolicyReadyMessage
func composeImagePolicyReadyMessage(obj *imagev1.ImagePolicy) string

//go:linkname applyPolicy github.com/fluxcd/image-reflector-controller/internal/controller.(*ImagePolicyReconciler).applyPolicy
func applyPolicy(r *controller.ImagePolicyReconciler, ctx context.Context, obj *imagev1.ImagePolicy, repo *imagev1.ImageRepository) (string, error)

//go:linkname reconcile github.com/fluxcd/image-reflector-controller/internal/controller.(*ImagePolicyReconciler).reconcile
func reconcile(r *controller.ImagePolicyReconciler, ctx context.Context, sp *patch.SerialPatcher, obj *imagev1.ImagePolicy) (ctrl.Result, error)

//go:linkname updateImageRefs github.com/fluxcd/image-reflector-controller/internal/controller.(*ImagePolicyReconciler).updateImageRefs
func updateImageRefs(r *controller.ImagePolicyReconciler, ctx context.Context, repo *imagev1.ImageRepository, obj *imagev1.ImagePolicy, latest string) error

//go:linkname scan github.com/fluxcd/image-reflector-controller/internal/controller.(*ImageRepositoryReconciler).scan
func scan(r *controller.ImageRepositoryReconciler, ctx context.Context, obj *imagev1.ImageRepository, ref name.Reference, options []remote.Option) error

//go:linkname shouldScan github.com/fluxcd/image-reflector-controller/internal/controller.(*ImageRepositoryReconciler).shouldScan
func shouldScan(r *controller.ImageRepositoryReconciler, ctx context.Context, obj imagev1.ImageRepository, now time.Time) (bool, time.Duration, string, error)

//go:linkname errNoTagsInDatabase github.com/fluxcd/image-reflector-controller/internal/controller.errNoTagsInDatabase
var errNoTagsInDatabase error
