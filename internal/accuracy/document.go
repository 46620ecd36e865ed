package accuracy

import "github.com/netready/netready/readiness"

// document returns the result of fetching a revocation document or an issuer's
// certificate, from one of several hosts.
func (n *Network) document(hosts ...string) Fate {
	var f Fate
	for _, host := range hosts {
		w := way{host: host, on: onHTTP, proxied: n.proxied}
		if host != aiaHost {
			w.on |= onDocuments
		}
		f = n.walk(w, false)
		if f.Outcome == readiness.OK {
			break
		}
	}
	return f
}

// tellsRevoked reports whether a check can learn that a certificate is revoked:
// even an outdated response says so, and a stapled one need not be fetched.
func (n *Network) tellsRevoked() bool {
	useless := n.index(func(f Fault) bool { return f.Kind == "revocation-useless" })
	if useless >= 0 && !n.Faults[useless].stale {
		return false
	}
	f := n.document(ocspHost, crlHost)
	return f.Outcome == readiness.OK || useless >= 0 && f.By == useless || n.stapled
}

// revocation returns the result of checking revocation.
func (n *Network) revocation() Fate {
	f := n.document(ocspHost, crlHost)
	if f.Outcome == readiness.OK && !revocationWindow().holds(-n.skew()) {
		f = Fate{Outcome: readiness.Failed, By: n.index(func(f Fault) bool { return f.skew != 0 }), Step: StepReply, Shaky: -1}
	}
	return f
}
