package probe

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"strings"
	"time"
)

const (
	// stall is how long a handshake may stay silent before others are tried
	// alongside.
	stall = 2 * time.Second

	// trial is the time for one of these, or less if the probe has little left. It
	// proves nothing unless it is slack times what the target's own handshake took.
	trial = 3 * time.Second
	slack = 2
)

// packetSizes are the packet sizes with which stalled handshakes are tried
// again: that of Ethernet, to tell size from chance, that of PPPoE (RFC 2516
// section 7), one that fits most tunnels, and the least that IPv6 allows (RFC
// 8200 section 5).
func packetSizes() [4]int { return [...]int{1500, 1492, 1400, 1280} }

// A trialHandshake says how to make another handshake.
type trialHandshake struct {
	newest uint16        // the newest version to offer
	shares []tls.CurveID // nil means the default
	packet int           // the size of the largest packet, or 0 for the path's own

	// Only the ClientHello and the refusal are exchanged.
	refusable bool
	padding   int // how many bytes to add to the ClientHello, at least
}

// moreHandshakes are handshakes alongside that of the probe, only for the
// facts. A nil moreHandshakes does nothing.
type moreHandshakes struct {
	network Network
	host    string
	remote  netip.AddrPort
	main    chan *Error // how the probe's own handshake ended
	done    chan []Handshake
}

// more begins them if the target asks for them. Through a proxy, they would be
// the proxy's connections.
func (n Network) more(ctx context.Context, t Target, o *Observation) *moreHandshakes {
	if !t.Handshakes || o.Proxy != nil || o.TCP == nil {
		return nil
	}
	m := &moreHandshakes{network: n, host: t.Host, remote: o.TCP.Remote, main: make(chan *Error, 1), done: make(chan []Handshake, 1)}
	go func() { m.done <- m.run(ctx) }()
	return m
}

// ended says how the probe's own handshake ended, and whether its chain is
// genuine.
func (m *moreHandshakes) ended(s session) {
	switch {
	case m == nil:
	case s.failed == nil && s.foreign != nil:
		m.main <- s.foreign
	default:
		m.main <- s.failed
	}
}

// finish waits for the results and adds them to the facts.
func (m *moreHandshakes) finish(o *Observation) {
	if m != nil {
		o.TLS.Handshakes = <-m.done
	}
}

// run makes a newer handshake beside the probe's own, so that it takes no time of
// its own, and others if one of the two fails.
func (m *moreHandshakes) run(ctx context.Context) []Handshake {
	const rounds = 2
	start, patience := time.Now(), trial
	if deadline, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(deadline)/(rounds+1))
	}
	beside, cancel := context.WithCancel(ctx)
	defer cancel()
	newer := make(chan []Handshake, 1)
	go func() { newer <- m.within(beside, patience, largeHello()) }()
	failed, smaller := m.await(ctx)
	took := time.Since(start)
	if failed != nil {
		cancel()
		<-newer
		return smaller
	}
	results := <-newer
	switch {
	case len(results) == 0 || results[0].Code == "":
		return results
	case results[0].Code == TLSTimeout && patience < slack*took:
		return nil
	}
	return append(results, m.explain(ctx, patience)...)
}

// await returns how the probe's own handshake ends, with the results of others
// if it stalls until its time is up.
func (m *moreHandshakes) await(ctx context.Context) (*Error, []Handshake) {
	patience := stall
	if deadline, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(deadline)/4)
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case failed := <-m.main:
		return failed, nil
	case <-timer.C:
	}
	smaller, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan []Handshake, 1)
	go func() { results <- m.smaller(smaller) }()
	failed := <-m.main
	if failed != nil && failed.Code == TLSTimeout {
		return failed, <-results
	}
	cancel()
	<-results
	return failed, nil
}

// smaller repeats a handshake that stalls, with packets of several sizes. If
// these cannot be limited, it sends what is answered with a small packet.
func (m *moreHandshakes) smaller(ctx context.Context) []Handshake {
	if !m.network.limitsSegments() {
		const severalPackets = 3000
		small := trialHandshake{newest: tls.VersionTLS12, refusable: true}
		large := small
		large.padding = severalPackets
		return m.all(ctx, []trialHandshake{small, large})
	}
	sizes := packetSizes()
	var trials []trialHandshake
	for _, size := range sizes {
		trials = append(trials, trialHandshake{newest: tls.VersionTLS12, packet: size})
	}
	return m.all(ctx, trials)
}

// largeHello is a handshake as newer systems make it: TLS 1.3, with a key share that
// does not fit into one packet.
func largeHello() trialHandshake {
	return trialHandshake{newest: tls.VersionTLS13, shares: []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256}}
}

// explain finds out why such a handshake failed.
func (m *moreHandshakes) explain(ctx context.Context, patience time.Duration) []Handshake {
	large := largeHello()
	again := []trialHandshake{large, {newest: tls.VersionTLS13, shares: []tls.CurveID{tls.X25519, tls.CurveP256}}}
	if m.network.limitsSegments() {
		sizes := packetSizes()
		large.packet = sizes[len(sizes)-1]
		again = append(again, large)
	}
	return m.within(ctx, patience, again...)
}

// within returns the results of trials that have this much time. There are none
// if the probe ends before.
func (m *moreHandshakes) within(ctx context.Context, patience time.Duration, trials ...trialHandshake) []Handshake {
	own, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	results := m.all(own, trials)
	if ended(ctx) {
		return nil
	}
	return results
}

// all makes handshakes at the same time.
func (m *moreHandshakes) all(ctx context.Context, trials []trialHandshake) []Handshake {
	results := make([]Handshake, len(trials))
	atOnce(len(trials), func(i int) { results[i] = m.handshake(ctx, trials[i]) })
	return results
}

func (m *moreHandshakes) handshake(ctx context.Context, t trialHandshake) Handshake {
	h := Handshake{Offered: tls.VersionName(t.newest), Packet: t.packet, Refusable: t.refusable}
	conn, err := m.dial(ctx, t.packet)
	if err != nil {
		h.Code = newError(ctx, OpConnect, m.remote.String(), err).Code
		return h
	}
	defer conn.Close()
	wire := &tap{Conn: conn}
	secure := tls.Client(wire, t.config(m.host))
	err = secure.HandshakeContext(ctx)
	h.Hello = wire.hello
	if err != nil {
		h.Code = newError(ctx, OpHandshake, m.remote.String(), wire.explain(err)).Code
		return h
	}
	h.Version = tls.VersionName(secure.ConnectionState().Version)
	return h
}

func (t trialHandshake) config(host string) *tls.Config {
	c := tlsConfig(host)
	c.MaxVersion, c.CurvePreferences = t.newest, t.shares
	if t.refusable {
		c.CipherSuites = []uint16{tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA} // prohibited, RFC 7465
	}
	const longest = 255 // of a protocol's name, RFC 7301 section 3.1
	for n := 0; n < t.padding; n += longest {
		c.NextProtos = append(c.NextProtos, strings.Repeat("x", longest))
	}
	return c
}

// dial connects with packets of at most this size, or of the path's own for 0.
func (m *moreHandshakes) dial(ctx context.Context, packet int) (net.Conn, error) {
	const headers4, headers6 = 20 + 20, 40 + 20 // of IP and TCP, without options
	switch {
	case packet == 0:
		return m.network.dial(ctx, "tcp", m.remote.String())
	case m.remote.Addr().Is4():
		return m.network.dialMSS(ctx, m.remote.String(), packet-headers4)
	}
	return m.network.dialMSS(ctx, m.remote.String(), packet-headers6)
}
