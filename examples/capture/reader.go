package main

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/netready/netready/endpoints/traffic"
)

// The bounds of what is remembered.
const (
	maxConns = 50_000
	maxIdle  = 2 * time.Minute
)

// A reader makes entries of the packets of a capture.
type reader struct {
	take    func(traffic.Entry)
	conns   map[connKey]*conn
	waiting []question // the oldest first
	packets int
	now     time.Time
	swept   time.Time
}

func newReader(take func(traffic.Entry)) *reader {
	return &reader{take: take, conns: make(map[connKey]*conn)}
}

// read reads a capture. The error is that of the source.
func (r *reader) read(s source) error {
	for {
		data, info, err := s.ReadPacketData()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.finish()
			return fmt.Errorf("packet %d: %w", r.packets+1, err)
		}
		link := s.LinkType()
		for _, extra := range info.AncillaryData { // of mixed captures
			if l, ok := extra.(layers.LinkType); ok {
				link = l
			}
		}
		r.packet(gopacket.NewPacket(data, link, gopacket.DecodeOptions{Lazy: true, NoCopy: true}), info)
	}
	r.finish()
	return nil
}

func (r *reader) packet(p gopacket.Packet, info gopacket.CaptureInfo) {
	r.packets++
	if info.Timestamp.After(r.now) {
		r.now = info.Timestamp
	}
	at := info.Timestamp
	var src, dst netip.Addr
	if n := p.NetworkLayer(); n != nil {
		a, b := n.NetworkFlow().Endpoints()
		src, _ = netip.AddrFromSlice(a.Raw())
		dst, _ = netip.AddrFromSlice(b.Raw())
	}
	if !src.IsValid() || !dst.IsValid() {
		return
	}
	if u := unreachableOf(p); u != nil {
		r.unreachable(u)
		return
	}
	switch t := p.TransportLayer().(type) {
	case *layers.TCP:
		r.tcp(t, netip.AddrPortFrom(src, uint16(t.SrcPort)), netip.AddrPortFrom(dst, uint16(t.DstPort)), info)
	case *layers.UDP:
		r.udp(p, t, netip.AddrPortFrom(src, uint16(t.SrcPort)), netip.AddrPortFrom(dst, uint16(t.DstPort)), at)
	}
	if r.now.Sub(r.swept) > 10*time.Second {
		r.sweep()
	}
}

func (r *reader) tcp(t *layers.TCP, src, dst netip.AddrPort, info gopacket.CaptureInfo) {
	key, fromClient := connKey{src, dst}, true
	c := r.conns[key]
	if c == nil {
		if c = r.conns[connKey{dst, src}]; c != nil {
			fromClient = false
		}
	}
	switch {
	case c != nil && fromClient && t.SYN && !t.ACK && (c.closed || c.reset) && c.alive:
		r.conclude(c) // the port is used again
		c = nil
	case c != nil:
	case t.SYN && t.ACK, !t.SYN && src.Port() < dst.Port():
		key, fromClient = connKey{dst, src}, false // the beginning is not in the capture
	}
	if c == nil {
		if t.RST {
			return
		}
		if len(r.conns) >= maxConns {
			r.sweep()
			if len(r.conns) >= maxConns {
				r.finish()
			}
		}
		c = &conn{key: key, first: info.Timestamp}
		r.conns[key] = c
	}
	c.cut = c.cut || info.CaptureLength < info.Length
	c.packet(t, fromClient, info.Timestamp)
}

func (r *reader) udp(p gopacket.Packet, t *layers.UDP, src, dst netip.AddrPort, at time.Time) {
	if m, ok := p.ApplicationLayer().(*layers.DNS); ok && (t.SrcPort == 53 || t.DstPort == 53) {
		if m.QR {
			src, dst = dst, src
		}
		r.dns(m, src, dst, at)
		return
	}
	if t.SrcPort == 123 || t.DstPort == 123 {
		r.ntp(t.Payload, src, dst, at)
	}
}

// sweep concludes what has been idle for long.
func (r *reader) sweep() {
	r.swept = r.now
	r.expire(r.now)
	for _, c := range inOrder(r.conns) {
		if r.now.Sub(c.last) > maxIdle {
			r.conclude(c)
		}
	}
}

func (r *reader) conclude(c *conn) {
	if e, ok := c.entry(r.now); ok {
		r.take(e)
	}
	delete(r.conns, c.key)
}

// finish concludes everything.
func (r *reader) finish() {
	for _, q := range r.waiting {
		r.giveUp(q, r.now)
	}
	r.waiting = nil
	for _, c := range inOrder(r.conns) {
		r.conclude(c)
	}
}
