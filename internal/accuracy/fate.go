package accuracy

import (
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A Fate is what becomes of a check.
type Fate struct {
	Status readiness.Status

	// By is the index of the fault that it meets first, or -1, and Step is where.
	By   int
	Step Step

	// Shaky is the index of the fault because of which it succeeds by luck, or -1:
	// an address of its host that devices try too is dead.
	Shaky int

	// Loose says that the status may as well be another: it does not matter.
	Loose bool
}

// A way is one attempt of a check: what it asks for, and what travels for it.
type way struct {
	host     string
	on       traffic
	proxied  bool
	inside   bool // it does not leave the network
	unrouted bool // over IPv6, where that leads nowhere
	early    bool // asked before it is known whether any resolver works
}

// Windows' name for the web probe over IPv6, and where the certificates of
// [probetest.Internet] point to.
const (
	ncsiDNSHost = "dns.msftncsi.com"
	ncsiHostV6  = "ipv6.msftconnecttest.com"
	crlHost     = "crl.probetest.example"
	ocspHost    = "ocsp.probetest.example"
	aiaHost     = "aia.probetest.example"
)

const (
	maxCorrection = 15 * time.Hour // what the Windows Time service corrects
	enoughDates   = 3              // web servers whose dates make a clock
	day           = 24 * time.Hour
)

// When the certificates of [probetest.Internet] are valid, and what it says of
// their revocation.
func certificateWindow() window { return window{-30 * day, 60 * day} }
func revocationWindow() window  { return window{-day, 6 * day} }

// ways returns the attempts of a check, any of which is enough.
func (n *Network) ways(t probe.Target) []way {
	proxied := n.proxied && !t.Direct
	switch t.Protocol {
	case probe.ProtocolDNS:
		return []way{{host: t.Host, on: onDNS, early: true}}
	case probe.ProtocolNXDomain:
		return []way{{host: t.Host, on: onAbsent, early: true}}
	case probe.ProtocolNTP:
		return []way{{host: t.Host, on: onNTP}}
	case probe.ProtocolTCP:
		return []way{{host: t.Host, on: onTCP}}
	case probe.ProtocolHTTP:
		return []way{{host: t.Host, on: onHTTP, proxied: proxied}}
	case probe.ProtocolHTTPS:
		return []way{{host: t.Host, on: onHTTPS, proxied: proxied}}
	case probe.ProtocolWPAD:
		return []way{n.discovery(t)}
	case probe.ProtocolNCSI:
		switch {
		case t.Port == 53:
			return []way{{host: t.Host, on: onDNS}}
		case proxied:
			return []way{{host: t.Host, on: onHTTP, proxied: true}}
		}
		no6 := !n.ipv6 || n.index(func(f Fault) bool { return f.no6 }) >= 0
		return []way{{host: t.Host, on: onHTTP}, {host: ncsiHostV6, on: onHTTP, unrouted: no6}}
	}
	return nil
}

// discovery returns the way of looking for a proxy. It ends with the name,
// unless that exists or somebody makes it up.
func (n *Network) discovery(t probe.Target) way {
	w := way{host: "wpad." + t.Host, on: onWPAD, inside: n.announced}
	if n.announced || n.index(func(f Fault) bool { return f.Cause == readiness.CauseDNSRewriting }) >= 0 {
		w.on |= onHTTP
	}
	return w
}

// fates returns what becomes of each check of the plan.
func (n *Network) fates() []Fate {
	out := make([]Fate, len(n.Plan.Checks))
	dates := n.dates()
	for i, c := range n.Plan.Checks {
		out[i] = n.fate(c.Target, dates)
	}
	n.loosen(out)
	return out
}

// loosen leaves open what is said of hosts in whose place a captive portal
// answers, where Windows' own test does not meet it: whether the portal is told
// from the hosts then is what is scored, and not how it is modelled.
func (n *Network) loosen(fates []Fate) {
	met := false
	for i, c := range n.Plan.Checks {
		met = met || c.Target.Protocol == probe.ProtocolNCSI && fates[i].portal(n)
	}
	for i := range fates {
		fates[i].Loose = fates[i].Loose || fates[i].portal(n) && !met
	}
}

// portal reports whether a captive portal answered.
func (f Fate) portal(n *Network) bool {
	return f.By >= 0 && f.Step == StepPage && n.Faults[f.By].Cause == readiness.CauseCaptivePortal
}

// dates reports whether enough genuine web servers say what time it is.
func (n *Network) dates() bool {
	count := 0
	for _, c := range n.Plan.Checks {
		if c.Target.Protocol != probe.ProtocolHTTPS {
			continue
		}
		switch f := n.fate(c.Target, false); {
		case f.Status == readiness.OK, f.Step == StepSubject, f.Step == StepDates, f.Step == StepRevoked:
			count++
		}
	}
	return count >= enoughDates
}

// fate returns what becomes of a check. dates says that the time is known apart
// from what time servers say.
func (n *Network) fate(t probe.Target, dates bool) Fate {
	failed := Fate{By: -1, Shaky: -1}
	for k, w := range n.ways(t) {
		f := n.walk(w, dates)
		if f.Status == readiness.OK {
			return f
		}
		if k == 0 || n.unmasked(f, failed) {
			failed = f
		}
	}
	return failed
}

// unmasked reports whether a further way says more than the first: that someone
// else answered says more than silence does.
func (n *Network) unmasked(f, first Fate) bool { return f.portal(n) && !first.portal(n) }

// walk follows a way until something is met.
func (n *Network) walk(w way, dates bool) Fate {
	f := Fate{By: -1, Step: stepNone, Shaky: -1}
	for i, fault := range n.Faults {
		if !fault.reaches(w) {
			continue
		}
		for _, s := range fault.strikes {
			if s.on&w.on != 0 && s.step.on(w) && s.step < f.Step && (s.step != StepRevoked || n.tellsRevoked()) {
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
		if d := n.document(aiaHost); d.Status != readiness.OK {
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
		f.Loose = true // a page with a status of success is no file, and no failure
	}
	switch {
	case f.Step == stepNone:
		f.Status = readiness.OK
	case f.Step <= StepResolver && !w.proxied && !w.early:
		f.Status = readiness.NotRun // skipped, because it would have to be resolved here
	default:
		f.Status = readiness.Failed
	}
	return f
}

// absent corrects what becomes of asking for a name that does not exist. Some
// resolvers that are of no use give the right answer to that.
func (n *Network) absent(f Fate) Fate {
	useless := n.index(func(f Fault) bool { return f.begins() == StepResolver })
	if useless >= 0 && f.Step > StepResolver {
		f.By, f.Step, f.Loose = useless, StepResolver, true
	}
	return f
}

// on reports whether a step is on a way: through a proxy, names are the proxy's.
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

// expiry returns what makes the certificate on a way invalid, if anything does:
// a certificate that is invalid at the true time is so by itself, and else it is
// the local clock.
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

// offset returns what makes a time server's time unusable, if anything does: it
// is too far from the local clock, or it contradicts everyone else.
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

// index returns the first fault for which is holds, or -1.
func (n *Network) index(is func(Fault) bool) int {
	for i, f := range n.Faults {
		if is(f) {
			return i
		}
	}
	return -1
}
