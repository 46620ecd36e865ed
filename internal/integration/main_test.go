//go:build linux

package integration_test

import (
	"flag"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"testing"
)

// What the tests share. They run concurrently, each in its own network.
var (
	scratch string // a folder that exists until the last test has ended
	shared  struct {
		sync.Mutex
		lab *lab // nil until needed
	}
)

// TestMain runs at least four tests at a time: they mostly wait, and two would
// take longer than go test allows by default.
func TestMain(m *testing.M) {
	flag.Parse()
	if runtime.GOMAXPROCS(0) < 4 {
		if err := flag.Set("test.parallel", "4"); err != nil {
			panic(err)
		}
	}
	os.Exit(inScratch(m.Run))
}

// inScratch runs f with a folder for what outlives a single test.
func inScratch(f func() int) int {
	dir, err := os.MkdirTemp("", "netready")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a failure changes nothing
	scratch = dir
	return f()
}

// sharedLab returns the lab, which the first caller makes. It skips the test
// where a lab is impossible.
func sharedLab(t *testing.T) *lab {
	t.Helper()
	if testing.Short() {
		t.Skip("starts real servers")
	}
	need(t)
	shared.Lock()
	defer shared.Unlock()
	if shared.lab == nil {
		shared.lab = newLab(t, scratch)
	}
	return shared.lab
}

// need skips the test where it cannot run, unless it must.
func need(t *testing.T) {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("NETREADY_INTEGRATION") == "require" {
		missing = t.Fatalf
	}
	if os.Geteuid() != 0 {
		missing("needs root, to make network namespaces")
	}
	for _, program := range []string{
		"ip", "ss", "nft", "unbound", "dnsmasq", "named", "nginx", "openssl", "squid", squidCertificates, "microsocks", "chronyd", "chronyc", "faketime", "kresd", "nsd", "tcpdump", "curl",
	} {
		if _, err := exec.LookPath(program); err != nil {
			missing("needs %s: %v", program, err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "unshare", "--net", "true").CombinedOutput(); err != nil {
		missing("cannot make network namespaces: %v: %s", err, out)
	}
}
