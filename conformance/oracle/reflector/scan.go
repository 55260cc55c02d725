package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/dgraph-io/badger/v4"
	imagev1 "github.com/fluxcd/image-reflector-controller/api/v1"
	artifactconfig "github.com/fluxcd/pkg/artifact/config"
	artifactstorage "github.com/fluxcd/pkg/artifact/storage"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"fluxcd-rs/oracle/protocol"

	"github.com/fluxcd/image-reflector-controller/internal/controller"
	"github.com/fluxcd/image-reflector-controller/internal/database"
	"github.com/fluxcd/image-reflector-controller/internal/registry"
	"github.com/fluxcd/image-reflector-controller/internal/storage"
)

func imageReference(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[struct {
		Image    string
		Insecure bool
	}](raw)
	ref, err := registry.ParseImageReference(in.Image, in.Insecure)
	if err != nil {
		return protocol.Failed(referenceKind(err), err)
	}
	context := ref.Context()
	return protocol.OK(protocol.Object{
		"canonical":  context.String(),
		"registry":   context.RegistryStr(),
		"repository": context.RepositoryStr(),
		"scheme":     context.Scheme(),
	})
}

// referenceKind goes by the end of the text, since it quotes what was asked.
func referenceKind(err error) string {
	message := err.Error()
	switch {
	case strings.HasPrefix(message, "could not parse reference: "):
		return "unparsable"
	case strings.HasSuffix(message, "://'"):
		return "url_scheme"
	case strings.HasPrefix(message, "image '"):
		return "has_tag"
	}
	return "unclassified"
}

// imageScan runs the whole scan twice, once with each storage.
func imageScan(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[struct {
		Spec imagev1.ImageRepositorySpec
		Tags []string
	}](raw)
	in.Spec.Image = "registry.invalid/org/app"
	ref, err := registry.ParseImageReference(in.Spec.Image, false)
	if err != nil {
		panic(err)
	}
	options := []remote.Option{remote.WithTransport(listing(in.Tags))}
	var results []*imagev1.ScanResult
	var stored []string
	for _, db := range []storage.Database{memoryDatabase(), fileDatabase()} {
		recorder := &recordingDatabase{Database: db}
		obj := &imagev1.ImageRepository{Spec: in.Spec}
		obj.Namespace, obj.Name = "default", "app"
		r := &controller.ImageRepositoryReconciler{Database: recorder}
		if err := scan(r, context.Background(), obj, ref, options); err != nil {
			if strings.HasPrefix(err.Error(), "failed to compile regex ") {
				return protocol.Failed("invalid_exclusion", err)
			}
			return protocol.Failed("unclassified", err)
		}
		results = append(results, obj.Status.LastScanResult)
		stored = recorder.stored
	}
	answer := protocol.Object{
		"stored":              stored,
		"tagCount":            results[0].TagCount,
		"revision":            results[0].Revision,
		"revisionFluxStorage": results[1].Revision,
	}
	if results[0].LatestTags != nil {
		answer["latestTags"] = results[0].LatestTags
	}
	return protocol.OK(answer)
}

func imageScanDue(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[struct {
		Repository imagev1.ImageRepository
		Stored     []string
		Now        time.Time
	}](raw)
	r := &controller.ImageRepositoryReconciler{Database: tagList(in.Stored)}
	due, after, reason, err := shouldScan(r, context.Background(), in.Repository, in.Now)
	if err != nil {
		return protocol.Failed("invalid_image", err)
	}
	return protocol.OK(protocol.Object{
		"scan":     due,
		"after_ms": after.Milliseconds(),
		"reason":   reason,
	})
}

// imageUpdateRefs answers the registry's part of updateImageRefs itself.
func imageUpdateRefs(raw json.RawMessage) protocol.Answer {
	in := protocol.Input[struct {
		Image          string
		Spec           imagev1.ImagePolicySpec
		Status         imagev1.ImagePolicyStatus
		Tag            string
		RegistryDigest string
	}](raw)
	fetched := false
	remote.DefaultTransport = digests(in.RegistryDigest, &fetched)
	repo := &imagev1.ImageRepository{Spec: imagev1.ImageRepositorySpec{Image: in.Image}}
	obj := &imagev1.ImagePolicy{Spec: in.Spec, Status: in.Status}
	r := &controller.ImagePolicyReconciler{AuthOptionsGetter: &registry.AuthOptionsGetter{}}
	if err := updateImageRefs(r, context.Background(), repo, obj, in.Tag); err != nil {
		return protocol.Failed("fetch_failed", err)
	}
	return protocol.OK(protocol.Object{
		"latestRef":           obj.Status.LatestRef,
		"observedPreviousRef": obj.Status.ObservedPreviousRef,
		"fetched":             fetched,
		"readyMessage":        composeImagePolicyReadyMessage(obj),
		"requeueAfter_s":      obj.GetInterval().Seconds(),
	})
}

// tagList is a database with these tags in it, whatever the image.
type tagList []string

func (tags tagList) Tags(context.Context, storage.RepoIdentity) ([]string, error) {
	return tags, nil
}

func (tagList) SetTags(context.Context, storage.RepoIdentity, []string) (string, error) {
	return "", errors.ErrUnsupported
}

func (tagList) Delete(context.Context, storage.RepoIdentity) error {
	return errors.ErrUnsupported
}

// recordingDatabase remembers what was stored last.
type recordingDatabase struct {
	storage.Database
	stored []string
}

func (db *recordingDatabase) SetTags(ctx context.Context, repo storage.RepoIdentity, tags []string) (string, error) {
	db.stored = tags
	return db.Database.SetTags(ctx, repo, tags)
}

// memoryDatabase is the default storage, without a file.
var memoryDatabase = sync.OnceValue(func() storage.Database {
	db, err := badger.Open(badger.DefaultOptions("").WithInMemory(true).WithLoggingLevel(badger.ERROR))
	if err != nil {
		panic(err)
	}
	return database.NewBadgerDatabase(db)
})

// fileDatabase is the storage of the gate FluxStorage, in a directory that is
// left for the system to clean up.
var fileDatabase = sync.OnceValue(func() storage.Database {
	directory, err := os.MkdirTemp("", "reflector-")
	if err != nil {
		panic(err)
	}
	store, err := artifactstorage.New(&artifactconfig.Options{
		StoragePath:              directory,
		StorageAdvAddress:        "localhost",
		ArtifactRetentionTTL:     time.Minute,
		ArtifactRetentionRecords: 1,
	})
	if err != nil {
		panic(err)
	}
	return storage.NewFilesystemDatabase(store, 1<<20)
})

// roundTripper is a registry.
type roundTripper func(*http.Request) *http.Response

func (answer roundTripper) RoundTrip(request *http.Request) (*http.Response, error) {
	response := answer(request)
	response.Request = request
	return response, nil
}

// listing is a registry that has these tags.
func listing(tags []string) roundTripper {
	if tags == nil {
		tags = []string{}
	}
	list, err := json.Marshal(protocol.Object{"name": "org/app", "tags": tags})
	if err != nil {
		panic(err)
	}
	return func(request *http.Request) *http.Response {
		if strings.HasSuffix(request.URL.Path, "/tags/list") {
			return reply(http.StatusOK, list)
		}
		return reply(http.StatusOK, nil)
	}
}

func reply(status int, body []byte) *http.Response {
	return &http.Response{
		StatusCode:    status,
		Status:        http.StatusText(status),
		Header:        http.Header{},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
	}
}
