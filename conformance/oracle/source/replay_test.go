package main

import (
	"path/filepath"
	"testing"

	"fluxcd-rs/oracle/protocol/replay"
)

func TestReplay(t *testing.T) {
	replay.Room(t, operations, filepath.Join("..", ".."), "source", replay.Equal)
}
