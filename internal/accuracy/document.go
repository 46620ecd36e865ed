package accuracy

import "github.com/netready/netready/readiness"

// document returns what becomes of fetching what certificates point to, from
// one of several hosts.
func (n *Network) document(hosts ...string) Fate {
	var f Fate
	for _, host := range hosts {
		w := way{host: host, on: onHTTP, proxied: n.proxied}
		if host != aiaHost {
			w.on |= onDocuments
		}
		f = n.walk(w, false)
		if f.Status == readiness.OK {
			break
		}
	}
	return f
}

// tellsRevoked reports whether it can be learnt that a certificate is revoked:
// that an answer is out of date does not take it back, and one that comes with
// the certificate need not be fetched.
func (n *Network) tellsRevoked() bool {
	useless := n.index(func(f Fault) bool { return f.Kind == "revocation-useless" })
	if useless >= 0 && !n.Faults[useless].stale {
		return false
	}
	f := n.document(ocspHost, crlHost)
	return f.Status == readiness.OK || useless >= 0 && f.By == useless || n.stapled
}

// revocation returns what becomes of asking whether certificates are revoked.
func (n *Network) revocation() Fate {
	f := n.document(ocspHost, crlHost)
	if f.Status == readiness.OK && !revocationWindow().holds(-n.skew()) {
		f = Fate{Status: readiness.Failed, By: n.index(func(f Fault) bool { return f.skew != 0 }), Step: StepReply, Shaky: -1}
	}
	return f
}
