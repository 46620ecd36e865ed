//go:build linux

package integration_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// An oddTest is something that is wrong with a network, or nothing.
type oddTest struct {
	name  string
	apply func(*testing.T)
	args  []string
	want  outcome // without causes that are informational
}

// TestOdd runs whole plans over a network in which hosts do what is known of
// them instead of what the lists say. What is odd about it never makes it less
// than ready.
func TestOdd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ready := outcome{Verdict: "ready"}
	r.odd(t, r.oddities(t), []oddTest{
		{name: "autopilot", want: ready},
		{name: "autopilot, as experience reads it", args: []string{"-policy", "field"}, want: ready},
		{name: "device preparation", args: []string{"-scenario", "device-preparation"}, want: ready},
		{name: "device preparation in GCC High", args: inGCCHigh(), want: ready},
		{name: "device association", args: []string{"-scenario", "device-association"}, want: ready},
		{name: "autopatch", args: []string{"-scenario", "autopatch"}, want: ready},
		{
			name:  "a resolver with a policy for something else",
			apply: r.naming(names{bind: true, policy: []string{"blocked.example CNAME ."}}),
			want:  ready,
		},
	})
}

// TestOddAndBroken has something wrong besides what is odd, which excuses
// nothing else.
func TestOddAndBroken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := r.oddities(t)
	var attestation []string
	for _, host := range r.hosts {
		if strings.HasPrefix(host, "peapdamaa") {
			attestation = append(attestation, r.dropped(t, host)...)
		}
	}
	only4, _ := r.addresses(t, "ztd.dds.microsoft.com")
	r.odd(t, o, []oddTest{
		{
			name:  "a firewall that forgot a required host",
			apply: r.firewalling(slices.Concat(o.rules, r.dropped(t, "ztd.dds.microsoft.com"))...),
			want:  blocked("host.unreachable"),
		},
		{
			name:  "a firewall that forgot the IPv4 address of a host without another one",
			apply: r.firewalling(append(slices.Clone(o.rules), fmt.Sprintf("ip daddr %s drop", only4))...),
			want:  blocked("host.unreachable"),
		},
		{
			name:  "a firewall that forgot a core host of GCC High",
			apply: r.firewalling(slices.Concat(o.rules, r.dropped(t, "login.microsoftonline.us"))...),
			args:  inGCCHigh(),
			want:  blocked("host.unreachable"),
		},
		{
			name:  "a firewall that forgot a new host of Windows Autopatch",
			apply: r.firewalling(slices.Concat(o.rules, r.dropped(t, "device.autopatch.microsoft.com"))...),
			args:  []string{"-scenario", "autopatch"},
			want:  blocked("host.unreachable"),
		},
		{
			name:  "a firewall that forgot the attestation hosts of device association",
			apply: r.firewalling(slices.Concat(o.rules, attestation)...),
			args:  []string{"-scenario", "device-association"},
			want:  blocked("host.unreachable"),
		},
		{
			name:  "a firewall that resets a host once the client speaks",
			apply: r.firewalling(slices.Concat(o.rules, r.refused(t, "login.live.com", "tcp dport 443 tcp flags & psh == psh"))...),
			want:  blocked("host.unreachable"),
		},
		{
			name:  "a firewall that resets a host after the certificate",
			apply: r.firewalling(slices.Concat(o.rules, r.refused(t, "login.live.com", keyExchange))...),
			want:  blocked("host.unreachable"),
		},
		{
			name:  "a firewall that resets every connection after the certificate",
			apply: r.firewalling(append(slices.Clone(o.rules), keyExchange+" reject with tcp reset")...),
			want:  blocked("http.no_answer"),
		},
		{
			name: "a stale address of a required host, where another server is",
			apply: func(t *testing.T) {
				t.Helper()
				r.replace(t, "login.live.com", r.pki.genuine, leaf{name: "a248.e.akamai.net"})
			},
			want: blocked("host.unreachable"),
		},
		{
			name:  "one server that answers for all on port 80",
			apply: r.siting(site{portal: alike}),
			want:  blocked("http.one_responder", "revocation.unreachable"),
		},
		{
			name:  "a resolver that is the authority for a domain of Windows Update",
			apply: r.naming(names{zones: []string{`local-zone: "windowsupdate.com." static`}}),
			want:  blocked("dns.filtered"), // trust lists come from there
		},
		{
			name:  "a resolver that denies a required name",
			apply: r.naming(names{zones: []string{`local-zone: "login.live.com." always_nxdomain`}}),
			want:  blocked("dns.filtered"),
		},
		{
			name:  "a resolver with a policy for a required name",
			apply: r.naming(names{bind: true, policy: []string{"login.live.com CNAME ."}}),
			want:  blocked("dns.filtered"),
		},
	})
}

func inGCCHigh() []string {
	return []string{"-scenario", "device-preparation", "-cloud", "gcc-high"}
}

