package probe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// NCSI measures what Windows' Network Connectivity Status Indicator would find,
// by which Windows decides whether it is on the internet.
//
// For target port 80 or zero it is the web probe: a GET request over IPv4 to the
// target's host, and at the same time one over IPv6 to IPv6Host. Either answer is
// enough, if it is 200 with Content as its body. A target that names IPv6Host
// itself means the same pair. Through a proxy only the target's host is asked.
// For target port 53 it is the DNS probe: the target's host must have one of
// DNSAddresses.
//
// In direct probes an answer from someone else is a captive portal: a redirect, a
// 2xx with something else, or 511. Silence, refusal and other errors of the
// network are none, and neither are answers through a proxy or other statuses.
//
// Fields and target parts that are zero have the values of Windows 10 and 11.
// Source: Microsoft, "Network Connectivity Status Indicator overview" and "NCSI
// FAQ", 2023-06-23. The values in the registry that a field stands for are
// named for those networks where policy changes them.
type NCSI struct {
	Network Network

	// IPv6Host is asked over IPv6. Empty means ipv6.msftconnecttest.com
	// (ActiveWebProbeHostV6).
	IPv6Host string

	// Content is the body to be answered. A line break after it is ignored.
	// Empty means "Microsoft Connect Test" (ActiveWebProbeContent).
	Content string

	// DNSAddresses are the addresses to be answered by the DNS probe. Nil means
	// 131.107.255.255 and fd3e:4f5a:5b81::1 (ActiveDnsProbeContent and
	// ActiveDnsProbeContentV6).
	DNSAddresses []netip.Addr
}

const (
	ncsiWebHost   = "www.msftconnecttest.com"
	ncsiWebHostV6 = "ipv6.msftconnecttest.com"
	ncsiWebPath   = "/connecttest.txt"
	ncsiContent   = "Microsoft Connect Test"
	ncsiDNSHost   = "dns.msftncsi.com"
	ncsiUserAgent = "Microsoft NCSI"
)

// Outcomes, by the names that Windows gives them in its event log.
const (
	ncsiDNSFailed  = "ActiveDnsProbeFailed"
	ncsiNameFailed = "ActiveHttpProbeFailed"                // the name has no address, or the proxy cannot be reached
	ncsiWebFailed  = "ActiveHttpProbeFailedButDnsSucceeded" // the name has an address
	ncsiHotspot    = "ActiveHttpProbeFailedHotspotDetected" // somebody else answered
)

// Probe measures t. Its codes are those of the resolve, connect, proxy, request
// and body steps, and [NCSIDNSMismatch].
func (p NCSI) Probe(ctx context.Context, t Target) Observation {
	return observe(ctx, t, func(ctx context.Context, o *Observation) *Error {
		switch t.Port {
		case 0, 80:
			return p.web(ctx, o)
		case 53:
			return p.dns(ctx, o)
		default:
			return &Error{Addr: t.Addr(), Code: NotTestable, Err: errors.New("port is neither 80 nor 53")}
		}
	})
}

// dns makes the DNS probe.
func (p NCSI) dns(ctx context.Context, o *Observation) *Error {
	t := o.Target
	if t.Host == "" {
		t.Host = ncsiDNSHost
	}
	if err := checkHost(t.Host); err != nil {
		return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
	}
	want := p.DNSAddresses
	if want == nil {
		want = []netip.Addr{
			netip.AddrFrom4([4]byte{131, 107, 255, 255}),
			netip.AddrFrom16([16]byte{0xfd, 0x3e, 0x4f, 0x5a, 0x5b, 0x81, 15: 1}),
		}
	}
	addrs, err := p.Network.addresses(ctx, t, nil, o)
	a := &NCSIAnswer{Host: t.Host}
	o.NCSI = &NCSIFacts{DNS: a}
	for _, addr := range addrs {
		a.Addresses = append(a.Addresses, addr.Addr())
	}
	if err == nil && !slices.ContainsFunc(a.Addresses, func(got netip.Addr) bool { return slices.Contains(want, got) }) {
		err = o.fail(&Error{Op: OpResolve, Addr: t.Host, Code: NCSIDNSMismatch, Err: fmt.Errorf("%v instead of %v", a.Addresses, want)})
	}
	if err != nil {
		a.Code = err.Code
		o.NCSI.Reason = ncsiDNSFailed
	}
	return err
}
