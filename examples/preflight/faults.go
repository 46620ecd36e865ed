package main

import (
	"crypto/tls"
	"net/netip"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A simulation is a fault of the simulated internet, with its name for users.
type simulation struct {
	name, what string

	faults    []probetest.Fault
	skew      time.Duration // how far this machine's clock is behind
	latency   time.Duration // in addition to the usual one
	proxied   bool          // web traffic goes through a proxy
	addresses map[string][]netip.Addr
	hostsFile map[string][]netip.Addr
	ipv6      bool // the internet also has IPv6

	protocol probe.Protocol // the only protocol that the fault affects, if any
	needs    string         // the flags that add such checks
	change   func(*probetest.Internet, *readiness.Plan)
}

// simulations returns all faults, in the order of the list.
func simulations() []simulation {
	var all []simulation
	for _, part := range [][]simulation{
		harmless(), resolverFaults(), portalFaults(), egressFaults(), clockFaults(),
		tlsFaults(), nameFaults(), hostFaults(), proxyFaults(), revocationFaults(), pathFaults(), domainFaults(),
	} {
		all = append(all, part...)
	}
	return all
}

// The hosts of the faults that affect a single host.
const (
	accountHost = "login.live.com"
	signInHost  = "login.microsoftonline.com"
	profileHost = "ztd.dds.microsoft.com"
	enrolHost   = "enrollment.manage.microsoft.com"
	ncsiDNSHost = "dns.msftncsi.com"
	wnsSuffix   = "*.notify.windows.com"
	wnsClient   = "*.wns.windows.com"
)

func port(number uint16, f probetest.Fault) probetest.Fault {
	return probetest.At{Port: number, Fault: f}
}

func host(name string, f probetest.Fault) probetest.Fault { return probetest.At{Host: name, Fault: f} }

// web returns a fault of one host's port that does not affect DNS.
func web(name string, number uint16, f probetest.Fault) probetest.Fault {
	return probetest.At{Host: name, Port: number, Fault: f}
}

func harmless() []simulation {
	return []simulation{
		{name: "none", what: "Nothing is wrong."},
		{name: "slow", what: "Every round trip takes 100 ms.", latency: 80 * time.Millisecond},
		{
			name: "dns-tcp", what: "Every DNS answer over UDP is truncated, and must be requested over TCP.",
			faults: []probetest.Fault{probetest.Truncate},
		},
	}
}

func resolverFaults() []simulation {
	return []simulation{
		{
			name: "network-down", what: "The machine has no route to anywhere.",
			faults: []probetest.Fault{probetest.Unreachable{}},
		},
		{
			name: "resolver-dead", what: "The DNS server does not answer.",
			faults: []probetest.Fault{port(53, probetest.Drop)},
		},
		{
			name: "resolver-closed", what: "Nothing listens at the address of the DNS server.",
			faults: []probetest.Fault{port(53, probetest.Refuse)},
		},
		{
			name: "resolver-refusing", what: "The DNS server refuses to answer.",
			faults: []probetest.Fault{probetest.Refused},
		},
		{
			name: "resolver-failing", what: "The DNS server answers that it failed.",
			faults: []probetest.Fault{probetest.ServFail},
		},
		{
			name: "resolver-garbled", what: "The DNS server sends malformed answers.",
			faults: []probetest.Fault{probetest.Malformed},
		},
	}
}

func portalFaults() []simulation {
	others := []probetest.Fault{port(443, probetest.Drop), port(123, probetest.Drop)}
	return []simulation{
		{
			name: "portal-redirect", what: "A captive portal redirects plain HTTP to its page, and drops the rest.",
			faults: append([]probetest.Fault{port(80, probetest.Portal{})}, others...),
		},
		{
			name: "portal-page", what: "A captive portal answers plain HTTP with its page, and drops the rest.",
			faults: append([]probetest.Fault{port(80, probetest.Portal{Status: 200})}, others...),
		},
		{
			name: "portal-511", what: "A captive portal answers plain HTTP with status 511, and drops the rest.",
			faults: append([]probetest.Fault{port(80, probetest.Portal{Status: 511})}, others...),
		},
	}
}

func egressFaults() []simulation {
	return []simulation{
		{
			name: "http-blocked", what: "A firewall drops TCP port 80.",
			faults: []probetest.Fault{port(80, probetest.Drop)},
		},
		{
			name: "https-blocked", what: "A firewall drops TCP port 443.",
			faults: []probetest.Fault{port(443, probetest.Drop)},
		},
		{
			name: "https-refused", what: "A firewall refuses TCP port 443.",
			faults: []probetest.Fault{port(443, probetest.Refuse)},
		},
		{
			name: "https-reset", what: "A firewall resets every TLS handshake.",
			faults: []probetest.Fault{port(443, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset})},
		},
		{
			name: "ntp-blocked", what: "A firewall drops UDP port 123.",
			faults: []probetest.Fault{port(123, probetest.Drop)},
		},
		{
			name: "https-only", what: "A firewall drops TCP port 80 and UDP port 123.",
			faults: []probetest.Fault{port(80, probetest.Drop), port(123, probetest.Drop)},
		},
	}
}

