//go:build linux

package integration_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// manyAddresses is a name whose addresses do not fit into a 512-byte datagram.
const manyAddresses = "www.office.com"

// A lab is what all of the test's networks share.
type lab struct {
	preflight string // the command
	pki       *pki
	hosts     []string // every name of every plan, sorted
	rigs      atomic.Int32
}

func newLab(t *testing.T, dir string) *lab {
	t.Helper()
	// The cache of go test notices files that the test reads, but not those of go build.
	if _, err := os.ReadDir("../../examples/preflight"); err != nil {
		t.Fatal(err)
	}
	l := &lab{preflight: filepath.Join(dir, "preflight")}
	run(t, "", "go", "build", "-o", l.preflight, "github.com/netready/netready/examples/preflight")
	for _, s := range endpoints.Scenarios() {
		l.hosts = append(l.hosts, newPlan(t, s).Hosts()...)
	}
	national := endpoints.Scope{Scenario: endpoints.ScenarioDevicePreparation, Cloud: endpoints.CloudGCCHigh}
	l.hosts = append(l.hosts, planOf(t, national).Hosts()...)
	slices.Sort(l.hosts)
	l.hosts = slices.Compact(l.hosts)
	l.pki = newPKI(t, dir, l.hosts)
	sweep(t)
	return l
}

func newPlan(t *testing.T, s endpoints.Scenario) *readiness.Plan {
	t.Helper()
	return planOf(t, endpoints.Scope{Scenario: s})
}

func planOf(t *testing.T, s endpoints.Scope) *readiness.Plan {
	t.Helper()
	p, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// addresses returns a host's addresses: one of each family, shared with no
// other host.
func (l *lab) addresses(t *testing.T, host string) (v4, v6 netip.Addr) {
	t.Helper()
	i, ok := slices.BinarySearch(l.hosts, host)
	if !ok {
		t.Fatalf("no plan has the host %q", host)
	}
	const row = 250
	v4 = netip.AddrFrom4([4]byte{10, 99, byte(i / row), byte(i%row + 1)})
	v6 = netip.MustParseAddr(fmt.Sprintf("fd99::%x", i+1))
	return v4, v6
}

// zone returns a zone file of the root with every name of the plans. Every
// second name has a CNAME, as most real ones do.
func (l *lab) zone(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`$TTL 300
. SOA ns.example. hostmaster.example. 1 3600 600 86400 60
. NS ns.example.
ns.example. A ` + resolverAddr + "\n")
	for _, host := range []string{crlHost, ocspHost} {
		fmt.Fprintf(&b, "%s. A %s\n%[1]s. AAAA %[3]s\n", host, authorityV4, authorityV6)
	}
	b.WriteString(gardenHost + ". A " + gardenAddr + "\n" + wpadHost + ". A " + wpadAddr + "\n")
	for i, addr := range controllers() {
		fmt.Fprintf(&b, "%s. SRV 0 100 389 dc%d.%s.\ndc%[2]d.%[3]s. A %s\n", controllerRecords, i, companyDomain, addr)
	}
	for i, host := range l.hosts {
		v4, v6 := l.addresses(t, host)
		owner := host
		if i%2 == 1 {
			owner = strings.ReplaceAll(host, ".", "-") + ".edge.example"
		}
		switch host {
		case "dns.msftncsi.com":
			fmt.Fprintf(&b, "%s. A 131.107.255.255\n%[1]s. AAAA fd3e:4f5a:5b81::1\n", host)
			continue
		case "ipv6.msftconnecttest.com":
			fmt.Fprintf(&b, "%s. AAAA %s\n", host, v6)
			continue
		}
		if host == manyAddresses {
			for n := range 29 {
				fmt.Fprintf(&b, "%s. A 10.99.200.%d\n", owner, n+1)
			}
		}
		if owner != host {
			fmt.Fprintf(&b, "%s. CNAME %s.\n", host, owner)
		}
		fmt.Fprintf(&b, "%s. A %s\n", owner, v4)
		if host != "www.msftconnecttest.com" {
			fmt.Fprintf(&b, "%s. AAAA %s\n", owner, v6)
		}
	}
	return b.String()
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
