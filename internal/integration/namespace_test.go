//go:build linux

package integration_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// netnsDir holds the files that ip netns exec mounts over those in /etc.
const netnsDir = "/etc/netns"

// removeNamespace ends what still runs in one of this test's namespaces, and
// deletes it. It runs after the test's contexts have ended.
func removeNamespace(name string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if out, ok := try(ctx, "ip", "netns", "pids", name); ok {
		for _, pid := range pids(out) {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				return "", err
			}
		}
	}
	if err := os.RemoveAll(filepath.Join(netnsDir, name)); err != nil {
		return "", err
	}
	out, ok := try(ctx, "ip", "netns", "del", name)
	if !ok {
		return out, errors.New("ip netns del failed")
	}
	return "", nil
}

// resolvConf gives a namespace its own resolv.conf until the test ends.
func resolvConf(t *testing.T, namespace, text string) {
	t.Helper()
	etc(t, namespace, "resolv.conf", text)
}

// etc gives a namespace its own file in /etc until the test ends.
func etc(t *testing.T, namespace, file, text string) {
	t.Helper()
	dir := filepath.Join(netnsDir, namespace)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
		// Others may have files there.
		if err := os.Remove(netnsDir); err != nil && !errors.Is(err, syscall.ENOTEMPTY) && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
	if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil { //nolint:gosec // as the real one has
		t.Fatal(err)
	}
}
