package probetest

import "time"

// An NTPAnswer changes the answers of time servers, valid or not. Zero and nil
// fields change nothing.
type NTPAnswer struct {
	// Ahead sets only the clocks of time servers wrong. To set the local clock
	// wrong, use Skew of [Internet].
	Ahead time.Duration

	// Kiss is the code of a kiss of death, four letters, RFC 5905 section 7.4.
	Kiss string

	Leap, Mode, Stratum   *uint8
	Version               *uint8 // of the protocol
	Originate             *uint64
	Receive, Transmit     *uint64
	RootDelay, Dispersion *time.Duration
}

func (n NTPAnswer) in(flow) Fault { return n }

func (n NTPAnswer) ntp(p *ntpPacket) {
	p.reference = ntpAdd(p.reference, n.Ahead)
	p.receive = ntpAdd(p.receive, n.Ahead)
	p.transmit = ntpAdd(p.transmit, n.Ahead)
	if n.Kiss != "" {
		p.stratum, p.leap = 0, 3
		p.referenceID = [4]byte{}
		copy(p.referenceID[:], n.Kiss)
	}
	set(&p.leap, n.Leap)
	set(&p.mode, n.Mode)
	set(&p.version, n.Version)
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
