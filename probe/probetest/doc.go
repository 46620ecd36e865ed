// Package probetest simulates an internet in memory, to test programs that
// measure networks. It has resolvers, web servers with certificates, time
// servers and a proxy, and everything that can go wrong with them.
//
// Most tests list the names that exist, say what is broken, and pass the
// network to a prober:
//
//	internet := &probetest.Internet{
//		Hosts:  []string{"login.live.com"},
//		Faults: []probetest.Fault{probetest.At{Port: 443, Fault: probetest.Drop}},
//	}
//	o := internet.Network().Probe(ctx, target)
//
// Only the wires are simulated. Real implementations at both ends make and read
// the traffic: DNS messages, TLS handshakes with a CA of the package, HTTP, and
// NTP packets. Nothing leaves the process, and no socket is opened.
//
// # Time
//
// Latency, lost packets and silence take time by the clock of package time. In
// a testing/synctest bubble this time is virtual, so a test of a ten-second
// timeout ends at once and always in the same way. Outside a bubble it is real.
// Use an Internet only in the bubble that created it.
//
// An Internet needs no closing. Its goroutines belong to connections, and end
// when the dialing side closes them. If a bubble does not end, a connection was
// left open.
//
// # Faults
//
// A [Fault] is a value that says what goes wrong. [At] limits it to a place,
// and [Once] to the first connection; otherwise it applies everywhere and
// always. Faults combine. Faults that need only a name are constants of type
// [Plain]; the other types are
//
//   - for packets: [Unreachable], [Loss], [Delay];
//   - for connections, at a [Stage]: [Garbage];
//   - for DNS: [DNSAnswer], [InternalZone], [Rewrite];
//   - for TLS: [Inspect], [Certificate], [TLSVersions], [Alert],
//     [ClientCertificate];
//   - for what certificates point to: [Revocation];
//   - for HTTP: [Portal], [BlockPage], [Page], [LargeHeader];
//   - for NTP: [NTPAnswer];
//   - for the proxy: [ProxyAuth], [ProxyDeny], and [WPAD] to announce it.
//
// # Healthy networks
//
// Hosts differ in a healthy internet: some have a certificate of a CA that only
// Windows knows ([WindowsRoot], [CrossSigned]), some show the certificate of a
// CDN, some never answer on port 80. Such things are Quirks of an Internet. They
// are faults too, and Faults, which belong to the network, win over them.
//
// # Your own probers
//
// [TestProber] tests a prober against the contract of [probe.Prober], over
// internets with most of these faults. For protocols that an Internet does not
// speak, set its Serve field to a server of your own.
package probetest
