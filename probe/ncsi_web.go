package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// ncsiLaggard is how long to wait for the second family after the first proved
// internet access.
const ncsiLaggard = 2 * time.Second

// ncsiWeb runs the web probe.
func (n Network) ncsiWeb(ctx context.Context, o *Observation) *Error {
	t4, t6 := ncsiTargets(o.Target)
	for _, t := range []Target{t4, t6} {
		if err := checkHost(t.Host); err != nil {
			return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
		}
	}
	proxy, err := n.proxyFor(t4)
	if err != nil {
		return err
	}
	own := n.ownNCSI("ActiveWeb")
	others := own.begin(ctx, n, func(ctx context.Context, n Network) []NCSIAnswer { return own.web(ctx, n, t4.Direct) })
	o.NCSI = &NCSIFacts{Settings: own}
	err = n.ncsiUsual(ctx, t4, t6, proxy != nil, o)
	o.NCSI.Own = others(o.repeats(err))
	return err
}

// ncsiUsual runs the probe of a new device.
func (n Network) ncsiUsual(ctx context.Context, t4, t6 Target, proxied bool, o *Observation) *Error {
	if proxied {
		f := n.ncsiFamily(ctx, t4, ncsiContent, nil)
		f.into(o)
		o.NCSI.Proxied = f.answer
		return f.err
	}
	v4, v6 := n.ncsiBoth(ctx, t4, t6)
	decisive := decide(v4, v6)
	decisive.into(o)
	for _, f := range []ncsiFamily{v4, v6} {
		if f.answer != decisive.answer {
			o.Steps = append(o.Steps, f.seen.Steps...)
		}
	}
	slices.SortStableFunc(o.Steps, func(a, b Step) int { return a.Start.Compare(b.Start) })
	if v4.tried() || decisive.answer == v4.answer {
		o.NCSI.IPv4 = v4.answer
	}
	if v6.tried() {
		o.NCSI.IPv6 = v6.answer
	}
	return decisive.err
}

// ncsiTargets returns the target for each family. A target with the name for
// IPv6 means the same pair.
func ncsiTargets(t Target) (t4, t6 Target) {
	if t.Host == "" || t.Host == ncsiWebHostV6 {
		t.Host = ncsiWebHost
	}
	if t.Path == "" {
		t.Path = ncsiWebPath
	}
	t.Protocol, t.Port = HTTP, 80
	t6 = t
	t6.Host = ncsiWebHostV6
	return t, t6
}

// ncsiBoth probes both families at once. When one has proved internet access,
// the other gets a little more time and then counts as timed out.
func (n Network) ncsiBoth(ctx context.Context, t4, t6 Target) (v4, v6 ncsiFamily) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	done4, done6 := make(chan ncsiFamily, 1), make(chan ncsiFamily, 1)
	go func() { done4 <- n.ncsiFamily(inner, t4, ncsiContent, netip.Addr.Is4) }()
	go func() { done6 <- n.ncsiFamily(inner, t6, ncsiContent, netip.Addr.Is6) }()
	select {
	case v4 = <-done4:
		v6 = second(done6, v4, cancel)
	case v6 = <-done6:
		v4 = second(done4, v6, cancel)
	}
	if ctx.Err() == nil {
		v4.timedOut()
		v6.timedOut()
	}
	return v4, v6
}

// second waits for the slower family.
func second(done <-chan ncsiFamily, first ncsiFamily, cancel func()) ncsiFamily {
	if first.err == nil {
		timer := time.NewTimer(ncsiLaggard)
		defer timer.Stop()
		select {
		case f := <-done:
			return f
		case <-timer.C:
			cancel()
		}
	}
	return <-done
}

// An ncsiFamily is the web probe over one family.
type ncsiFamily struct {
	seen   Observation
	answer *NCSIAnswer
	reason string
	err    *Error
}

// ncsiFamily runs the web probe over the addresses that keep accepts, and
// expects a body.
func (n Network) ncsiFamily(ctx context.Context, t Target, body string, keep func(netip.Addr) bool) ncsiFamily {
	get := fetch{network: n, protocol: HTTP, dialing: dialing{keep: keep}, agent: ncsiUserAgent, need: len(body) + len("\r\n") + 1}
	f := ncsiFamily{answer: &NCSIAnswer{Host: t.Host}}
	o := &f.seen
	var got *page
	t, u, err := get.request(t)
	if err != nil {
		f.err = &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
	} else {
		got, f.err = get.get(ctx, t, u, o)
	}
	if got != nil {
		f.err = got.ncsiVerdict(body, f.err, o)
	}
	f.describe(keep)
	return f
}

