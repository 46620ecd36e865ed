package probetest

import (
	"crypto/tls"
	"slices"
)

// PathMTU is a path that loses larger TCP packets and tells nobody, as tunnels
// do if ICMP is filtered. Whatever follows a lost packet on the connection
// never arrives.
type PathMTU struct {
	// Bytes is the size of the largest packet that passes. Zero means 1400.
	Bytes int

	// Upload and Download are the directions, from and to the machine. If
	// neither is set, the fault concerns both.
	Upload, Download bool
}

func (p PathMTU) in(flow) Fault { return p }

// ethernet is the size of the largest packet that hosts send.
const ethernet = 1500

// headers returns the size of a packet's IP and TCP headers.
func headers(f flow) int {
	if f.addr.Addr().Is4() {
		return 20 + 20
	}
	return 40 + 20
}

// shape sets the sizes of the segments of a stream that are sent and that get
// through.
func (i *Internet) shape(client *conn, f flow, mss int) {
	for _, h := range []*half{client.in, client.out} {
		h.segment = mss
	}
	p, ok := first[PathMTU](i, f)
	if !ok {
		return
	}
	most := p.Bytes
	if most == 0 {
		most = 1400
	}
	most -= headers(f)
	both := p.Upload == p.Download
	if both || p.Upload {
		client.out.most = most
	}
	if both || p.Download {
		client.in.most = most
	}
}

// A NewHello is a middlebox that does not let newer ClientHellos pass, and
// leaves the connection open.
type NewHello struct {
	// Over is the size in bytes of the largest ClientHello that passes. If it
	// is zero, none passes that offers TLS 1.3, whatever its size.
	Over int
}

func (n NewHello) in(flow) Fault { return n }

// stops reports whether a ClientHello of this size does not pass.
func (n NewHello) stops(hello *tls.ClientHelloInfo, size int) bool {
	if n.Over == 0 {
		return slices.Contains(hello.SupportedVersions, tls.VersionTLS13)
	}
	return size > n.Over
}
