package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/examples/internal/clitest"
)

// TestOutputFile: -o writes what would go to stdout, and leaves no other file.
func TestOutputFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.txt")
	synctest.Test(t, func(t *testing.T) {
		env := isolated(t)
		plain := call(t.Context(), env, "-catalog", small, "-simulate", "http-blocked")
		for range 2 { // the second time the file exists
			got := call(t.Context(), env, "-catalog", small, "-simulate", "http-blocked", "-o", path)
			want := clitest.Outcome{Status: 1, Stderr: "preflight: blocked; the report is in " + path + "\n"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(plain.Stdout, read(t, path)); diff != "" {
				t.Errorf("file (-stdout +file):\n%s", diff)
			}
		}
	})
	if diff := cmp.Diff([]string{"report.txt"}, names(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestOutputUntouched: a run without a report leaves the file unchanged.
func TestOutputUntouched(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.txt")
	if err := os.WriteFile(path, []byte("the last one"), 0o640); err != nil {
		t.Fatal(err)
	}
	out, err := cli.OpenOutput("-o", path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"report.txt"}, names(t, dir)); diff != "" {
		t.Errorf("files that an interrupt would leave before the first byte (-want +got):\n%s", diff)
	}
	if _, err := out.Write([]byte("half of the ")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != "the last one" {
		t.Errorf("while it is written the file holds %q", got)
	}
	out.Discard()
	if got := read(t, path); got != "the last one" {
		t.Errorf("afterwards the file holds %q", got)
	}
	if diff := cmp.Diff([]string{"report.txt"}, names(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestOutputMode: a file keeps its mode.
func TestOutputMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	path := filepath.Join(t.TempDir(), "report.txt")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := call(t.Context(), isolated(t), "-catalog", small, "-list", "-o", path); got.Status != 0 {
		t.Fatal(got)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode(); got != 0o600 {
		t.Errorf("mode %v, want -rw-------", got)
	}
}

// TestOutputLink: a link stays a link.
func TestOutputLink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege on Windows")
	}
	dir := t.TempDir()
	link, path := filepath.Join(dir, "link"), filepath.Join(dir, "report.txt")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if got := call(t.Context(), isolated(t), "-catalog", small, "-list", "-o", link); got.Status != 0 || got.Stdout != "" {
		t.Error(got)
	}
	if read(t, path) == "" {
		t.Error("what the link points to is empty")
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link became %v, %v", info, err)
	}
}

// TestOutputDevice: a device is written directly.
func TestOutputDevice(t *testing.T) {
	if got := call(t.Context(), isolated(t), "-catalog", small, "-list", "-o", os.DevNull); got.Status != 0 || got.Stdout != "" {
		t.Error(got)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s became %v, %v", os.DevNull, info, err)
	}
}

// TestStdoutFails: the exit status is 2 if the report cannot be written.
func TestStdoutFails(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"-list"}, {"-simulate", "list"}, {"-simulate", "none"}} {
		synctest.Test(t, func(t *testing.T) {
			env := isolated(t)
			env.stdout, env.stderr = failing{}, failing{}
			if got := run(t.Context(), append(args, "-catalog", small), env); got != 2 {
				t.Errorf("%v: exit status %d, want 2", args, got)
			}
		})
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// TestColor: a terminal gets colors, and a file does not.
func TestColor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.txt")
	synctest.Test(t, func(t *testing.T) {
		env := isolated(t)
		args := []string{"-catalog", small, "-simulate", "http-blocked"}
		plain := call(t.Context(), env, args...)
		env.color = true
		if got := call(t.Context(), env, args...); !strings.HasPrefix(got.Stdout, "\x1b[31mBLOCKED\x1b[0m: ") {
			t.Errorf("on a terminal: %.40q", got.Stdout)
		}
		if got := call(t.Context(), env, append(args, "-o", path)...); got.Status != plain.Status {
			t.Error(got)
		}
		if diff := cmp.Diff(plain.Stdout, read(t, path)); diff != "" {
			t.Errorf("in a file (-plain +file):\n%s", diff)
		}
	})
}
