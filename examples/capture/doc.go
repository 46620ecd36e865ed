// Capture explains what a packet capture shows of Windows provisioning. It is a
// module of its own, so that the library does not depend on a package for
// captures.
//
// Usage:
//
//	capture [flags] [file]
//
// It reads pcap and pcapng, as Wireshark, tcpdump and "pktmon etl2pcap" write
// them, from a file or from standard input, of any size and also compressed by
// gzip. The flags and the report are those of annotate.
//
// # What is read
//
// Names come from answers of resolvers, from the ClientHello of TLS, also if it
// takes several segments, and from HTTP: the Host header, URLs as proxies are
// asked, and CONNECT. Of several requests in one connection only the first is
// read. Requests for the time are read too. Only lookups of addresses count.
//
// # What counts as failed
//
// A connection failed if its SYN was not answered within five seconds, if it was
// reset or closed before TLS or HTTP succeeded, if either side ended the
// handshake with an alert, as a client does after a certificate that it does not
// trust, if a large packet was sent again and again and never acknowledged, or if
// a router said that its destination is unreachable. If the router says that a
// rule prohibits it, or a proxy or resolver refuses, the connection was denied.
// The report says why.
//
// A capture may lack packets. What it does not show is unknown, and is neither
// success nor failure. TLS over QUIC is not read.
package main
