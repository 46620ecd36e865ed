//go:build linux

package integration_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The rig's addresses. The servers are behind the address that is also the
// client's resolver.
const (
	clientAddr   = "10.98.0.2"
	resolverAddr = "10.98.0.1"
	upstreamAddr = "10.99.255.53" // for a resolver behind a resolver
	closedAddr   = "10.99.255.1"  // nothing listens here on port 53
	goneAddr     = "10.98.0.77"   // on the link, but unused
)

// namespacePrefix begins the names of all namespaces of this test.
const namespacePrefix = "netready-"

// A rig is a network of two namespaces: the client's, and the servers'.
type rig struct {
	*lab
	dir              string
	client, internet string // namespaces

	resolver, upstream, web, clock, status, proxy *process

	// What reset must restore.
	names      names
	site       site
	ticking    ticking
	responding responding
	proxying   proxying
	firewalled bool
	limited    bool     // ICMP
	replaced   []string // hosts with another chain
	environ    []string // the command's environment
	squidLog   string
}

// newRig makes a network in which everything works.
func newRig(t *testing.T) *rig {
	t.Helper()
	l := sharedLab(t)
	base := fmt.Sprintf("%s%d-%d-", namespacePrefix, os.Getpid(), l.rigs.Add(1))
	r := &rig{lab: l, dir: t.TempDir(), client: base + "client", internet: base + "internet"}
	for _, ns := range []string{r.client, r.internet} {
		makeNamespace(t, ns)
	}
	r.connect(t)
	r.isolated(t)
	r.limitICMP(t, 0)

	// Not after a subtest, which may leave servers for the next one.
	t.Cleanup(func() {
		for _, p := range []*process{r.resolver, r.upstream, r.web, r.clock, r.status, r.proxy} {
			p.stop()
		}
	})
	r.certificates(t)
	writeFile(t, filepath.Join(r.dir, "zone"), []byte(l.zone(t)))
	r.serveNames(t, names{})
	r.serveStatus(t, responding{})
	r.serveSite(t, site{})
	r.serveTime(t, ticking{})
	return r
}

func makeNamespace(t *testing.T, name string) {
	t.Helper()
	run(t, "", "ip", "netns", "add", name)
	t.Cleanup(func() {
		if out, err := removeNamespace(name); err != nil {
			t.Errorf("deleting namespace %s: %v\n%s", name, err, out)
		}
	})
	run(t, "", "ip", "-n", name, "link", "set", "lo", "up")
}

// connect lays a cable between the namespaces. All pool addresses are local to
// the internet, so that servers listening on any address have them all.
func (r *rig) connect(t *testing.T) {
	t.Helper()
	run(t, "", "ip", "link", "add", "wan", "netns", r.client, "type", "veth", "peer", "name", "lan", "netns", r.internet)
	run(t, `addr add `+clientAddr+`/24 dev wan
addr add fd98::2/64 dev wan nodad
link set wan up
route add 10.99.0.0/16 via `+resolverAddr+`
route add fd99::/64 via fd98::1
`, "ip", "-n", r.client, "-batch", "-")
	run(t, `addr add `+resolverAddr+`/24 dev lan
addr add fd98::1/64 dev lan nodad
link set lan up
route add local 10.99.0.0/16 dev lo
route add local fd99::/64 dev lo
`, "ip", "-n", r.internet, "-batch", "-")
}

// isolated fails the test if the rig has a way out.
func (r *rig) isolated(t *testing.T) {
	t.Helper()
	link := regexp.MustCompile(`(?m)^\d+: `)
	for _, ns := range []string{r.client, r.internet} {
		for _, family := range []string{"-4", "-6"} {
			if out := run(t, "", "ip", "-n", ns, family, "route", "show", "default"); out != "" {
				t.Fatalf("%s has a default route: %s", ns, out)
			}
		}
		links := run(t, "", "ip", "-n", ns, "-o", "link", "show", "up")
		// Besides the links, ip may warn about a peer whose namespace has no name yet.
		if n := len(link.FindAllString(links, -1)); n != 2 {
			t.Fatalf("%s has other links than its loopback and the cable:\n%s", ns, links)
		}
	}
}

// limitICMP makes the internet's kernel wait at least this many milliseconds
// between two ICMP errors to one address, after a few at the beginning.
func (r *rig) limitICMP(t *testing.T, ms int) {
	t.Helper()
	run(t, strconv.Itoa(ms), inside(r.internet, "tee", "/proc/sys/net/ipv4/icmp_ratelimit", "/proc/sys/net/ipv6/icmp/ratelimit")...)
	// The limit for all addresses together. Before Linux 6.13 namespaces shared it.
	run(t, "", inside(r.internet, "sh", "-c", "cd /proc/sys/net/ipv4; [ ! -e icmp_msgs_per_sec ] || echo 100000 | tee icmp_msgs_per_sec icmp_msgs_burst")...)
	r.limited = ms != 0
}

// reset undoes every fault.
func (r *rig) reset(t *testing.T) {
	t.Helper()
	if r.firewalled {
		run(t, "", inside(r.internet, "nft", "flush", "ruleset")...)
		r.firewalled = false
	}
	for _, host := range r.replaced {
		r.discard(t, host)
		r.restore(t, host)
	}
	r.replaced = nil
	r.environ = nil
	if r.limited {
		r.limitICMP(t, 0)
	}
	r.serveNames(t, names{})
	r.serveStatus(t, responding{})
	r.serveSite(t, site{})
	r.serveTime(t, ticking{})
	r.serveProxy(t, proxying{})
}

// firewall adds nft rules to what the internet accepts. They apply there, so
// that the client learns about them only from its network.
func (r *rig) firewall(t *testing.T, rules ...string) {
	t.Helper()
	script := "table inet fault {\n chain in {\n  type filter hook input priority 0; policy accept;\n  " +
		strings.Join(rules, "\n  ") + "\n }\n}\n"
	run(t, script, inside(r.internet, "nft", "-f", "-")...)
	r.firewalled = true
}

// listening returns a function that reports whether something listens in the
// internet at each of the addresses, in the notation of ss.
func (r *rig) listening(t *testing.T, addrs ...string) func() bool {
	t.Helper()
	return func() bool {
		out := run(t, "", inside(r.internet, "ss", "-Hlntu")...)
		for _, addr := range addrs {
			if !strings.Contains(out, addr+" ") {
				return false
			}
		}
		return true
	}
}

// sweep removes what a crashed run left behind: namespaces of this test whose
// process has ended.
func sweep(t *testing.T) {
	t.Helper()
	ours := regexp.MustCompile(`^` + namespacePrefix + `(\d+)-\d+-(client|internet)$`)
	entries, err := os.ReadDir("/run/netns")
	if err != nil {
		return // no namespace was ever made here
	}
	for _, e := range entries {
		m := ours.FindStringSubmatch(e.Name())
		if m == nil || exists("/proc/"+m[1]) {
			continue
		}
		t.Logf("removing %s, left by an earlier run", e.Name())
		if out, err := removeNamespace(e.Name()); err != nil {
			t.Logf("%v: %s", err, out)
		}
	}
}

// pids returns the processes in a namespace.
func pids(list string) []int {
	var out []int
	for field := range strings.FieldsSeq(list) {
		if pid, err := strconv.Atoi(field); err == nil {
			out = append(out, pid)
		}
	}
	return out
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
