package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// TestFlagsReachTheNetwork: the measuring flags take effect, on a network that
// only works with them.
func TestFlagsReachTheNetwork(t *testing.T) {
	var (
		resolver = netip.MustParseAddrPort("203.0.113.53:5353")
		dead     = netip.MustParseAddrPort("192.0.2.53:53")
		closed   = func(port uint16) probetest.Fault {
			return probetest.At{Port: port, Direct: true, Fault: probetest.Refuse}
		}
		secret = base64.StdEncoding.EncodeToString([]byte("user:secret"))
	)
	tests := []struct {
		name     string
		internet *probetest.Internet
		args     []string
		without  string // the verdict without the flags
		with     string // the verdict with the flags, if not ready
		notes    []string
	}{
		{
			name:     "a resolver",
			internet: &probetest.Internet{Resolvers: []netip.AddrPort{resolver}},
			args:     []string{"-resolver", resolver.String()},
			without:  "blocked",
			notes:    []string{"DNS servers as given: 203.0.113.53:5353."},
		},
		{
			name:     "a proxy",
			internet: &probetest.Internet{Faults: []probetest.Fault{closed(443), closed(80)}},
			args:     []string{"-proxy", "http://proxy.example:3128"},
			without:  "blocked",
			with:     "degraded", // push notifications do not use the proxy
			notes:    []string{"Web traffic through the proxy http://proxy.example:3128."},
		},
		{
			name:     "a proxy with credentials",
			internet: &probetest.Internet{Faults: []probetest.Fault{closed(443), closed(80), probetest.ProxyAuth{Basic: secret}}},
			args:     []string{"-proxy", "http://user:secret@proxy.example:3128/"},
			without:  "blocked",
			with:     "degraded", // push notifications do not use the proxy
			notes: []string{
				"Web traffic through the proxy http://proxy.example:3128.",
				"The proxy got credentials. Devices have none during setup: also check without them.",
			},
		},
		{
			name: "more time",
			internet: &probetest.Internet{Faults: []probetest.Fault{
				probetest.At{Port: 443, Fault: probetest.Delay{By: 6 * time.Second}},
			}},
			args:    []string{"-timeout", "40s", "-deadline", "3m"},
			without: "blocked",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := isolated(t)
				tt.internet.Hosts = smallPlan(t).Hosts()
				env.network = tt.internet.Network()
				env.network.Resolvers = []netip.AddrPort{dead}
				args := []string{"-catalog", small, "-format", "json"}
				without := call(t.Context(), env, args...)
				if got := verdict(t, without.Stdout); got != tt.without {
					t.Errorf("without the flags %s, want %s", got, tt.without)
				}
				with := call(t.Context(), env, append(args, tt.args...)...)
				want := tt.with
				if want == "" {
					want = "ready"
				}
				if got := verdict(t, with.Stdout); got != want || with.Status != 0 {
					t.Errorf("with the flags %s and exit status %d, want %s and 0", got, with.Status, want)
				}
				var doc struct{ Notes []string }
				unmarshal(t, with.Stdout, &doc)
				if diff := cmp.Diff(append(tt.notes, smallPlan(t).Notes...), doc.Notes); diff != "" {
					t.Errorf("notes (-want +got):\n%s", diff)
				}
				if strings.Contains(with.Stdout+with.Stderr, "secret") || strings.Contains(with.Stdout+with.Stderr, secret) {
					t.Error("the password is in the output")
				}
			})
		})
	}
}

// TestAllAddresses: -all-addresses finds a dead address after a working one.
func TestAllAddresses(t *testing.T) {
	good, bad := netip.MustParseAddr("203.0.113.21"), netip.MustParseAddr("203.0.113.22")
	synctest.Test(t, func(t *testing.T) {
		env := isolated(t)
		internet := &probetest.Internet{
			Hosts:     smallPlan(t).Hosts(),
			Addresses: map[string][]netip.Addr{"login.live.com": {good, bad}},
			Faults:    []probetest.Fault{probetest.At{Addrs: netip.PrefixFrom(bad, 32), Fault: probetest.Drop}},
		}
		env.network = internet.Network()
		for flag, want := range map[string]bool{"-all-addresses=false": false, "-all-addresses": true} {
			got := call(t.Context(), env, "-catalog", small, "-format", "json", flag)
			if strings.Contains(got.Stdout, `"address.partial"`) != want {
				t.Errorf("%s: address.partial found is not %v", flag, want)
			}
		}
	})
}

