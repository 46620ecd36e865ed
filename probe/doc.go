// Package probe measures how a network treats a connection: whether a name
// resolves, a port accepts, a handshake completes, and who answers.
//
// [Network.Probe] measures a target. The target's protocol selects the prober:
//
//	var n probe.Network // this machine's network
//	o := n.Probe(ctx, probe.Target{Protocol: probe.HTTPS, Host: "login.live.com"})
//	if !o.OK() {
//		fmt.Println(o.Error) // handshake login.live.com:443: tls.inspected: …
//	}
//
// An [Observation] holds what was seen, as typed facts, step by step. It does
// not judge whether a failure matters or who is at fault.
//
// # Probers
//
//	protocol  port       shows
//	DNS       -          which addresses each resolver has for the name
//	NXDomain  -          that no resolver invents addresses
//	TCP       -          that something accepts connections
//	HTTP      80         that something other than a known filter or portal answers
//	HTTPS     443        that the genuine host answers over TLS 1.2
//	NTP       123        how far the local clock is off
//	NCSI      80 or 53   that Windows would detect internet access
//	WPAD      80         whether Windows would discover a proxy
//	SRV       record's   whether a server of a service accepts connections
//	CNAME     -          which name a name is an alias of
//	SOA       -          that a resolver knows the zone of a name, and who runs it
//
// The port is the default for a target with port zero.
//
// # Guarantees
//
// If the target cannot be reached, the observation's Error says at which step,
// with a [Code]. Codes are stable, and are errors themselves:
//
//	if errors.Is(o.Error, probe.TLSExpired) { … }
//
// A probe returns within a tenth of a second after its context ends, and leaves
// nothing running. It keeps the facts learned before a failure. A context
// without a deadline gets [DefaultTimeout].
//
// Failures that may be transient are retried once, and both attempts are
// recorded. After a connection reset before any response, Attempts is 2 and
// Steps has both attempts. An unanswered datagram is sent again: for DNS,
// Attempts of the [DNSQuery] counts the datagrams, and for NTP, Attempts of the
// observation does, with a step for each. Nothing else is retried.
//
// All data from the network is untrusted. Reads are limited, and text is
// truncated and stripped of unprintable characters. Redirects to other hosts
// are not followed, except for documents that certificates point to, and never
// to this machine or link. A probe sends no secrets except the credentials in a
// proxy's URL, which go only to that proxy and are never recorded.
//
// # What counts as reached
//
// A port is reached if it accepts a connection. That proves little, because
// proxies and portals accept for everyone.
//
// A web server is reached if it gives any HTTP response, whatever the status.
// Many hosts that devices need have nothing at their root and answer 403, 404
// or 503. What matters is who answers. So HTTPS requires a genuine certificate
// chain. A genuine host that requests a client certificate counts as reached
// even if it then breaks off the connection. Over plain HTTP, only the response
// itself can tell.
//
// A chain is genuine if any path leads to a root that Windows trusts or
// Mozilla's bundle has. Windows decides, and not browsers, because the devices
// run Windows. Genuine roots are
//
//   - those that Microsoft ships with Windows, see [Network], including roots
//     that only this machine has but whose hash is known;
//   - those of the Windows root program, some of which browsers have dropped;
//     and
//   - Mozilla's, see [Network].
//
// The first two add 195 KB to a program. They are parsed, in about 2 ms, once
// and only if a chain is in doubt.
//
// A chain that verifies only under the machine's own roots means that TLS is
// inspected. If it does not verify there either, its CA is unknown, or
// certificates are missing and could not be fetched; the facts tell which. A
// chain that ends at a public CA whose certificate is unavailable is neither:
// it cannot be judged. Trust is judged apart from time and name, so that a
// wrong clock is not mistaken for a wrong host.
//
// If something else answers, the facts identify it: the chain, the header, the
// redirect target, the page title. Vendor names a known product. It is a hint
// about whom to contact: no result depends on it, and it is empty for a host
// that proved its identity. Redirects by markup or script are not followed.
//
// Errors of this machine, [LocalResource], [LocalDenied] and [LocalSocket], say
// nothing about the network.
//
// # Networks
//
// Probers do everything through a [Network]: how to dial, which resolvers and
// proxy to use, which roots to trust. The zero value is this machine's network.
// Package probetest has a simulated network that can be broken in many ways.
// [Network.Shared] lets the probes of one run share what they learn.
//
// # Proxies
//
// HTTP and HTTPS targets go through the network's proxy for them, if any, and
// the proxy resolves their names. [EnvironmentProxy] and [SystemProxy] return
// the configured proxies. [WPAD] says whether the network offers one, but does
// not use it, because that would mean running an untrusted script.
//
// A refusal by the proxy is distinguished from one by the host. A refused
// tunnel or SOCKS request is the proxy's doing; a response over plain HTTP is
// the proxy's only if it says so. The proxy's stated reason, or else its
// status, tells refusal from failure. A target with [Target].Direct bypasses
// all proxies.
//
// # Your own probers
//
// A [Prober] is a function that receives the network to measure. It may define
// its own codes. [Network.Talk] makes one from a conversation:
//
//	const noGreeting probe.Code = "contoso.no_greeting"
//
//	func smtp(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
//		return n.Talk(ctx, "tcp", t, func(c net.Conn) error {
//			line, err := bufio.NewReader(c).ReadString('\n')
//			if err == nil && !strings.HasPrefix(line, "220 ") {
//				err = fmt.Errorf("%w: %.80q", noGreeting, line)
//			}
//			return err
//		})
//	}
//
// Use [Network.DialContext] and [Network.LookupNetIP] for several connections
// and for clients of other packages. A panic in the caller's code becomes an
// error with the code [Panicked].
//
// An observation without attempts means that nothing was measured. It is never
// OK.
package probe
