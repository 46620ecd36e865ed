package hostile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const (
	host = "login.live.com"

	timeout = 5 * time.Second

	// late is how long after its timeout a probe may return.
	late = 100 * time.Millisecond

	// maxMemory is what a probe and its peer may allocate in all, in bytes. Nearly
	// all of it is garbage.
	maxMemory = 16 << 20

	// maxKept is what an observation may take as JSON.
	maxKept = 16 << 10
)

// A peer is a server that misbehaves.
type peer func(net.Conn)

// says sends texts, and then waits for the client to leave.
func says(texts ...string) peer {
	return func(c net.Conn) {
		listen(c)
		for _, s := range texts {
			if _, err := io.WriteString(c, s); err != nil {
				return
			}
		}
		_, _ = io.Copy(io.Discard, c)
	}
}

// leaves is says for a peer that closes the connection at its end.
func leaves(texts ...string) peer {
	return func(c net.Conn) {
		listen(c)
		_, _ = io.WriteString(c, strings.Join(texts, ""))
	}
}

// repeats sends a text, and then another one again and again: at once, or with a
// pause in between.
func repeats(first, then string, pause time.Duration) peer {
	return func(c net.Conn) {
		listen(c)
		for text := first; ; text = then {
			if _, err := io.WriteString(c, text); err != nil {
				return
			}
			time.Sleep(pause)
		}
	}
}

// listen reads what the client says first.
func listen(c net.Conn) { _, _ = c.Read(make([]byte, 4096)) }

// direct uses no proxy.
func direct(*probetest.Internet) *url.URL { return nil }

// observe probes a target, and checks what holds for every peer.
func observe(t *testing.T, i *probetest.Internet, proxy func(*probetest.Internet) *url.URL, target probe.Target) (o probe.Observation) {
	t.Helper()
	start := time.Now()
	var c cost
	synctest.Test(t, func(t *testing.T) { // which fails if a goroutine stays
		i.Hosts = []string{host}
		n := i.Network()
		if u := proxy(i); u != nil {
			n.Proxy = func(probe.Target) (*url.URL, error) { return u, nil }
		}
		o, c = probed(t, n, target)
		time.Sleep(time.Minute) // for peers to notice that the client has left
	})
	c.tell(t, time.Since(start), o)
	return o
}

// A cost is what a probe took.
type cost struct {
	virtual   time.Duration // on a network that takes no time but the peer's
	allocated uint64        // in all, so its memory has at no time been more
}

// tell adds a row to the table that .ci/nightly prints. work is the time that
// computing took, with that of the peer.
func (c cost) tell(t *testing.T, work time.Duration, o probe.Observation) {
	t.Helper()
	code := "ok"
	if o.Error != nil {
		code = string(o.Code())
	}
	t.Attr("cost", fmt.Sprintf("%d ms of %d, %d ms of work, %d kB allocated, %s", c.virtual.Milliseconds(), timeout.Milliseconds(), work.Milliseconds(), c.allocated>>10, code))
}

func probed(t *testing.T, n probe.Network, target probe.Target) (probe.Observation, cost) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	o := n.Probe(ctx, target)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if took > timeout+late {
		t.Errorf("took %v", took)
	}
	used := after.TotalAlloc - before.TotalAlloc
	if used > maxMemory {
		t.Errorf("took %d bytes", used)
	}
	checkKept(t, o)
	return o, cost{took, used}
}

// checkKept checks that an observation is small, and that every text in it is one
// line.
func checkKept(t *testing.T, o probe.Observation) {
	t.Helper()
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > maxKept {
		t.Errorf("kept %d bytes", len(b))
	}
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	for d := json.NewDecoder(bytes.NewReader(b)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := token.(string); ok && (len(s) > 1024 || !utf8.ValidString(s) || strings.ContainsFunc(s, hidden)) {
			t.Errorf("text %q", s)
		}
	}
}

func httpProxy(i *probetest.Internet) *url.URL { return i.ProxyURL() }

func socksProxy(i *probetest.Internet) *url.URL { return i.SOCKSURL() }