// ncsiVerdict judges a response to the web probe, which expects a body. err is
// the error of the one that came.
func (p *page) ncsiVerdict(want string, err *Error, o *Observation) *Error {
	status := p.resp.StatusCode
	if imposed := p.imposed(); imposed != nil {
		return o.fail(imposed)
	}
	e := &Error{Op: OpRequest, Addr: p.url.String(), Err: errors.New(statusLine(p.resp))}
	switch {
	case status/100 == 3 && !p.proxied:
		e.Code, e.Err = HTTPCaptivePortal, fmt.Errorf("%w to %q", e.Err, o.HTTP.Location)
		return o.fail(e)
	case status/100 != 2:
		e.Code = HTTPStatus
		return o.fail(e)
	case err != nil && strings.HasPrefix(want, string(p.body)):
		return err // the rest might have completed it
	case err == nil && status == http.StatusOK && p.bodyIs(want):
		return nil
	case err == nil:
		e.Op = p.bodyOp()
	}
	e.Code, e.Err = HTTPCaptivePortal, fmt.Errorf("%w, and the body begins with %.64q", e.Err, p.known.hideCut(string(p.body)))
	if p.proxied {
		e.Code = HTTPBodyMismatch
	}
	return o.fail(e)
}

// describe records the result under Windows' name for it.
func (f *ncsiFamily) describe(keep func(netip.Addr) bool) {
	a := f.answer
	if f.seen.DNS != nil && keep != nil {
		for _, addr := range f.seen.DNS.Addresses {
			if keep(addr) {
				a.Addresses = append(a.Addresses, addr)
			}
		}
	}
	if h := f.seen.HTTP; h != nil {
		a.Status, a.Location, a.Body = h.Status, h.Location, h.Body
	}
	if f.err == nil {
		return
	}
	a.Code = f.err.Code
	// Windows treats any response but the expected one as a hotspot's.
	answered := []Code{HTTPCaptivePortal, HTTPBlockPage, HTTPStatus, ProxyAuthRequired, ProxyTargetUnreachable}
	switch {
	case keep == nil, len(a.Addresses) == 0:
		f.reason = ncsiNameFailed
	case slices.Contains(answered, a.Code):
		f.reason = ncsiHotspot
	default:
		f.reason = ncsiWebFailed
	}
}

// timedOut replaces the code of a canceled probe by that of a timeout.
func (f *ncsiFamily) timedOut() {
	if f.err == nil || f.err.Code != Canceled {
		return
	}
	e := *f.err
	e.Code = codeOf(e.Op, kindTimeout)
	for i := range f.seen.Steps {
		if f.seen.Steps[i].Error == f.err {
			f.seen.Steps[i].Error = &e
		}
	}
	f.err, f.answer.Code = &e, e.Code
}

// tried reports whether there was an address to probe.
func (f ncsiFamily) tried() bool { return f.err == nil || f.err.Code != DNSNoData }

// decide returns the family that decides: one that proves internet access, else
// one that someone else answered, else IPv4. Every network resolves the name
// for IPv4. If that has no address, an unreachable IPv6 host adds nothing, but
// a response over IPv6 does.
func decide(v4, v6 ncsiFamily) ncsiFamily {
	better := func(f ncsiFamily) int {
		switch {
		case f.err == nil:
			return 2
		case f.err.Code == HTTPCaptivePortal:
			return 1
		default:
			return 0
		}
	}
	if better(v6) > better(v4) || !v4.tried() && v6.answer.Status != 0 {
		return v6
	}
	return v4
}

// into makes the family's observation that of the probe.
func (f ncsiFamily) into(o *Observation) {
	o.Steps = append(o.Steps, f.seen.Steps...)
	o.DNS, o.TCP, o.Proxy, o.HTTP = f.seen.DNS, f.seen.TCP, f.seen.Proxy, f.seen.HTTP
	o.NCSI.Reason = f.reason
}
