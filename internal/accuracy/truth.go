package accuracy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A Key identifies a cause: its code and, if a report can have several causes
// with this code, the host or issuer.
type Key struct {
	Code  readiness.CauseCode
	About string
}

// String returns the key as in "host.unreachable login.live.com".
func (k Key) String() string {
	if k.About == "" {
		return string(k.Code)
	}
	return string(k.Code) + " " + k.About
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.About, b.About))
}

// A Truth says what is true of a network.
type Truth struct {
	Verdict readiness.Verdict

	// Causes are the true causes, sorted. Unclear are those that no observer
	// could tell apart from another cause; Causes lacks them.
	Causes, Unclear []Key

	// Fates are the expected results of the checks. Owners are the causes of
	// those that are not OK, with the zero Key for the others.
	Fates  []Fate
	Owners []Key
}

// Truth computes what is true of the network.
func (n *Network) Truth() Truth {
	v := view{n, n.fates()}
	t := Truth{Fates: v.fates, Owners: make([]Key, len(n.Plan.Checks)), Unclear: v.unclear()}
	required, muted := n.required(), n.muted(v.fates)
	causes := v.shown()
	for i, c := range n.Plan.Checks {
		if by := v.taken(i); by >= 0 && len(c.Endpoints) > 0 {
			t.Owners[i] = v.key(by, c.Target.Host, v.traffic(i), required)
			if t.Owners[i].Code == readiness.CauseHostUnreachable && slices.Contains(muted, i) && len(v.hostsOf(muted)) > 1 {
				t.Owners[i] = Key{Code: readiness.CauseHTTPNoAnswer}
			}
			causes = append(causes, t.Owners[i])
		}
	}
	slices.SortFunc(causes, compareKeys)
	t.Causes = slices.DeleteFunc(slices.Compact(causes), func(k Key) bool { return slices.Contains(t.Unclear, k) })
	t.Verdict = v.verdict()
	return t
}

// key returns the cause of a fault that affects a host. required holds the
// names that documents require.
func (v view) key(by int, host string, on traffic, required map[string]bool) Key {
	f := v.Faults[by]
	k := Key{Code: f.Cause}
	switch {
	case f.Cause == readiness.CauseDNSFiltered && f.effect == effectGone && !f.contested && !f.withholds(host, required):
		k.Code = readiness.CauseHostUnreachable
	case f.led && f.begins() == StepConnect && !v.evident(by):
		k.Code = readiness.CauseHostUnreachable // the names of one owner prove nothing against DNS
	case f.Cause == readiness.CauseCaptivePortal && v.portal() < 0:
		k.Code = closing(on) // an unseen portal acts like a firewall
	case f.Cause == readiness.CauseTLSUntrusted && v.signs(f.issuer):
		k.Code = readiness.CauseTLSInspection // it makes a certificate for any requested name
	case f.Cause == readiness.CauseProxyRequired && !v.discovered():
		k.Code = closing(on)
	}
	if v.discovered() && (k.Code == readiness.CauseHTTPSBlocked || k.Code == readiness.CauseHTTPBlocked && v.shut(onHTTPS)) {
		k.Code = readiness.CauseProxyRequired
	}
	if v.Plan.Proxied && closing(on) == k.Code && k.Code == readiness.CauseHTTPSBlocked && v.compared() {
		k.Code = readiness.CauseProxyRequired // for traffic that cannot use the proxy
	}
	switch k.Code {
	case readiness.CauseDNSFiltered:
		if begins := v.Faults[by].begins(); begins == StepIssuer || begins == StepConnect {
			k.About = elsewhere
		}
	case readiness.CauseHostUnreachable:
		k.About = host
	case readiness.CauseTLSInspection, readiness.CauseTLSUntrusted:
		k.About = f.issuer
	}
	return k
}

// signs reports whether an issuer was seen to sign for several unrelated
// owners.
func (v view) signs(issuer string) bool {
	const unrelated = 3
	return len(v.zones(v.checks(func(i int, t probe.Target) bool {
		by := v.taken(i)
		return by >= 0 && len(v.Plan.Checks[i].Endpoints) > 0 && v.fates[i].Step == StepIssuer && v.Faults[by].issuer == issuer
	}))) >= unrelated
}

// closing returns the cause of a port that is closed to every host.
func closing(on traffic) readiness.CauseCode {
	switch {
	case on&onHTTPS != 0:
		return readiness.CauseHTTPSBlocked
	case on&onHTTP != 0:
		return readiness.CauseHTTPBlocked
	default:
		return readiness.CauseNTPBlocked
	}
}

// withholds reports whether a fault that denies a host's name counts as
// withholding it. It does if documents require the name, a denied name above
// it, or another name in a domain that is denied as a whole. Otherwise a
// missing name proves nothing, because names are retired.
func (f Fault) withholds(host string, required map[string]bool) bool {
	for name := range required {
		switch {
		case !f.covers(name):
		case name == host, strings.HasSuffix(host, "."+name), f.whole(name) && f.whole(host):
			return true
		}
	}
	return false
}

// whole reports whether a fault affects a host's whole domain.
func (f Fault) whole(host string) bool {
	return matches(slices.DeleteFunc(slices.Clone(f.Hosts), func(p string) bool { return !strings.HasPrefix(p, "*.") }), host)
}

// required returns the names that documents require individually, and the names
// that are looked up to test the resolvers.
func (n *Network) required() map[string]bool {
	out := make(map[string]bool)
	for _, c := range n.Plan.Checks {
		for _, e := range c.Endpoints {
			exact := e.Host.Kind() == endpoints.Exact
			if exact && (e.Decisive || e.NeedFor(n.Plan.Scope.Scenario) == endpoints.Required) || e.Service == endpoints.ServiceDNS {
				out[c.Target.Host] = true
			}
		}
	}
	return out
}
