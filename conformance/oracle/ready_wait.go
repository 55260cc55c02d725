package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/engine"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/event"
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	objectid "github.com/fluxcd/cli-utils/pkg/object"
	"github.com/fluxcd/pkg/ssa"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// waitScript is what the polls of a wait see: nothing known at first, then one
// change a poll, and then the time is over. More changes at once would race
// with the end that one of them brings.
type waitScript struct {
	listed
	Objects []string
	TTL     []string
	// Blind: the time is over before the first poll.
	Blind    bool
	FailFast bool
	Changes  []struct {
		Object int
		Status status.Status
		Error  string
	}

	ids     objectid.ObjMetadataSet
	polls   int
	current map[objectid.ObjMetadata]event.ResourceStatus
	over    chan struct{}
}

func readyWait(raw json.RawMessage) answer {
	script := input[waitScript](raw)
	script.ids = parsedIDs(script.Objects)
	script.current = map[objectid.ObjMetadata]event.ResourceStatus{}
	script.over = make(chan struct{})
	factory := func(client.Reader, meta.RESTMapper, objectid.ObjMetadataSet) (engine.ClusterReader, error) {
		return &script, nil
	}
	poller := polling.NewStatusPoller(nil, readyMapper, polling.Options{
		CustomStatusReaders:  []engine.StatusReader{&script},
		ClusterReaderFactory: engine.ClusterReaderFactoryFunc(factory),
	})
	manager := ssa.NewResourceManager(nil, poller, ssa.Owner{})
	err := manager.WaitForSetWithContext(deadline{context.Background(), script.over}, script.ids, ssa.WaitOptions{
		Interval:    time.Microsecond,
		Timeout:     time.Hour,
		FailFast:    script.FailFast,
		JobsWithTTL: parsedIDs(script.TTL),
	})
	if err == nil {
		return ok(object{})
	}
	lead, list, _ := strings.Cut(err.Error(), ": [")
	entries := strings.Split(strings.TrimSuffix(list, "]"), ", ")
	slices.Sort(entries)
	return ok(object{"message": lead + ": [" + strings.Join(entries, ", ") + "]"})
}

func parsedIDs(texts []string) objectid.ObjMetadataSet {
	var ids objectid.ObjMetadataSet
	for _, text := range texts {
		id, err := objectid.ParseObjMetadata(text)
		if err != nil {
			panic(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// Sync comes before each poll. Every second poll sees the same as the one before
// it, with another message: an event is taken only after whoever waits is
// through with the one before, so that no change overtakes a decision.
func (s *waitScript) Sync(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	change, again := s.polls/2, s.polls%2 == 1
	s.polls++
	if s.Blind || change > len(s.Changes) {
		close(s.over)
		<-ctx.Done()
		return ctx.Err()
	}
	if change > 0 && !again {
		next := s.Changes[change-1]
		seen := event.ResourceStatus{Identifier: s.ids[next.Object], Status: next.Status}
		if next.Error != "" {
			seen.Error = errors.New(next.Error)
		}
		s.current[seen.Identifier] = seen
	}
	return nil
}

func (s *waitScript) Supports(schema.GroupKind) bool { return true }

func (s *waitScript) ReadStatus(_ context.Context, _ engine.ClusterReader, id objectid.ObjMetadata) (*event.ResourceStatus, error) {
	seen, known := s.current[id]
	if !known {
		seen = event.ResourceStatus{Identifier: id, Status: status.UnknownStatus}
	}
	seen.Message = strconv.Itoa(s.polls)
	return &seen, nil
}

func (s *waitScript) ReadStatusForObject(context.Context, engine.ClusterReader, *unstructured.Unstructured) (*event.ResourceStatus, error) {
	return nil, errors.New("nobody reads an object that was found")
}

// deadline is over when its channel is closed, which no clock does.
type deadline struct {
	context.Context
	over chan struct{}
}

func (d deadline) Done() <-chan struct{} { return d.over }

func (d deadline) Err() error {
	select {
	case <-d.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}
