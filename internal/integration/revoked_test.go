//go:build linux

package integration_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/netready/netready/probe"
)

// TestRevocation has revoked certificates, and unreachable CRL and OCSP
// servers.
func TestRevocation(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const host = "login.live.com"
	r.faults(t, []fault{{
		name: "one that is revoked",
		apply: func(t *testing.T) {
			t.Helper()
			r.replace(t, host, r.pki.genuine, leaf{revoked: true})
		},
		want: blocked("host.unreachable"),
		code: probe.TLSRevoked,
		more: blames("host.unreachable", "https "+host+":443"),
	}, {
		name:  "a stopped responder, next to lists",
		apply: r.responds(responding{off: true}),
		want:  outcome{Verdict: "ready"},
	}, {
		name:  "lists and a responder out of reach",
		apply: r.firewalling("ip daddr "+authorityV4+" reject with tcp reset", "ip6 daddr "+authorityV6+" reject with tcp reset"),
		want:  blocked("revocation.unreachable"),
	}, {
		name:  "lists and a responder that do not answer",
		apply: r.firewalling("ip daddr "+authorityV4+" drop", "ip6 daddr "+authorityV6+" drop"),
		want:  blocked("revocation.unreachable"),
	}, {
		name:  "an outdated list, next to a responder",
		apply: r.publishes(lists{stale: "issuer"}, responding{}),
		want:  outcome{Verdict: "ready"},
		more:  r.sources("good", "", "good", "revocation.stale", "good", ""),
	}, {
		name:  "lists that are out of date",
		apply: r.publishes(lists{stale: "root issuer"}, responding{off: true}),
		want:  blocked("revocation.unreachable"),
		more:  r.sources("", "http.status", "good", "revocation.stale", "good", "revocation.stale"),
	}, {
		name:  "lists that someone else signed",
		apply: r.publishes(lists{forged: true}, responding{off: true}),
		want:  blocked("revocation.unreachable"),
		more:  r.sources("", "http.status", "", "revocation.bad_signature", "", "revocation.bad_signature"),
	}, {
		name:  "a page in the place of lists",
		apply: r.publishes(lists{page: "<html><title>Gone</title>We have moved.</html>"}, responding{off: true}),
		want:  blocked("revocation.unreachable"),
		more:  r.sources("", "http.status", "", "revocation.malformed", "", "revocation.malformed"),
	}})
}

// TestIssuers has a server omit its issuer's certificate.
func TestIssuers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const host = "login.live.com"
	alone := func(s site, rules ...string) func(*testing.T) {
		return func(t *testing.T) {
			t.Helper()
			r.replace(t, host, r.pki.genuine, leaf{alone: true})
			r.serveSite(t, s)
			r.firewall(t, rules...)
		}
	}
	const url = "http://" + crlHost + "/issuer.cer"
	asked := func(cause string, code probe.Code) func(*testing.T, document) {
		return func(t *testing.T, doc document) {
			t.Helper()
			blames(cause, "https "+host+":443")(t, doc)
			for _, o := range doc.Observations {
				var want []source
				if o.Target.Host == host && o.Target.Protocol == probe.HTTPS {
					want = []source{{URL: url, Code: string(code)}}
				}
				if diff := cmp.Diff(want, o.TLS.IssuerFailures); diff != "" || o.TLS.FetchedIssuers != nil {
					t.Errorf("%s, certificates asked for in vain (-want +got), beside %q:\n%s", o.Target, o.TLS.FetchedIssuers, diff)
				}
			}
		}
	}
	r.faults(t, []fault{{
		name:  "that can be fetched",
		apply: alone(site{}),
		want:  outcome{Verdict: "ready"},
		more: func(t *testing.T, doc document) {
			t.Helper()
			for _, o := range doc.Observations {
				if fetched := slices.Equal(o.TLS.FetchedIssuers, []string{url}); fetched != (o.Target.String() == "https "+host+":443") {
					t.Errorf("%s: fetched %q", o.Target, o.TLS.FetchedIssuers)
				}
			}
		},
	}, {
		name:  "that is gone",
		apply: alone(site{lists: lists{issuer: "return 404;"}}),
		want:  blocked("tls.untrusted"),
		code:  probe.TLSUntrusted,
		more:  asked("tls.untrusted", probe.HTTPStatus),
	}, {
		name:  "that is a page",
		apply: alone(site{lists: lists{issuer: `default_type text/html; return 200 "<html><title>Gone</title>We have moved.</html>";`}}),
		want:  blocked("tls.untrusted"),
		code:  probe.TLSUntrusted,
		more:  asked("tls.untrusted", probe.HTTPBodyMismatch),
	}, {
		name:  "that no port leads to",
		apply: alone(site{}, "tcp dport 80 reject with tcp reset"),
		want:  blocked("egress.http_blocked"),
	}})
}

// publishes returns a function that makes the CA publish lists and answer
// requests like this.
func (r *rig) publishes(l lists, s responding) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		r.serveSite(t, site{lists: l})
		r.serveStatus(t, s)
	}
}

func (r *rig) responds(s responding) func(*testing.T) { return r.publishes(lists{}, s) }

// sources checks the revocation sources of a host: the responder, the issuer's
// CRL and the root's CRL, each by its status and code.
func (r *rig) sources(said ...string) func(*testing.T, document) {
	want := []source{
		{"http://" + ocspHost, said[0], said[1]},
		{"http://" + crlHost + "/issuer.crl", said[2], said[3]},
		{"http://" + crlHost + "/root.crl", said[4], said[5]},
	}
	return func(t *testing.T, doc document) {
		t.Helper()
		for _, o := range doc.Observations {
			if o.Target.Protocol != probe.HTTPS {
				continue
			}
			if diff := cmp.Diff(want, o.Revocation.Sources); diff != "" {
				t.Errorf("%s (-want +got):\n%s", o.Target, diff)
			}
		}
	}
}