func clockFaults() []simulation {
	return []simulation{
		{
			name: "clock-hours", what: "The clock of this machine is 3 hours behind.",
			skew: 3 * time.Hour,
		},
		{
			name: "clock-days", what: "The clock of this machine is 40 days behind.",
			skew: 40 * 24 * time.Hour,
		},
		{
			name: "clock-ahead", what: "The clock of this machine is 90 days ahead.",
			skew: -90 * 24 * time.Hour,
		},
		{
			name: "ntp-lying", what: "The time server is 20 hours ahead of everyone else.",
			faults: []probetest.Fault{probetest.NTPAnswer{Ahead: 20 * time.Hour}},
		},
		{
			name: "ntp-unusable", what: "The time server says that its own clock is not synchronized.",
			faults: []probetest.Fault{probetest.Unsynchronized},
		},
		{
			name: "ntp-refusing", what: "The time server refuses to serve, with a kiss code.",
			faults: []probetest.Fault{probetest.NTPAnswer{Kiss: "DENY"}},
		},
		{
			name: "ntp-closed", what: "Nothing listens on UDP port 123 of the time server.",
			faults: []probetest.Fault{port(123, probetest.Refuse)},
		},
	}
}

func tlsFaults() []simulation {
	return []simulation{
		{
			name: "tls-inspection", what: "A web gateway inspects all TLS, with a CA that this machine trusts.",
			faults: []probetest.Fault{probetest.Inspect{}},
		},
		{
			name: "tls-untrusted", what: "A web gateway inspects all TLS, with a CA that this machine does not know.",
			faults: []probetest.Fault{probetest.Inspect{Unknown: true}},
		},
		{
			name: "tls12-refused", what: "A web gateway speaks TLS 1.1 at most.",
			faults: []probetest.Fault{probetest.TLSVersions{Max: tls.VersionTLS11}},
		},
		{
			name: "tls-garbled", what: "TCP port 443 answers with something other than TLS.",
			faults: []probetest.Fault{port(443, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Garbage{}})},
		},
	}
}

func nameFaults() []simulation {
	return []simulation{
		{
			name: "dns-filtered", what: "DNS says that " + accountHost + " does not exist.",
			faults: []probetest.Fault{web(accountHost, 53, probetest.NXDomain)},
		},
		{
			name: "dns-blocked", what: "DNS says that " + accountHost + " is blocked, with an extended error.",
			faults: []probetest.Fault{
				web(accountHost, 53, probetest.NXDomain),
				web(accountHost, 53, probetest.DNSAnswer{Extended: 15, Text: "category: login"}),
			},
		},
		{
			name: "dns-empty", what: "DNS has no address for " + accountHost + ".",
			faults: []probetest.Fault{web(accountHost, 53, probetest.NoData)},
		},
		{
			name: "sinkhole", what: "DNS answers 0.0.0.0 for " + accountHost + ".",
			faults: []probetest.Fault{web(accountHost, 53, probetest.Sinkhole)},
		},
		{
			name: "ncsi-dns", what: "DNS returns an address that Windows does not expect for " + ncsiDNSHost + ".",
			faults: []probetest.Fault{web(ncsiDNSHost, 53, probetest.DNSAnswer{Addrs: []netip.Addr{netip.MustParseAddr("203.0.113.7")}})},
		},
	}
}

