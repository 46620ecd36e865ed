// Package probetest is an internet in memory, to test programs that measure
// networks: resolvers, web servers with certificates, time servers and a proxy,
// and everything that goes wrong with them.
//
// For most uses, list the names that shall exist, say what is wrong, and hand
// the network to a prober:
//
//	internet := &probetest.Internet{
//		Hosts:  []string{"login.live.com"},
//		Faults: []probetest.Fault{probetest.At{Port: 443, Fault: probetest.Drop{}}},
//	}
//	o := probe.HTTPS{Network: internet.Network()}.Probe(ctx, target)
//
// Only the wires are imagined. What travels on them is made and read by real
// implementations on both ends: DNS messages, TLS handshakes with an authority
// of the package's own, HTTP, and NTP packets. Nothing leaves the process, and
// no socket is opened.
//
// # Time
//
// Latency, lost packets and silence take time, by the clock of package time.
// In a bubble of testing/synctest that time is virtual, so that a test of a
// ten-second time-out ends at once and always the same way. Outside a bubble it
// is real. Use an Internet within the bubble that it was made in.
//
// An Internet has nothing to close. What it runs, it runs for a connection, and
// that ends when the connection is closed by the side that dialed it. A bubble
// that does not end has found a connection that was left open.
//
// # Faults
//
// A [Fault] is a value that says what goes wrong; [At] says where, and [Once] that
// it is an accident. Without them a fault is everywhere and for good. Faults add
// up. The types are
//
//   - for packets: [Drop], [Refuse], [Unreachable], [Loss], [Delay];
//   - for connections, at a [Stage]: [Silence], [Close], [Reset], [Garbage];
//   - for DNS: [RCode], [NoData], [Answers], [Rewrite], [Extended], [Truncate],
//     [Unanswered], [Malformed], [OtherQuestion];
//   - for TLS: [Inspect], [Untrusted], [WrongName], [Validity], [LeafOnly],
//     [TLSVersions], [Alert], [ClientCertificate];
//   - for what certificates point to: [Revoke], [NoRevocation], [Staple],
//     [StaleRevocation], [ForgedRevocation], [GarbledRevocation],
//     [UnknownRevocation];
//   - for HTTP: [Portal], [BlockPage], [Page], [RedirectLoop], [LargeHeader],
//     [IgnoreRange];
//   - for NTP: [Clock], [KissOfDeath], [Unsynchronized], [NTPFields];
//   - for the proxy: [ProxyAuth], [ProxyDeny], and to be told of it, [WPAD].
//
// # Probers
//
// [TestProber] tests a prober of your own against the contract of
// [probe.Prober], over internets with most of these faults.
package probetest
