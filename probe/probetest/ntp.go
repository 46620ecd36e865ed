package probetest

import (
	"encoding/binary"
	"time"
)

// An ntpPacket holds the header fields of RFC 5905 section 7.3.
type ntpPacket struct {
	leap, version, mode, stratum uint8
	poll, precision              int8
	rootDelay, rootDispersion    uint32 // in units of 2^-16 s
	referenceID                  [4]byte
	reference, originate         uint64 // timestamps
	receive, transmit            uint64
}

const (
	ntpSize      = 48
	ntpModeAsk   = 3
	ntpModeReply = 4
)

// An ntpFault changes responses.
type ntpFault interface{ ntp(p *ntpPacket) }

// answerNTP returns the responses to a packet: one, or none if it is not a
// request.
func (i *Internet) answerNTP(f flow, packet []byte) [][]byte {
	if len(packet) < ntpSize || packet[0]&7 != ntpModeAsk {
		return nil
	}
	version := packet[0] >> 3 & 7
	if version < 3 || version > 4 {
		return nil
	}
	// Half of the round trip has passed when the server reads its clock.
	now := i.now().Add(i.rtt(f) / 2)
	p := ntpPacket{
		version: version, mode: ntpModeReply, stratum: 2,
		poll: int8(packet[2]), precision: -20,
		rootDelay: 1 << 16 / 1000, rootDispersion: 1 << 16 / 1000,
		referenceID: [4]byte{198, 51, 100, 1},
		reference:   ntpTime(now.Add(-16 * time.Second)),
		originate:   binary.BigEndian.Uint64(packet[40:]),
		receive:     ntpTime(now), transmit: ntpTime(now),
	}
	for _, fault := range backwards[ntpFault](i.inOrder, f) {
		fault.ntp(&p)
	}
	return [][]byte{p.encode()}
}

func (p *ntpPacket) encode() []byte {
	b := make([]byte, ntpSize)
	b[0] = p.leap<<6 | p.version<<3 | p.mode
	b[1] = p.stratum
	b[2] = byte(p.poll)
	b[3] = byte(p.precision)
	binary.BigEndian.PutUint32(b[4:], p.rootDelay)
	binary.BigEndian.PutUint32(b[8:], p.rootDispersion)
	copy(b[12:16], p.referenceID[:])
	binary.BigEndian.PutUint64(b[16:], p.reference)
	binary.BigEndian.PutUint64(b[24:], p.originate)
	binary.BigEndian.PutUint64(b[32:], p.receive)
	binary.BigEndian.PutUint64(b[40:], p.transmit)
	return b
}

// ntpTime returns a timestamp: seconds since 1900 modulo 2^32, and their
// fraction, RFC 5905 section 6.
func ntpTime(t time.Time) uint64 {
	const unixEpoch = 2_208_988_800 // 1970 in seconds since 1900
	fraction := (uint64(t.Nanosecond())<<32 + 500_000_000) / 1_000_000_000
	return uint64(t.Unix()+unixEpoch)<<32 + fraction
}

// ntpAdd adds a duration to a timestamp.
func ntpAdd(timestamp uint64, d time.Duration) uint64 {
	seconds, rest := d/time.Second, d%time.Second
	return timestamp + uint64(int64(seconds)<<32) + uint64(int64(rest)<<32/int64(time.Second))
}