// keyExchange matches what a client sends once it has the server's certificate:
// in TLS 1.2, which the command speaks, a handshake record with that message.
const keyExchange = "tcp dport 443 @ih,0,8 0x16 @ih,40,8 0x10"

// alike has the same answer for every host, except for Windows' own probe.
const alike = `location = /connecttest.txt { default_type text/plain; return 200 "Microsoft Connect Test"; }
    location / { default_type text/plain; return 404 "Nothing is here."; }`

// odd runs tests in a network that is odd.
func (r *rig) odd(t *testing.T, o oddities, tests []oddTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r.reset(t)
			for host, name := range o.foreign {
				r.replace(t, host, r.pki.genuine, leaf{name: name})
			}
			if tt.apply != nil {
				tt.apply(t)
			}
			if !r.firewalled {
				r.firewall(t, o.rules...)
			}
			if reflect.DeepEqual(r.site, site{}) {
				r.serveSite(t, site{odd: true})
			}
			doc := r.check(t, append(tt.args, "-timeout", "3s")...) // for the ports that never answer
			got := outcome{Verdict: doc.Verdict, Exit: doc.exit}
			var odd []string
			for _, c := range doc.Causes {
				if c.Impact == "informational" {
					odd = append(odd, c.Code)
				} else {
					got.Causes = append(got.Causes, c.Code)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("outcome (-want +got):\n%s%s%s", diff, doc.describe(), doc.stderr)
			}
			if tt.want.Verdict == "ready" {
				doc.answeredAsKnown(t)
			}
			slices.Sort(odd)
			if diff := cmp.Diff([]string{"host.contradicted", "name.gone"}, odd); diff != "" {
				t.Errorf("what is odd about the network (-want +got):\n%s", diff)
			}
		})
	}
}

// answeredAsKnown checks that hosts whose status on port 80 is known gave it.
func (d document) answeredAsKnown(t *testing.T) {
	t.Helper()
	seen := make(map[int]bool)
	for _, o := range d.Observations {
		f := endpoints.Embedded().Fact(o.Target.Host, 80)
		if o.Target.Protocol != probe.HTTP || o.Target.Path != "" || o.Target.Range || f.Known != endpoints.Confirmed || len(f.Statuses) == 0 {
			continue
		}
		seen[o.HTTP.Status] = true
		if o.HTTP.Status != f.Statuses[0] {
			t.Errorf("%s: status %d, want %d", o.Target, o.HTTP.Status, f.Statuses[0])
		}
	}
	if len(seen) < 2 {
		t.Errorf("all hosts answered alike: %v", seen)
	}
}

// What is odd about a network.
type oddities struct {
	rules   []string          // of a firewall, for ports that never answer
	foreign map[string]string // hosts to the name in their certificate
}

// oddities lets the rig's hosts do what the catalog knows of them, and takes
// the names away that no longer exist.
func (r *rig) oddities(t *testing.T) oddities {
	t.Helper()
	c := endpoints.Embedded()
	out := oddities{foreign: make(map[string]string)}
	var gone []string
	for _, host := range r.hosts {
		if f := c.Fact(host, 0); f.Known == endpoints.Contradicted && f.How == "no_such_name" {
			gone = append(gone, host)
			continue
		}
		for _, port := range []uint16{80, 443} {
			f := c.Fact(host, port)
			switch {
			case f.Known != endpoints.Contradicted:
			case f.How == "silent":
				v4, v6 := r.addresses(t, host)
				out.rules = append(out.rules, fmt.Sprintf("ip daddr %s tcp dport %d drop", v4, port), fmt.Sprintf("ip6 daddr %s tcp dport %d drop", v6, port))
			case f.How == "foreign_certificate" && port == 443:
				out.foreign[host] = "a248.e.akamai.net"
				if len(f.Names) > 0 {
					out.foreign[host] = f.Names[0]
				}
			}
		}
	}
	if len(gone) == 0 || len(out.rules) == 0 || len(out.foreign) == 0 {
		t.Fatalf("gone %q, silent %q, with other certificates %q", gone, out.rules, out.foreign)
	}
	var only4 []string
	for _, host := range []string{"activation-v2.sls.microsoft.com", "login.live.com", "ztd.dds.microsoft.com"} { // seen so in captures
		_, v6 := r.addresses(t, host)
		only4 = append(only4, fmt.Sprintf(" AAAA %s\n", v6))
	}
	var zone []string
	for line := range strings.Lines(r.zone(t)) {
		owner, _, _ := strings.Cut(line, ". ")
		if !slices.Contains(gone, owner) && !slices.ContainsFunc(only4, func(end string) bool { return strings.HasSuffix(line, end) }) {
			zone = append(zone, line)
		}
	}
	writeFile(t, filepath.Join(r.dir, "zone"), []byte(strings.Join(zone, "")))
	r.serveNames(t, names{off: true}) // so that the next one reads the zone
	return out
}
