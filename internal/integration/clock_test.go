//go:build linux

package integration_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ticking says how the time server of the rig differs from a good one, which
// has the machine's own time.
type ticking struct {
	off    bool
	unsure bool          // it has no source of time
	ahead  time.Duration // how far it is
}

// serveTime has the time served in this way from now on. The server is told to
// leave the clock of this machine alone: it only believes that it is wrong.
func (r *rig) serveTime(t *testing.T, c ticking) {
	t.Helper()
	if r.clock != nil && c == r.ticking {
		return
	}
	r.clock.stop()
	r.ticking = c
	if c.off {
		return
	}
	dir := filepath.Join(r.dir, "chrony")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "socket")
	conf := fmt.Sprintf("allow\nmanual\ncmdport 0\nbindcmdaddress %s\npidfile %s\n", socket, filepath.Join(dir, "pid"))
	if !c.unsure {
		conf += "local stratum 2\n"
	}
	path := filepath.Join(dir, "conf")
	writeFile(t, path, []byte(conf))
	chronyc := func(args ...string) (string, bool) {
		return try(t.Context(), inside(r.internet, append([]string{"chronyc", "-h", socket}, args...)...)...)
	}
	serving := r.listening(t, "0.0.0.0:123", "[::]:123")
	r.clock = start(t, func() bool {
		out, ok := chronyc("tracking")
		return serving() && ok && (c.unsure || strings.Contains(out, "Normal"))
	}, inside(r.internet, "chronyd", "-x", "-d", "-u", "root", "-f", path)...)
	if c.ahead == 0 {
		return
	}
	const asChronyReadsIt = "Jan 2, 2006 15:04:05"
	if out, ok := chronyc("settime", time.Now().Add(c.ahead).Local().Format(asChronyReadsIt)); !ok {
		t.Fatalf("setting chronyd's time: %s", out)
	}
}
