package readiness_test

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// scrambled returns observations of a plan in which anything goes wrong.
func scrambled(p *readiness.Plan, seed uint64) []probe.Observation {
	rng := rand.New(rand.NewPCG(seed, 1))
	codes := []probe.Code{
		probe.Timeout, probe.Canceled, probe.Skipped, probe.DNSTimeout, probe.DNSNXDomain, probe.DNSSinkhole, probe.DNSRewritten,
		probe.TCPTimeout, probe.TCPRefused, probe.TLSUntrusted, probe.TLSInspected, probe.TLSExpired, probe.TLSVersion,
		probe.HTTPBlockPage, probe.HTTPCaptivePortal, probe.HTTPStatus, probe.NTPTimeout, probe.NTPOffset,
		probe.ProxyUnreachable, probe.ProxyDenied, probe.ProxyAuthRequired, probe.ProxyBadResponse,
	}
	from := rng.IntN(len(codes))
	few := codes[from:min(len(codes), from+1+rng.IntN(3))]
	good := rng.Float64()
	resolver := netip.MustParseAddrPort("192.0.2.53:53")
	somewhere := []netip.Addr{netip.MustParseAddr("192.0.2.1")}
	obs := reached(p)
	for i := range obs {
		o := &obs[i]
		if rng.Float64() < good {
			if o.Target.Protocol == probe.HTTPS && rng.IntN(4) == 0 {
				o.Revocation = &probe.RevocationFacts{Code: probe.RevocationUnreachable, Sources: []probe.Document{
					{URL: "http://" + obs[rng.IntN(len(obs))].Target.Host + "/crl", Code: few[rng.IntN(len(few))]},
				}}
			}
			continue
		}
		code := few[rng.IntN(len(few))]
		o.Error = &probe.Error{Op: probe.OpConnect, Code: code}
		if rng.IntN(2) == 0 {
			o.DNS = &probe.DNSFacts{Name: o.Target.Host, Addresses: somewhere, Queries: []probe.DNSQuery{
				{Resolver: resolver, Type: "A", Code: code, Addresses: somewhere},
			}}
		}
		if rng.IntN(2) == 0 {
			o.TLS = &probe.TLSFacts{Chain: []probe.Certificate{{Subject: o.Target.Host, Issuer: []string{"CN=a", "CN=b"}[rng.IntN(2)]}}}
			if rng.IntN(2) == 0 {
				o.TLS.IssuerFailures = []probe.Document{{URL: "http://" + obs[rng.IntN(len(obs))].Target.Host + "/ca", Code: code}}
			}
		}
		if rng.IntN(4) == 0 {
			o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128", Op: probe.OpConnect, Code: code}
		}
	}
	return obs
}

// Whatever goes wrong, each failed check has one cause, and no diagnosis claims a
// check that has one.
func TestEachFailedCheckHasOneCause(t *testing.T) {
	n := through()
	n.SearchDomains = []string{"corp.contoso.com"}
	p := planOn(t, autopilot(), nil, n)
	for seed := range uint64(100) {
		obs := scrambled(p, seed)
		for _, r := range readiness.Rejected(p, obs, false) {
			t.Errorf("seed %d: %s", seed, r)
		}
		r := judge(t, p, obs, readiness.DocumentedPolicy())
		for _, f := range r.Findings {
			switch {
			case f.Outcome != readiness.Failed:
			case f.Cause == nil:
				t.Errorf("seed %d: %s for %s failed with %s and has no cause", seed, f.Check.ID(), f.Service, f.Code)
			case !slices.Contains(ids(f.Cause.Checks), f.Check.ID()):
				t.Errorf("seed %d: %s is not among the checks of its cause %s", seed, f.Check.ID(), f.Cause.Code)
			}
		}
		for _, c := range r.Causes {
			if lines := slices.Sorted(slices.Values(c.Evidence)); len(lines) > 12 || len(slices.Compact(lines)) < len(c.Evidence) {
				t.Errorf("seed %d: the evidence of %s has %d lines, or one twice: %q", seed, c.Code, len(lines), c.Evidence)
			}
			if strings.Contains(c.Remedy, "(-") {
				t.Errorf("seed %d: the remedy of %s names the flag of a command: %q", seed, c.Code, c.Remedy)
			}
			named := ids(c.Checks)
			inOrder := slices.DeleteFunc(ids(p.Checks), func(id string) bool { return !slices.Contains(named, id) })
			if !slices.Equal(named, inOrder) {
				t.Errorf("seed %d: the checks of %s are not in order, each once: %v", seed, c.Code, named)
			}
		}
	}
}

func TestClaimsOfWhatIsNotOpenAreRejected(t *testing.T) {
	p := plan(t, autopilot())
	obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("login.live.com"))
	if got := readiness.Rejected(p, obs, false); got != nil {
		t.Errorf("rejected %v", got)
	}
	// A check that passed has no cause, and one that failed has one already.
	if got := readiness.Rejected(p, obs, true); len(got) != len(p.Checks) {
		t.Errorf("rejected %d claims, want %d", len(got), len(p.Checks))
	}
	everything := func(probe.Target) bool { return true }
	for code, want := range map[probe.Code]int{probe.Canceled: len(p.Checks), probe.Skipped: 0} {
		if got := readiness.Rejected(p, fail(reached(p), probe.OpConnect, code, everything), true); len(got) != want {
			t.Errorf("%s: rejected %d claims, want %d", code, len(got), want)
		}
	}
}