func hostFaults() []simulation {
	two := []netip.Addr{netip.MustParseAddr("203.0.113.21"), netip.MustParseAddr("203.0.113.22")}
	return []simulation{
		{
			name: "host-blocked", what: "A firewall drops traffic to " + accountHost + ".",
			faults: []probetest.Fault{web(accountHost, 443, probetest.Drop), web(accountHost, 80, probetest.Drop)},
		},
		{
			name: "host-refused", what: "A firewall refuses connections to " + signInHost + ".",
			faults: []probetest.Fault{web(signInHost, 443, probetest.Refuse)},
		},
		{
			name: "host-reset", what: "A firewall resets TLS handshakes that name " + enrolHost + ".",
			faults: []probetest.Fault{web(enrolHost, 443, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset})},
		},
		{
			name: "host-silent", what: "TLS handshakes that name " + profileHost + " are never answered.",
			faults: []probetest.Fault{web(profileHost, 443, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Silence})},
		},
		{
			name: "host-alert", what: "TLS handshakes that name " + enrolHost + " end with an alert.",
			faults: []probetest.Fault{web(enrolHost, 443, probetest.Alert{})},
		},
		{
			name: "host-expired", what: "The certificate of " + signInHost + " expired yesterday.",
			faults: []probetest.Fault{web(signInHost, 443, probetest.Expired)},
		},
		{
			name: "host-wrong-name", what: "The certificate of " + signInHost + " is for another name.",
			faults: []probetest.Fault{web(signInHost, 443, probetest.WrongName)},
		},
		{
			name: "intune-inspected", what: "A web gateway inspects TLS to " + enrolHost + " only.",
			faults: []probetest.Fault{web(enrolHost, 443, probetest.Inspect{})},
		},
		{
			name: "account-inspected", what: "A web gateway inspects TLS to " + accountHost + " only.",
			faults: []probetest.Fault{web(accountHost, 443, probetest.Inspect{})},
		},
		{
			name: "wns-blocked", what: "A firewall drops the notification service, " + wnsSuffix + " and " + wnsClient + ".",
			faults: []probetest.Fault{web(wnsSuffix, 443, probetest.Drop), web(wnsClient, 443, probetest.Drop)},
		},
		{
			name: "block-page", what: "A filter answers plain HTTP with its page.",
			faults: []probetest.Fault{port(80, probetest.BlockPage{})},
		},
		{
			name: "address-partial", what: "One of two addresses of " + accountHost + " refuses connections.",
			faults:    []probetest.Fault{probetest.At{Addrs: netip.PrefixFrom(two[0], 32), Fault: probetest.Refuse}},
			addresses: map[string][]netip.Addr{accountHost: two},
		},
	}
}

func proxyFaults() []simulation {
	return []simulation{
		{name: "proxy", what: "Web traffic goes through a proxy, and nothing is wrong.", proxied: true},
		{
			name: "proxy-down", what: "Web traffic goes through a proxy, but nothing listens there.",
			proxied: true, faults: []probetest.Fault{port(3128, probetest.Refuse)},
		},
		{
			name: "proxy-auth", what: "Web traffic goes through a proxy that requires authentication.",
			proxied: true, faults: []probetest.Fault{probetest.ProxyAuth{}},
		},
		{
			name: "proxy-denying", what: "Web traffic goes through a proxy that does not allow " + accountHost + ".",
			proxied: true, faults: []probetest.Fault{host(accountHost, probetest.ProxyDeny{})},
		},
		{
			name: "proxy-only", what: "A firewall drops direct web traffic; the proxy to use was not given.",
			faults: []probetest.Fault{
				probetest.At{Port: 80, Direct: true, Fault: probetest.Drop},
				probetest.At{Port: 443, Direct: true, Fault: probetest.Drop},
			},
		},
	}
}

