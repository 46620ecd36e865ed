// Package probe measures what a network does with a connection: whether a name
// resolves, a port accepts, a handshake completes, and who answers.
//
// For most uses, take the prober of a protocol and give it a target:
//
//	o := probe.HTTPS{}.Probe(ctx, probe.Target{Host: "login.live.com", Port: 443})
//	if !o.OK() {
//		fmt.Println(o.Error) // handshake login.live.com:443: tls.inspected: …
//	}
//
// An [Observation] holds what was seen, as typed facts, step by step. It holds
// no opinion: whether a failure matters, and whose fault it is, is for others to
// say.
//
// # Probers
//
// Each is a plain struct whose zero value works on the host's own network.
//
//	prober   port       proves
//	DNS      -          that each resolver gives the name an address
//	NXDomain -          that no resolver makes names up
//	TCP      -          that somebody accepts connections
//	HTTP     80         that somebody answers, who is not known to be a filter or a portal
//	HTTPS    443        that the genuine host answers over TLS 1.2
//	ByteRange 80, 443   that a part of a file can be had
//	NTP      123        how far the local clock is off
//	NCSI     80 or 53   that Windows would find itself on the internet
//	WPAD     80         whether Windows would find a proxy by itself
//	SRV      record's   whether a server of a service accepts connections
//	CNAME    -          of which name another one is an alias
//
// The port is what a zero target port means.
//
// # What a probe promises
//
// A failure to reach the target is part of the observation, in its Error, with
// the step at which it happened and a [Code]. Codes are stable, and are errors
// themselves:
//
//	if errors.Is(o.Error, probe.TLSExpired) { … }
//
// A probe returns promptly once its context ends, within a tenth of a second,
// and leaves nothing running. The facts learned before a failure are kept. A
// context without a deadline gets one of [DefaultTimeout].
//
// What may be an accident is tried once more, and stays to be seen whatever comes
// of it. A connection that is reset before anything was answered is attempted
// again: Attempts is 2 then, and Steps has both. A datagram that is not answered
// is sent again: Attempts of the [DNSQuery] counts it, or Attempts of the
// observation for NTP, with a step for each. Nothing else is tried twice.
//
// Every byte that comes from the network is taken for hostile. What is read is
// bounded, and text that is kept is cut, and freed of what cannot be printed.
// Redirects to other hosts are never followed, but for those of documents that
// a certificate points to, and those never to this machine or link. Nothing that
// a probe sends is secret, but for the credentials in the URL of a proxy, which
// are sent to that proxy, and never kept.
//
// # What counts as reached
//
// A port counts as reached once it accepts. That proves little, because proxies
// and portals accept for everyone.
//
// A web server counts as reached when it gives any answer over HTTP, whatever
// its status: many hosts that devices need have nothing at their root, and say
// 403, 404 or 503 there. What matters is who answers. So HTTPS asks for a chain
// of certificates that is genuine, and a genuine host that asks for a client
// certificate is reached even if it breaks off for want of one. Plain HTTP can
// only go by what an answer says of itself.
//
// A chain is genuine if it verifies under the public roots or Microsoft's own,
// see [Network] and [MicrosoftRoots]. If it only does under the roots of the
// machine, somebody inspects TLS; if it does not there either, somebody the
// machine does not know, or certificates are missing that could not be fetched:
// the facts tell. That is judged apart from the time and the name, so that a wrong
// clock is not taken for a wrong host.
//
// Who answers in place of the host is in the facts: the chain, the header, where
// it redirects, the title of the page. Known products are named, as Vendor. That
// is for people to know whom to talk to: no outcome depends on it, and a host
// that has proved itself has none. Pages that redirect by markup or script are not
// followed.
//
// Errors of the machine itself, [LocalResource] and [LocalDenied], say nothing
// about the network.
//
// # Networks
//
// All that probers do goes through a [Network]: how to dial, which resolvers to
// ask, which proxy to use, which roots to trust. Its zero value is the host's
// own. Package probetest has one that is imaginary, and can be broken in any
// way. [Network.Shared] lets the probes of one run share what they learn.
//
// # Proxies
//
// HTTP and HTTPS targets go through a proxy if the network has one for them, and
// are looked up there. [EnvironmentProxy] and [SystemProxy] say which one is set;
// [WPAD] says whether the network offers one, without following it, because
// that would mean to run a script of a stranger. A proxy that says no is told from
// a host that does: a refused tunnel is the proxy's doing, as is a refusal over
// SOCKS, and an answer to plain HTTP only if it says so itself. Whether it would not
// or could not is told by the reason that it gives, if it gives one, and else by
// the status. A target that is [Target].Direct passes every proxy by.
//
// # Probers of your own
//
// Anything with the method of [Prober] is one. [Func] adapts a function, and
// codes can be invented:
//
//	badge := probe.Func(func(ctx context.Context, t probe.Target) probe.Observation {
//		o := probe.Observation{Target: t, Attempts: 1, Start: time.Now()}
//		if err := knock(ctx, t.Addr()); err != nil {
//			o.Error = &probe.Error{Op: "badge", Addr: t.Addr(), Code: "contoso.no_badge", Err: err}
//		}
//		o.Duration = time.Since(o.Start)
//		return o
//	})
//
// An observation with no attempts means that nothing was measured, and is never
// OK.
package probe
