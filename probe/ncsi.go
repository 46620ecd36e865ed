package probe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// What Windows 10 and 11 request and expect, unless a machine's own settings say
// otherwise; see [ncsiOwn].
const (
	ncsiWebHost   = "www.msftconnecttest.com"
	ncsiWebHostV6 = "ipv6.msftconnecttest.com"
	ncsiWebPath   = "/connecttest.txt"
	ncsiContent   = "Microsoft Connect Test"
	ncsiDNSHost   = "dns.msftncsi.com"
	ncsiUserAgent = "Microsoft NCSI"
)

// Results, by their names in the Windows event log.
const (
	ncsiDNSFailed  = "ActiveDnsProbeFailed"
	ncsiNameFailed = "ActiveHttpProbeFailed"                // the name has no address, or the proxy is unreachable
	ncsiWebFailed  = "ActiveHttpProbeFailedButDnsSucceeded" // the name has an address
	ncsiHotspot    = "ActiveHttpProbeFailedHotspotDetected" // someone else answered
)

func measureNCSI(ctx context.Context, n Network, o *Observation) *Error {
	switch o.Target.Port {
	case 0, 80:
		return n.ncsiWeb(ctx, o)
	case dnsPort:
		return n.ncsiDNS(ctx, o)
	default:
		return &Error{Addr: o.Target.Addr(), Code: NotTestable, Err: errors.New("port is neither 80 nor 53")}
	}
}

// ncsiDNS runs the DNS probe.
func (n Network) ncsiDNS(ctx context.Context, o *Observation) *Error {
	t := o.Target
	if t.Host == "" {
		t.Host = ncsiDNSHost
	}
	if err := checkHost(t.Host); err != nil {
		return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
	}
	own := n.ownNCSI("ActiveDns")
	others := own.begin(ctx, n, own.dns)
	want := []netip.Addr{ncsiDNSAddr(), ncsiDNSAddrV6()}
	addrs, err := n.addresses(ctx, t, nil, o)
	a := &NCSIAnswer{Host: t.Host}
	o.NCSI = &NCSIFacts{DNS: a, Settings: own, Own: others(o.repeats(err))}
	for _, addr := range addrs {
		a.Addresses = append(a.Addresses, addr.Addr())
	}
	if err == nil && !slices.ContainsFunc(a.Addresses, func(got netip.Addr) bool { return slices.Contains(want, got) }) {
		err = o.fail(&Error{Op: OpResolve, Addr: t.Host, Code: NCSIDNSMismatch, Err: fmt.Errorf("got %v, want %v", a.Addresses, want)})
	}
	if err != nil {
		a.Code = err.Code
		o.NCSI.Reason = ncsiDNSFailed
	}
	return err
}