// TestConcurrency: -concurrency 1 lets one check be answered at a time, until it
// waits for long.
func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := isolated(t)
		internet := &probetest.Internet{Hosts: smallPlan(t).Hosts(), Latency: 50 * time.Millisecond}
		env.network = internet.Network()
		inTurn := 100 * time.Millisecond * time.Duration(len(smallPlan(t).Checks))
		for n, bounds := range map[string][2]time.Duration{"1": {inTurn, time.Minute}, "128": {0, time.Second}} {
			began := time.Now()
			call(t.Context(), env, "-catalog", small, "-concurrency", n)
			if took := time.Since(began); took < bounds[0] || took > bounds[1] {
				t.Errorf("-concurrency %s took %s, want %s to %s", n, took, bounds[0], bounds[1])
			}
		}
	})
}

// TestCredentials: no error or report contains a proxy's password.
func TestCredentials(t *testing.T) {
	for name, fault := range map[string]probetest.Fault{
		"down":    probetest.At{Port: 3128, Fault: probetest.Refuse},
		"silent":  probetest.At{Port: 3128, Fault: probetest.Silence},
		"unknown": probetest.At{Host: "proxy.example", Fault: probetest.NXDomain},
		"denying": probetest.ProxyDeny{},
		"asking":  probetest.ProxyAuth{},
		"garbled": probetest.At{Port: 3128, Fault: probetest.Garbage{}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := isolated(t)
				internet := &probetest.Internet{Hosts: smallPlan(t).Hosts(), Faults: []probetest.Fault{fault}}
				env.network = internet.Network()
				for _, format := range []string{"text", "json"} {
					got := call(t.Context(), env, "-catalog", small, "-format", format, "-proxy", "http://user:secret@proxy.example:3128")
					if got.Status != 1 {
						t.Errorf("exit status %d, want 1", got.Status)
					}
					for _, word := range []string{"secret", "user:", base64.StdEncoding.EncodeToString([]byte("user:secret"))} {
						if strings.Contains(got.Stdout+got.Stderr, word) {
							t.Errorf("%q is in the %s", word, format)
						}
					}
				}
			})
		})
	}
}

// TestRoots: the PEM files become the root sets.
func TestRoots(t *testing.T) {
	cert := authority(t)
	path := filepath.Join(t.TempDir(), "roots.pem")
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})
	text := "A line of text.\n" + string(key) + string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := parse([]string{"-roots", path, "-public-roots", path})
	if err != nil {
		t.Fatal(err)
	}
	n, err := command{o, isolated(t)}.connection()
	if err != nil {
		t.Fatal(err)
	}
	machine, err := x509.SystemCertPool()
	if err != nil {
		t.Fatal(err)
	}
	machine.AddCert(cert)
	if !n.network.Roots.Equal(machine) {
		t.Error("the machine's roots are not the system's and the one given")
	}
	public := x509.NewCertPool()
	public.AddCert(cert)
	if !n.network.PublicRoots.Equal(public) {
		t.Error("the public roots are not the one given")
	}
	want := []string{"Trusted in addition to the machine's own roots, as given: 1 certificate.", "Used as the public roots, as given: 1 certificate."}
	if diff := cmp.Diff(want, n.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestExitStatus(t *testing.T) {
	tests := []struct {
		verdict, failOn readiness.Verdict
		want            int
	}{
		{readiness.Ready, readiness.Blocked, 0},
		{readiness.Degraded, readiness.Blocked, 0},
		{readiness.Blocked, readiness.Blocked, 1},
		{readiness.Unproven, readiness.Blocked, 2},
		{readiness.Ready, readiness.Degraded, 0},
		{readiness.Degraded, readiness.Degraded, 1},
		{readiness.Blocked, readiness.Degraded, 1},
		{readiness.Unproven, readiness.Degraded, 2},
		{readiness.Verdict(99), readiness.Blocked, 2},
	}
	for _, tt := range tests {
		if got := exitStatus(tt.verdict, tt.failOn); got != tt.want {
			t.Errorf("%s with -fail-on %s: exit status %d, want %d", tt.verdict, tt.failOn, got, tt.want)
		}
	}
}

// TestPolicy: the report uses the requested policy.
func TestPolicy(t *testing.T) {
	for policy, want := range map[string]string{"documented": "blocked", "field": "degraded"} {
		synctest.Test(t, func(t *testing.T) {
			got := call(t.Context(), isolated(t), "-catalog", small, "-format", "json", "-simulate", "ntp-blocked", "-policy", policy)
			if v := verdict(t, got.Stdout); v != want {
				t.Errorf("%s: verdict %s, want %s", policy, v, want)
			}
		})
	}
}

func smallPlan(t *testing.T) *readiness.Plan {
	t.Helper()
	f, err := os.Open(small)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	catalog, err := endpoints.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := readiness.Runner{Catalog: catalog, Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func verdict(t *testing.T, report string) string {
	t.Helper()
	var doc struct{ Verdict string }
	unmarshal(t, report, &doc)
	return doc.Verdict
}

func unmarshal(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v in %.200q", err, text)
	}
}

// authority returns a self-signed certificate.
func authority(t *testing.T) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example Root"},
		NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}
