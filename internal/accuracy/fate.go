package accuracy

import (
	"slices"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A Fate is the expected result of a check.
type Fate struct {
	Outcome readiness.Outcome

	// By is the index of the first fault on the check's path, or -1, and Step
	// is where it is.
	By   int
	Step Step

	// Shaky is the index of the fault that kills another address of the check's
	// host, so that the check succeeds only by luck, or -1.
	Shaky int

	// Loose says that any status is right.
	Loose bool
}

// A way is one attempt of a check: its target and its traffic.
type way struct {
	host     string
	on       traffic
	proxied  bool
	inside   bool // stays within the network
	unrouted bool // over IPv6, which leads nowhere
	early    bool // before it is known whether any resolver works
}

// Windows' name for the web probe over IPv6, and the hosts of the documents
// that certificates of [probetest.Internet] point to.
const (
	ncsiDNSHost = "dns.msftncsi.com"
	ncsiHostV6  = "ipv6.msftconnecttest.com"
	crlHost     = "crl.probetest.example"
	ocspHost    = "ocsp.probetest.example"
	aiaHost     = "aia.probetest.example"
)

const (
	maxCorrection = 15 * time.Hour // the largest correction by the Windows Time service
	enoughDates   = 3              // web servers needed to tell the time
	day           = 24 * time.Hour
)

// When the certificates of [probetest.Internet] and their revocation documents
// are valid.
func certificateWindow() window { return window{-30 * day, 60 * day} }
func revocationWindow() window  { return window{-day, 6 * day} }

// muted returns the HTTPS checks that complete the handshake but get no
// response, except on ports where that is normal.
func (n *Network) muted(fates []Fate) []int {
	var out []int
	for i, f := range fates {
		if n.Plan.Checks[i].Target.Protocol == probe.HTTPS && f.Outcome == readiness.Failed && f.Step == StepRequest && f.By >= 0 && n.Faults[f.By].effect == effectMute {
			out = append(out, i)
		}
	}
	return out
}

// reached corrects the result of a single host that is silent after the
// handshake: the network let it be reached, and nothing shows that it responds
// elsewhere.
func (n *Network) reached(fates []Fate) {
	muted := n.muted(fates)
	for _, i := range muted {
		c := n.Plan.Checks[i]
		decides := slices.ContainsFunc(c.Endpoints, func(e endpoints.Endpoint) bool { return e.Decisive })
		if len(n.hostsOf(muted)) > 1 || decides || n.known(c.Target) == endpoints.Confirmed {
			return
		}
	}
	for _, i := range muted {
		fates[i] = Fate{Outcome: readiness.OK, By: -1, Step: stepNone, Shaky: -1}
	}
}

// hostsOf returns the hosts of checks, each once.
func (n *Network) hostsOf(checks []int) []string {
	var out []string
	for _, i := range checks {
		if host := n.Plan.Checks[i].Target.Host; !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	return out
}

// ways returns a check's attempts. One that succeeds is enough.
func (n *Network) ways(t probe.Target) []way {
	proxied := n.proxied && !t.Direct
	switch t.Protocol {
	case probe.DNS:
		return []way{{host: t.Host, on: onDNS, early: true}}
	case probe.NXDomain:
		return []way{{host: t.Host, on: onAbsent, early: true}}
	case probe.NTP:
		return []way{{host: t.Host, on: onNTP}}
	case probe.TCP:
		return []way{{host: t.Host, on: onTCP}}
	case probe.HTTP:
		return []way{{host: t.Host, on: onHTTP, proxied: proxied}}
	case probe.HTTPS:
		return []way{{host: t.Host, on: onHTTPS, proxied: proxied}}
	case probe.WPAD:
		return []way{n.discovery(t)}
	case probe.NCSI:
		switch {
		case t.Port == 53:
			return []way{{host: t.Host, on: onDNS}}
		case proxied:
			return []way{{host: t.Host, on: onHTTP, proxied: true}}
		}
		no6 := !n.ipv6 || n.index(func(f Fault) bool { return f.no6 || f.noAAAA }) >= 0
		return []way{{host: t.Host, on: onHTTP}, {host: ncsiHostV6, on: onHTTP, unrouted: no6}}
	}
	return nil
}

// discovery returns the way of looking for a proxy. It ends with the name,
// unless that exists or is invented.
func (n *Network) discovery(t probe.Target) way {
	w := way{host: "wpad." + t.Host, on: onWPAD, inside: n.announced}
	if n.announced || n.index(func(f Fault) bool { return f.Cause == readiness.CauseDNSRewriting }) >= 0 {
		w.on |= onHTTP
	}
	return w
}

// fates returns the expected result of each check of the plan.
func (n *Network) fates() []Fate {
	out := make([]Fate, len(n.Plan.Checks))
	dates := n.dates()
	for i, c := range n.Plan.Checks {
		out[i] = n.fate(c.Target, dates)
	}
	n.loosen(out)
	n.reached(out)
	return out
}

// loosen accepts any result for hosts behind a captive portal that Windows' own
// test does not reach. Whether a report tells the portal from the hosts is
// scored, not modeled.
func (n *Network) loosen(fates []Fate) {
	met := false
	for i, c := range n.Plan.Checks {
		met = met || c.Target.Protocol == probe.NCSI && fates[i].portal(n)
	}
	for i := range fates {
		fates[i].Loose = fates[i].Loose || fates[i].portal(n) && !met
	}
}

// portal reports whether a captive portal answered.
func (f Fate) portal(n *Network) bool {
	return f.By >= 0 && f.Step == StepPage && n.Faults[f.By].Cause == readiness.CauseCaptivePortal
}

// dates reports whether enough genuine web servers tell the time.
func (n *Network) dates() bool {
	count := 0
	for _, c := range n.Plan.Checks {
		if c.Target.Protocol != probe.HTTPS {
			continue
		}
		switch f := n.fate(c.Target, false); {
		case f.Outcome == readiness.OK, f.Step == StepSubject, f.Step == StepDates, f.Step == StepRevoked:
			count++
		}
	}
	return count >= enoughDates
}

// fate returns the expected result of a check. dates says that sources other
// than time servers tell the time.
func (n *Network) fate(t probe.Target, dates bool) Fate {
	failed := Fate{By: -1, Shaky: -1}
	if t.Protocol == probe.SOA {
		// It stands for untestable names and proves none of them.
		return Fate{Outcome: readiness.OK, By: -1, Step: stepNone, Shaky: -1, Loose: true}
	}
	for k, w := range n.ways(t) {
		f := n.walk(w, dates)
		if f.Outcome == readiness.OK {
			return f
		}
		if k == 0 || n.unmasked(f, failed) {
			failed = f
		}
	}
	return failed
}

// unmasked reports whether another way says more than the first: a response
// from someone else says more than silence.
func (n *Network) unmasked(f, first Fate) bool { return f.portal(n) && !first.portal(n) }

// walk follows a way until it meets a fault.
func (n *Network) walk(w way, dates bool) Fate {
	f := Fate{By: -1, Step: stepNone, Shaky: -1}
	led := n.index(func(f Fault) bool { return f.led && f.covers(w.host) })
	w.inside = w.inside || led >= 0
	for i, fault := range n.Faults {
		if !fault.reaches(w) {
			continue
		}
		for _, s := range fault.strikes {
			// Whoever signs for the host to which a name leads, it is the wrong host.
			first := s.step < f.Step || s.step == f.Step && s.step == StepIssuer && i == led
			if s.on&w.on != 0 && s.step.on(w) && first && (s.step != StepRevoked || n.tellsRevoked()) {
				f.By, f.Step = i, s.step
			}
		}
		if fault.addresses != nil && (fault.first || n.allAddresses) && f.Shaky < 0 {
			f.Shaky = i
		}
	}
	if w.on == onAbsent {
		f = n.absent(f)
	}
	if w.unrouted && f.Step > StepConnect {
		f.By, f.Step = -1, StepConnect
	}
	if w.on == onHTTPS && f.Step > StepIssuer && matches(n.leafOnly, w.host) {
		if d := n.document(aiaHost); d.Outcome != readiness.OK {
			f.By, f.Step = d.By, StepIssuer
		}
	}
	if w.on == onHTTPS && f.Step > StepDates {
		f.By, f.Step = n.expiry(w, f)
	}
	if w.on == onNTP && f.Step > StepOffset {
		f.By, f.Step = n.offset(dates, f)
	}
	if w.on&onWPAD != 0 && f.Step == StepPage {
		f.Loose = true // a page with a success status is neither a file nor a failure
	}
	switch {
	case f.Step == stepNone:
		f.Outcome = readiness.OK
	case f.Step <= StepResolver && !w.proxied && !w.early:
		f.Outcome = readiness.NotRun // skipped, because it would have to be resolved here
	default:
		f.Outcome = readiness.Failed
	}
	return f
}

// absent corrects the result of asking for a nonexistent name. Some broken
// resolvers answer that correctly.
func (n *Network) absent(f Fate) Fate {
	useless := n.index(func(f Fault) bool { return f.begins() == StepResolver })
	if useless >= 0 && f.Step > StepResolver {
		f.By, f.Step, f.Loose = useless, StepResolver, true
	}
	return f
}

// on reports whether a step is on a way: through a proxy, the proxy resolves
// names.
func (s Step) on(w way) bool {
	switch s {
	case StepName:
		return !w.proxied
	case StepProxy, StepPolicy:
		return w.proxied
	default:
		return true
	}
}

// expiry returns the fault that makes the certificate on a way invalid, if any.
// A certificate that is invalid at the true time is at fault itself, and
// otherwise the local clock is.
func (n *Network) expiry(w way, f Fate) (by int, step Step) {
	shown, owner := certificateWindow(), -1
	for i, fault := range n.Faults {
		if fault.window != nil && fault.covers(w.host) {
			shown, owner = *fault.window, i
			break
		}
	}
	switch {
	case shown.holds(-n.skew()):
		return f.By, f.Step
	case owner >= 0 && !shown.holds(0):
		return owner, StepDates
	default:
		return n.index(func(f Fault) bool { return f.skew != 0 }), StepDates
	}
}

// offset returns the fault that makes a time server's time unusable, if any: it
// is too far from the local clock, or contradicts all others.
func (n *Network) offset(dates bool, f Fate) (by int, step Step) {
	lying := n.index(func(f Fault) bool { return f.ahead != 0 })
	total := n.skew()
	if lying >= 0 {
		total += n.Faults[lying].ahead
	}
	switch {
	case lying >= 0 && (dates || total.Abs() > maxCorrection):
		return lying, StepOffset
	case total.Abs() > maxCorrection:
		return n.index(func(f Fault) bool { return f.skew != 0 }), StepOffset
	}
	return f.By, f.Step
}

// index returns the first fault for which is returns true, or -1.
func (n *Network) index(is func(Fault) bool) int {
	for i, f := range n.Faults {
		if is(f) {
			return i
		}
	}
	return -1
}
