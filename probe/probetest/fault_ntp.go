package probetest

import "time"

// Clock sets the clocks of time servers wrong, and no others. See Skew of
// [Internet] to set the local one wrong.
type Clock struct {
	Ahead time.Duration
}

func (c Clock) in(flow) Fault { return c }

func (c Clock) ntp(p *ntpPacket) {
	p.reference = ntpAdd(p.reference, c.Ahead)
	p.receive = ntpAdd(p.receive, c.Ahead)
	p.transmit = ntpAdd(p.transmit, c.Ahead)
}

// KissOfDeath tells the client to go away, RFC 5905 section 7.4.
type KissOfDeath struct {
	Code string // four letters; empty means "RATE"
}

func (k KissOfDeath) in(flow) Fault { return k }

func (k KissOfDeath) ntp(p *ntpPacket) {
	if k.Code == "" {
		k.Code = "RATE"
	}
	p.stratum, p.leap = 0, 3
	p.referenceID = [4]byte{}
	copy(p.referenceID[:], k.Code)
}

// Unsynchronized is a server that has no time itself: leap indicator 3, and
// stratum 0, by which packets mean 16, RFC 5905 section 7.3.
type Unsynchronized struct{}

func (u Unsynchronized) in(flow) Fault { return u }

func (Unsynchronized) ntp(p *ntpPacket) {
	p.leap, p.stratum = 3, 0
	p.referenceID = [4]byte{}
	p.reference = 0
}

// NTPFields sets fields of the answer, whether they make sense or not. A field
// that is nil is left as it is.
type NTPFields struct {
	Leap, Mode, Stratum   *uint8
	Originate             *uint64
	Receive, Transmit     *uint64
	RootDelay, Dispersion *time.Duration
}

func (n NTPFields) in(flow) Fault { return n }

func (n NTPFields) ntp(p *ntpPacket) {
	set(&p.leap, n.Leap)
	set(&p.mode, n.Mode)
	set(&p.stratum, n.Stratum)
	set(&p.originate, n.Originate)
	set(&p.receive, n.Receive)
	set(&p.transmit, n.Transmit)
	if n.RootDelay != nil {
		p.rootDelay = uint32(*n.RootDelay << 16 / time.Second)
	}
	if n.Dispersion != nil {
		p.rootDispersion = uint32(*n.Dispersion << 16 / time.Second)
	}
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}
