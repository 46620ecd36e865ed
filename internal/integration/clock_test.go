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

// A ticking says how the rig's time server differs from a good one, which has
// the machine's own time.
type ticking struct {
	off    bool
	unsure bool          // it has no time source
	ahead  time.Duration // how far it is
}

// serveTime serves time like this from now on. The server must not touch this
// machine's clock.
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
	conf := fmt.Sprintf("allow\ncmdport 0\nbindcmdaddress %s\npidfile %s\n", socket, filepath.Join(dir, "pid"))
	if !c.unsure {
		conf += "local stratum 2\n"
	}
	path := filepath.Join(dir, "conf")
	writeFile(t, path, []byte(conf))
	serving := r.listening(t, "0.0.0.0:123", "[::]:123")
	r.clock = start(t, func() bool {
		out, ok := try(t.Context(), inside(r.internet, "chronyc", "-h", socket, "tracking")...)
		return serving() && ok && (c.unsure || strings.Contains(out, "Normal"))
	}, inside(r.internet, elsewhen(c.ahead, "chronyd", "-x", "-d", "-u", "root", "-f", path)...)...)
}

// elsewhen returns a command line that runs args at another time, by
// libfaketime. It works for programs that ask the C library for the time.
func elsewhen(ahead time.Duration, args ...string) []string {
	if ahead == 0 {
		return args
	}
	return alone(append([]string{
		"env", "LD_PRELOAD=/usr/$LIB/faketime/libfaketime.so.1", fmt.Sprintf("FAKETIME=%+.0f", ahead.Seconds()),
	}, args...)...)
}
