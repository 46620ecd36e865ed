package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/netready/netready/examples/internal/trafficreport"
)

// compress returns one frame of Zstandard.
func compress(t *testing.T, text string, options ...zstd.EOption) string {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, append(options, zstd.WithEncoderConcurrency(1))...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// skippable is a frame that holds no text, as pzstd writes before others.
const skippable = "\x50\x2a\x4d\x18\x04\x00\x00\x00\x00\x00\x00\x00"

// TestZstd: a compressed log reads as the log itself.
func TestZstd(t *testing.T) {
	text := read(t, "testdata/squid.log")
	want := call(text)
	half := strings.Index(text[len(text)/2:], "\n") + len(text)/2
	for name, log := range map[string]string{
		"one frame":                 compress(t, text),
		"the best compression":      compress(t, text, zstd.WithEncoderLevel(zstd.SpeedBestCompression)),
		"two frames":                compress(t, text[:half]) + compress(t, text[half:]),
		"a frame without text":      skippable + compress(t, text),
		"a mark of byte order":      compress(t, "\ufeff"+text),
		"the window of zstd --long": compress(t, text, zstd.WithWindowSize(maxWindow), zstd.WithSingleSegment(false)),
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, call(log)); diff != "" {
				t.Errorf("(-plain +compressed):\n%s", diff)
			}
		})
	}
	layout := call(read(t, "testdata/gateway.log"), "-layout", "testdata/layout.json")
	if diff := cmp.Diff(layout, call(compress(t, read(t, "testdata/gateway.log")), "-layout", "testdata/layout.json")); diff != "" {
		t.Errorf("with a layout (-plain +compressed):\n%s", diff)
	}
}

// TestZstdHostile: broken and greedy files are refused, and take no more memory
// than the largest window.
func TestZstdHostile(t *testing.T) {
	text := read(t, "testdata/squid.log")
	whole := compress(t, strings.Repeat(text, 200))
	damaged := []byte(whole)
	damaged[len(damaged)-1] ^= 1 // of the checksum
	tests := []struct{ name, log, want string }{
		{"the mark alone", "\x28\xb5\x2f\xfd", "the compressed data ends in the middle"},
		{"frames without text alone", skippable, "the log is empty"},
		{"cut off", whole[:len(whole)-100], "the compressed data ends in the middle"},
		{"a wrong checksum", string(damaged), "decompression: "},
		{"a window beyond the limit", frame(1 << 28), "decompression needs more than 128 MiB"},
		{"a segment beyond the limit", "\x28\xb5\x2f\xfd\xe0" + string(binary.LittleEndian.AppendUint64(nil, 1<<40)), "decompression needs more than 128 MiB"},
		{"the largest window, and little in it", strings.Repeat(frame(maxWindow), 20), "the first lines have no known format"},
		{"a dictionary", "\x28\xb5\x2f\xfd\x01\x58\x07", "decompression: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := call(tt.log)
			runtime.ReadMemStats(&after)
			if got.Status != trafficreport.ExitUnknown || !strings.Contains(got.Stderr, tt.want) || strings.Count(got.Stderr, "\n") != 1 {
				t.Errorf("status %d, stderr %q", got.Status, got.Stderr)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > maxWindow+maxWindow/4 {
				t.Errorf("took %d MiB", n>>20)
			}
		})
	}
}

// frame returns a frame that asks for a window and holds one line.
func frame(window int) string {
	exponent := 0
	for 1<<(10+exponent) < window {
		exponent++
	}
	return "\x28\xb5\x2f\xfd\x00" + string([]byte{byte(exponent << 3)}) + "\x11\x00\x00?\n" // the last block, raw, of two bytes
}
