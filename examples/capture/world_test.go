package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// A wire writes the packets of a made-up capture.
type wire struct {
	t    testing.TB
	out  bytes.Buffer
	w    *pcapgo.Writer
	now  time.Time
	port uint16 // of the next connection

	copies int // of each packet
	snap   int // the bytes of a packet that are captured, unless 0
}

var (
	device = netip.MustParseAddr("192.0.2.10")
	dns    = netip.MustParseAddrPort("198.51.100.53:53")
)

func newWire(tb testing.TB) *wire {
	tb.Helper()
	w := &wire{t: tb, now: time.Date(2019, 9, 14, 2, 0, 0, 0, time.UTC), port: 50000}
	w.w = pcapgo.NewWriter(&w.out)
	if err := w.w.WriteFileHeader(65536, layers.LinkTypeRaw); err != nil {
		tb.Fatal(err)
	}
	return w
}

// wait lets time pass.
func (w *wire) wait(d time.Duration) { w.now = w.now.Add(d) }

func (w *wire) send(src, dst netip.Addr, l ...gopacket.SerializableLayer) {
	w.t.Helper()
	ip := &layers.IPv4{Version: 4, TTL: 64, SrcIP: src.AsSlice(), DstIP: dst.AsSlice(), Protocol: layers.IPProtocolTCP}
	for _, layer := range l {
		switch layer := layer.(type) {
		case *layers.TCP:
			_ = layer.SetNetworkLayerForChecksum(ip)
		case *layers.UDP:
			ip.Protocol = layers.IPProtocolUDP
			_ = layer.SetNetworkLayerForChecksum(ip)
		case *layers.ICMPv4:
			ip.Protocol = layers.IPProtocolICMPv4
		}
	}
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, append([]gopacket.SerializableLayer{ip}, l...)...); err != nil {
		w.t.Fatal(err)
	}
	w.now = w.now.Add(time.Millisecond)
	kept := b.Bytes()
	if w.snap > 0 {
		kept = kept[:min(w.snap, len(kept))]
	}
	info := gopacket.CaptureInfo{Timestamp: w.now, CaptureLength: len(kept), Length: len(b.Bytes())}
	for range 1 + w.copies {
		if err := w.w.WritePacket(info, kept); err != nil {
			w.t.Fatal(err)
		}
	}
}

// A dialog is a TCP connection of the device.
type dialog struct {
	*wire
	client, server netip.AddrPort
	up, down       uint32
}

// dial sends a SYN.
func (w *wire) dial(server string) *dialog {
	w.t.Helper()
	d := &dialog{wire: w, client: netip.AddrPortFrom(device, w.port), server: netip.MustParseAddrPort(server), up: 4_294_967_000, down: 7}
	w.port++
	d.say(layers.TCP{SYN: true})
	return d
}

// connect makes a connection.
func (w *wire) connect(server string) *dialog {
	w.t.Helper()
	d := w.dial(server)
	d.up++
	d.hear(layers.TCP{SYN: true, ACK: true})
	d.down++
	d.say(layers.TCP{ACK: true})
	return d
}

// say sends a segment of the device without moving on.
func (d *dialog) say(t layers.TCP, data ...byte) {
	d.t.Helper()
	t.SrcPort, t.DstPort, t.Seq, t.Ack = layers.TCPPort(d.client.Port()), layers.TCPPort(d.server.Port()), d.up, d.down
	d.send(d.client.Addr(), d.server.Addr(), &t, gopacket.Payload(data))
}

// hear sends a segment of the server without moving on.
func (d *dialog) hear(t layers.TCP, data ...byte) {
	d.t.Helper()
	t.SrcPort, t.DstPort, t.Seq, t.Ack = layers.TCPPort(d.server.Port()), layers.TCPPort(d.client.Port()), d.down, d.up
	d.send(d.server.Addr(), d.client.Addr(), &t, gopacket.Payload(data))
}

// write sends data of the device, in segments of a size.
func (d *dialog) write(data []byte, size int) {
	d.t.Helper()
	for len(data) > 0 {
		n := min(size, len(data))
		d.say(layers.TCP{ACK: true, PSH: true}, data[:n]...)
		d.up += uint32(n)
		data = data[n:]
	}
}

