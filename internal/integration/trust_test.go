//go:build linux

package integration_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/netready/netready/probe"
)

// TestTLS has servers with old protocols and wrong certificates.
func TestTLS(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const (
		host   = "login.live.com"
		exempt = "manage.microsoft.com" // from TLS inspection, according to the documents
		minor  = "client.wns.windows.com"
	)
	both := r.bothRoots(t)
	replace := func(host string, a *authority, how leaf) func(*testing.T) {
		return func(t *testing.T) {
			t.Helper()
			r.replace(t, host, a, how)
		}
	}
	r.faults(t, []fault{{
		name:  "TLS 1.1 at the most",
		apply: r.siting(site{protocols: "TLSv1.1"}),
		want:  blocked("tls.version"),
		code:  probe.TLSVersion,
		more:  blamesPort("tls.version", probe.HTTPS),
	}, {
		name:  "TLS 1.3 alone",
		apply: r.siting(site{protocols: "TLSv1.3"}),
		want:  blocked("tls.version"),
		code:  probe.TLSVersion,
		more:  blamesPort("tls.version", probe.HTTPS),
	}, {
		name:  "an unknown CA",
		apply: r.siting(site{corporate: true}),
		want:  blocked("tls.inspection"),
		code:  probe.TLSUntrusted,
		more:  blamesPort("tls.inspection", probe.HTTPS),
	}, {
		name:  "a CA that this machine knows",
		apply: r.siting(site{corporate: true}),
		args:  []string{"-roots", both},
		want:  blocked("tls.inspection"),
		code:  probe.TLSInspected,
		more:  blamesPort("tls.inspection", probe.HTTPS),
	}, {
		name: "a CA that this machine knows but does not meet",
		args: []string{"-roots", both},
		want: outcome{Verdict: "ready"},
	}, {
		name:  "one host of a CA that this machine knows",
		apply: replace(host, r.pki.corporate, leaf{}),
		args:  []string{"-roots", both},
		want:  blocked("tls.inspection"),
		code:  probe.TLSInspected,
		more:  blames("tls.inspection", "https "+host+":443"),
	}, {
		name:  "one host that provisioning survives, of a CA that this machine knows",
		apply: replace(minor, r.pki.corporate, leaf{}),
		args:  []string{"-roots", both},
		want:  degraded("tls.inspection"),
		code:  probe.TLSInspected,
		more:  blames("tls.inspection", "https "+minor+":443"),
	}, {
		name:  "one exempt host of a CA that this machine knows",
		apply: replace(exempt, r.pki.corporate, leaf{}),
		args:  []string{"-roots", both},
		want:  blocked("tls.inspection"),
		code:  probe.TLSInspected,
		more:  blames("tls.inspection", "https "+exempt+":443"),
	}, {
		name:  "one host of an unknown CA",
		apply: replace(host, r.pki.corporate, leaf{}),
		want:  blocked("tls.untrusted"),
		code:  probe.TLSUntrusted,
		more:  blames("tls.untrusted", "https "+host+":443"),
	}, {
		name:  "one certificate that has expired",
		apply: replace(host, r.pki.genuine, leaf{shift: -100 * 24 * time.Hour}),
		want:  blocked("host.unreachable"),
		code:  probe.TLSExpired,
		more:  blames("host.unreachable", "https "+host+":443"),
	}, {
		name:  "one certificate for another name",
		apply: replace(host, r.pki.genuine, leaf{name: "www.example.com"}),
		want:  blocked("host.unreachable"),
		code:  probe.TLSNameMismatch,
		more:  blames("host.unreachable", "https "+host+":443"),
	}})
}

// bothRoots returns the roots of a machine that trusts its company's CA in
// addition to the public ones.
func (r *rig) bothRoots(t *testing.T) string {
	t.Helper()
	path := filepath.Join(r.dir, "machine.pem")
	writeFile(t, path, slices.Concat(readFile(t, r.pki.genuine.rootFile), readFile(t, r.pki.corporate.rootFile)))
	return path
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