func revocationFaults() []simulation {
	const crl, ocsp, aia = "crl.probetest.example", "ocsp.probetest.example", "aia.probetest.example"
	return []simulation{
		{
			name: "revocation-blocked", what: "A firewall drops traffic to the CRL and OCSP servers.",
			faults: []probetest.Fault{host(crl, probetest.Drop), host(ocsp, probetest.Drop)},
		},
		{
			name: "revocation-stale", what: "The CRL and OCSP servers send expired responses.",
			faults: []probetest.Fault{probetest.StaleRevocation},
		},
		{
			name: "revocation-forged", what: "Another key signs the CRLs and OCSP responses.",
			faults: []probetest.Fault{probetest.ForgedRevocation},
		},
		{
			name: "host-revoked", what: "The certificate of " + enrolHost + " is revoked.",
			faults: []probetest.Fault{host(enrolHost, probetest.Revoke)},
		},
		{
			name: "host-leaf-only", what: accountHost + " omits its intermediate certificate, which can be fetched.",
			faults: []probetest.Fault{host(accountHost, probetest.LeafOnly)},
		},
		{
			name: "host-leaf-alone", what: accountHost + " omits its intermediate certificate, and a firewall blocks fetching it.",
			faults: []probetest.Fault{host(accountHost, probetest.LeafOnly), host(aia, probetest.Refuse)},
		},
		{
			name: "host-old-chain", what: accountHost + " shows an intermediate certificate that has expired; the current one can be fetched.",
			faults: []probetest.Fault{host(accountHost, probetest.OldIntermediate)},
		},
		{
			name: "host-unverifiable", what: accountHost + " omits its intermediate certificate, and does not say where it is.",
			faults: []probetest.Fault{host(accountHost, probetest.LeafOrphan)},
		},
	}
}

// pathFaults are faults of the network path and of this machine.
func pathFaults() []simulation {
	return []simulation{
		{
			name: "dns-rewriting", what: "DNS returns an address for nonexistent names.",
			faults: []probetest.Fault{probetest.Rewrite{}},
		},
		{
			name: "hosts-file", what: "The hosts file of this machine overrides " + accountHost + ".",
			hostsFile: map[string][]netip.Addr{accountHost: {netip.MustParseAddr("10.0.0.1")}},
		},
		{
			name: "ipv6-broken", what: "IPv6 is offered but does not work.",
			ipv6: true, faults: []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Network: "tcp", Fault: probetest.Drop}},
		},
		{
			name: "range-stripped", what: "A filter removes byte ranges from requests.",
			faults: []probetest.Fault{probetest.IgnoreRange},
		},
		{
			name: "path-mtu", what: "A tunnel loses large packets, and nobody tells the hosts.",
			faults: []probetest.Fault{probetest.PathMTU{}},
		},
		{
			name: "tls13-blocked", what: "A middlebox stops TLS 1.3 and lets TLS 1.2 pass.",
			faults: []probetest.Fault{probetest.NewHello{}},
		},
		{
			name: "hello-blocked", what: "A middlebox stops TLS handshakes that begin with more than one packet.",
			faults: []probetest.Fault{probetest.NewHello{Over: 1400}},
		},
		{
			name: "reset-once", what: "Only the first connection to every host is reset.",
			faults: []probetest.Fault{probetest.At{Network: "tcp", Port: 443, Fault: probetest.Once{Fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}}}},
		},
		{
			name: "proxy-needed", what: "Web traffic goes through a proxy, and a firewall drops direct traffic.",
			proxied: true, faults: []probetest.Fault{
				probetest.At{Port: 80, Direct: true, Fault: probetest.Drop},
				probetest.At{Port: 443, Direct: true, Fault: probetest.Drop},
			},
		},
	}
}