// answer sends data of the server.
func (d *dialog) answer(data []byte) {
	d.t.Helper()
	d.hear(layers.TCP{ACK: true, PSH: true}, data...)
	d.down += uint32(len(data))
}

// record returns a record of TLS.
func record(kind byte, body ...byte) []byte {
	return append([]byte{kind, 3, 3, byte(len(body) >> 8), byte(len(body))}, body...)
}

// tls completes a handshake with a name, as far as a capture shows it.
func (d *dialog) tls(name string) {
	d.t.Helper()
	d.write(helloFor(d.t, name), 1400)
	d.answer(record(recordHandshake, make([]byte, 1200)...))
	d.write(record(recordData, make([]byte, 100)...), 1400)
}

// helloFor returns the ClientHello that crypto/tls sends for a name.
func helloFor(tb testing.TB, name string) []byte {
	tb.Helper()
	client, server := net.Pipe()
	ctx, cancel := context.WithCancel(tb.Context())
	defer cancel()
	go func() {
		_ = tls.Client(client, &tls.Config{ServerName: name, MinVersion: tls.VersionTLS12}).HandshakeContext(ctx)
		_ = client.Close()
	}()
	b := make([]byte, 64<<10)
	n, err := server.Read(b)
	if err != nil {
		tb.Fatal(err)
	}
	_ = server.Close()
	return b[:n]
}

// lookup asks for a name and answers with addresses, or with a code if there
// are none.
func (w *wire) lookup(name string, code layers.DNSResponseCode, addresses ...string) {
	w.t.Helper()
	q := w.ask(name)
	q.QR, q.ResponseCode = true, code
	for _, a := range addresses {
		q.Answers = append(q.Answers, layers.DNSResourceRecord{Name: []byte(name), Type: layers.DNSTypeA, Class: layers.DNSClassIN, TTL: 60, IP: netip.MustParseAddr(a).AsSlice()})
	}
	w.send(dns.Addr(), device, &layers.UDP{SrcPort: 53, DstPort: layers.UDPPort(w.port)}, q)
	w.port++
}

func (w *wire) ask(name string) *layers.DNS {
	w.t.Helper()
	q := &layers.DNS{ID: 7, RD: true, Questions: []layers.DNSQuestion{{Name: []byte(name), Type: layers.DNSTypeA, Class: layers.DNSClassIN}}}
	w.send(device, dns.Addr(), &layers.UDP{SrcPort: layers.UDPPort(w.port), DstPort: 53}, q)
	return q
}

// ntp asks a server for the time.
func (w *wire) ntp(server string, answered bool) {
	w.t.Helper()
	s := netip.MustParseAddr(server)
	w.send(device, s, &layers.UDP{SrcPort: 123, DstPort: 123}, gopacket.Payload(append([]byte{0x23}, make([]byte, 47)...)))
	if answered {
		w.send(s, device, &layers.UDP{SrcPort: 123, DstPort: 123}, gopacket.Payload(append([]byte{0x24}, make([]byte, 47)...)))
	}
}

// prohibit answers the first SYN of a connection with an ICMP message.
func (d *dialog) prohibit(code uint8) {
	d.t.Helper()
	inner := gopacket.NewSerializeBuffer()
	ip := &layers.IPv4{Version: 4, TTL: 1, Protocol: layers.IPProtocolTCP, SrcIP: d.client.Addr().AsSlice(), DstIP: d.server.Addr().AsSlice()}
	tcp := &layers.TCP{SrcPort: layers.TCPPort(d.client.Port()), DstPort: layers.TCPPort(d.server.Port()), Seq: d.up, SYN: true}
	_ = tcp.SetNetworkLayerForChecksum(ip)
	if err := gopacket.SerializeLayers(inner, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ip, tcp); err != nil {
		d.t.Fatal(err)
	}
	d.send(netip.MustParseAddr("192.0.2.1"), device, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(layers.ICMPv4TypeDestinationUnreachable, code)}, gopacket.Payload(inner.Bytes()[:28]))
}
