package main

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// An unreachable is a message that a packet could not be delivered.
type unreachable struct {
	client, server netip.AddrPort
	udp            bool
	prohibited     bool // by a rule of a router or firewall
	text           string
}

// unreachableOf returns what an ICMP message says of a packet, or nil.
func unreachableOf(p gopacket.Packet) *unreachable {
	u := &unreachable{}
	var inner []byte
	var first gopacket.LayerType
	if m, ok := p.Layer(layers.LayerTypeICMPv4).(*layers.ICMPv4); ok {
		if m.TypeCode.Type() != layers.ICMPv4TypeDestinationUnreachable || m.TypeCode.Code() == layers.ICMPv4CodeFragmentationNeeded {
			return nil
		}
		code := m.TypeCode.Code()
		u.prohibited = code == 9 || code == 10 || code == 13
		u.text = "ICMP " + m.TypeCode.String()
		inner, first = m.Payload, layers.LayerTypeIPv4
	} else if m, ok := p.Layer(layers.LayerTypeICMPv6).(*layers.ICMPv6); ok {
		if m.TypeCode.Type() != layers.ICMPv6TypeDestinationUnreachable || len(m.Payload) < 4 {
			return nil
		}
		code := m.TypeCode.Code()
		u.prohibited = code == 1 || code == 5 || code == 6
		u.text = "ICMP " + m.TypeCode.String()
		inner, first = m.Payload[4:], layers.LayerTypeIPv6
	} else {
		return nil
	}
	return u.fill(inner, first)
}

// fill reads the beginning of the packet that was not delivered. Often only its
// ports are there.
func (u *unreachable) fill(inner []byte, first gopacket.LayerType) *unreachable {
	var src, dst netip.Addr
	var protocol layers.IPProtocol
	var rest []byte
	switch {
	case first == layers.LayerTypeIPv4 && len(inner) >= 20:
		header := int(inner[0]&0x0f) * 4
		if header < 20 || len(inner) < header+4 {
			return nil
		}
		src, _ = netip.AddrFromSlice(inner[12:16])
		dst, _ = netip.AddrFromSlice(inner[16:20])
		protocol, rest = layers.IPProtocol(inner[9]), inner[header:]
	case first == layers.LayerTypeIPv6 && len(inner) >= 44:
		src, _ = netip.AddrFromSlice(inner[8:24])
		dst, _ = netip.AddrFromSlice(inner[24:40])
		protocol, rest = layers.IPProtocol(inner[6]), inner[40:]
	default:
		return nil
	}
	if protocol != layers.IPProtocolTCP && protocol != layers.IPProtocolUDP {
		return nil
	}
	u.udp = protocol == layers.IPProtocolUDP
	u.client = netip.AddrPortFrom(src, binary.BigEndian.Uint16(rest))
	u.server = netip.AddrPortFrom(dst, binary.BigEndian.Uint16(rest[2:]))
	return u
}

// unreachable attaches a message to the connection or question that it is about.
// A connection that worked has nothing to fear from it.
func (r *reader) unreachable(u *unreachable) {
	if !u.udp {
		if c := r.conns[connKey{u.client, u.server}]; c != nil && !c.answered {
			c.icmp = u
		}
		return
	}
	for i := range r.waiting {
		if w := &r.waiting[i]; w.client == u.client && w.server == u.server {
			w.icmp = u
		}
	}
}

// inOrder returns connections by their beginning.
func inOrder(conns map[connKey]*conn) []*conn {
	out := make([]*conn, 0, len(conns))
	for _, c := range conns {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *conn) int {
		return cmp.Or(a.first.Compare(b.first), a.key.client.Compare(b.key.client), a.key.server.Compare(b.key.server))
	})
	return out
}
