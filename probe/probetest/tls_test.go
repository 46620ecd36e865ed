package probetest_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe/probetest"
)

func handshake(ctx context.Context, i *probetest.Internet, address string, config *tls.Config) (tls.ConnectionState, error) {
	c, err := i.DialContext(ctx, "tcp", address)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if config.RootCAs == nil {
		config.RootCAs = i.Network().Roots
	}
	t := tls.Client(c, config)
	err = t.HandshakeContext(ctx)
	return t.ConnectionState(), err
}

func TestGenuineChain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"login.live.com"}, Latency: 50 * time.Millisecond}
		start := time.Now()
		state, err := handshake(t.Context(), i, "203.0.113.1:443", &tls.Config{
			ServerName: "login.live.com", RootCAs: i.Network().PublicRoots, MaxVersion: tls.VersionTLS12,
		})
		if err != nil {
			t.Fatal(err)
		}
		if d := time.Since(start); d != 150*time.Millisecond {
			t.Errorf("took %v, want three round trips of 50ms", d)
		}
		if len(state.PeerCertificates) != 2 || len(state.VerifiedChains) != 1 || len(state.VerifiedChains[0]) != 3 {
			t.Fatalf("%d certificates were shown, chains %v", len(state.PeerCertificates), state.VerifiedChains)
		}
		if diff := cmp.Diff([]string{"login.live.com"}, state.PeerCertificates[0].DNSNames); diff != "" {
			t.Errorf("names (-want +got):\n%s", diff)
		}
		again, err := handshake(t.Context(), i, "203.0.113.1:443", &tls.Config{ServerName: "login.live.com"})
		if err != nil {
			t.Fatal(err)
		}
		if !again.PeerCertificates[0].Equal(state.PeerCertificates[0]) {
			t.Error("another certificate was shown the second time")
		}
		time.Sleep(100 * 24 * time.Hour)
		if _, err := handshake(t.Context(), i, "203.0.113.1:443", &tls.Config{ServerName: "login.live.com"}); err != nil {
			t.Errorf("after a hundred days: %v", err)
		}
	})
}

func TestChainForAddress(t *testing.T) {
	i := &probetest.Internet{IPv6: true}
	for _, host := range []string{"203.0.113.1", "2001:db8::1"} {
		_, err := handshake(t.Context(), i, net.JoinHostPort(host, "443"), &tls.Config{ServerName: host})
		if err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestTLSFaults(t *testing.T) {
	const host = "login.live.com"
	ok := func(error) bool { return true }
	invalid := func(reason x509.InvalidReason) func(error) bool {
		return func(err error) bool {
			var e x509.CertificateInvalidError
			return errors.As(err, &e) && e.Reason == reason
		}
	}
	unknown := func(err error) bool { return isType[x509.UnknownAuthorityError](err) }
	alert := func(n tls.AlertError) func(error) bool {
		return func(err error) bool {
			var op *net.OpError // how crypto/tls reports the peer's alerts
			return errors.As(err, &op) && op.Op == "remote error" && op.Err.Error() == n.Error()
		}
	}
	for _, test := range []struct {
		name   string
		fault  probetest.Fault
		config *tls.Config
		want   func(error) bool // nil for success
	}{
		{name: "none", fault: nil},
		{name: "TLS 1.2 alone", config: &tls.Config{MaxVersion: tls.VersionTLS12}},
		{name: "untrusted", fault: probetest.Untrusted, want: unknown},
		{name: "inspected, by a known CA", fault: probetest.Inspect{}},
		{name: "inspected, by an unknown CA", fault: probetest.Inspect{Unknown: true}, want: unknown},
		{name: "inspected, but for this host", fault: probetest.Inspect{Unknown: true, Except: []string{"*.live.com"}}},
		{name: "inspected, but for another host", fault: probetest.Inspect{Unknown: true, Except: []string{"other.example"}}, want: unknown},
		{name: "wrong name", fault: probetest.WrongName, want: func(err error) bool { return isType[x509.HostnameError](err) }},
		{name: "another name that is right", fault: probetest.Certificate{Names: []string{"*.live.com"}}},
		{name: "expired", fault: probetest.Expired, want: invalid(x509.Expired)},
		{name: "not yet valid", fault: probetest.Certificate{From: time.Hour, Until: 2 * time.Hour}, want: invalid(x509.Expired)},
		{name: "valid at another time too", fault: probetest.Certificate{From: -time.Hour, Until: time.Hour}},
		{name: "without the intermediate", fault: probetest.LeafOnly, want: unknown},
		{name: "TLS 1.1 at most", fault: probetest.TLSVersions{Max: tls.VersionTLS11}, want: alert(70)},
		{name: "TLS 1.1 at most, and a client that can", fault: probetest.TLSVersions{Max: tls.VersionTLS11}, config: &tls.Config{MinVersion: tls.VersionTLS10}},
		{name: "TLS 1.3 at least", fault: probetest.TLSVersions{Min: tls.VersionTLS13}, config: &tls.Config{MaxVersion: tls.VersionTLS12}, want: alert(70)},
		{name: "TLS 1.3 at least, and a client that can", fault: probetest.TLSVersions{Min: tls.VersionTLS13}},
		{name: "an alert", fault: probetest.Alert{}, want: alert(40)},
		{name: "another alert", fault: probetest.Alert{Description: 112}, want: alert(112)},
		{name: "a client certificate requested", fault: probetest.ClientCertificate{}},
		{name: "a client certificate required", fault: probetest.ClientCertificate{Require: true}, config: &tls.Config{MaxVersion: tls.VersionTLS12}, want: ok},
		{name: "silence", fault: probetest.Silence, want: isTimeout},
		{name: "silence after the ClientHello", fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Silence}, want: isTimeout},
		{name: "silence after the certificate", fault: probetest.At{Stage: probetest.AfterCertificate, Fault: probetest.Silence}, config: &tls.Config{MaxVersion: tls.VersionTLS12}, want: isTimeout},
		{name: "silence after the handshake", fault: probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Silence}},
		{name: "closed", fault: probetest.Close, want: is(io.EOF)},
		{name: "closed after the ClientHello", fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Close}, want: is(io.EOF)},
		{name: "reset", fault: probetest.Reset, want: is(probetest.ConnReset)},
		{name: "reset after the ClientHello", fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}, want: is(probetest.ConnReset)},
		{name: "reset after the certificate", fault: probetest.At{Stage: probetest.AfterCertificate, Fault: probetest.Reset}, config: &tls.Config{MaxVersion: tls.VersionTLS12}, want: is(probetest.ConnReset)},
		{name: "reset for this name", fault: probetest.At{Host: host, Fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}}, want: is(probetest.ConnReset)},
		{name: "reset for another name", fault: probetest.At{Host: "other.example", Fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}}},
		{name: "text", fault: probetest.Garbage{}, want: func(err error) bool { return isType[tls.RecordHeaderError](err) }},
		{name: "HTTP", fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Garbage{Data: "HTTP/1.0 400 Bad Request\r\n\r\n"}}, want: func(err error) bool { return isType[tls.RecordHeaderError](err) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Hosts: []string{host}, Latency: 50 * time.Millisecond,
					Faults: []probetest.Fault{test.fault},
				}
				config := test.config.Clone()
				if config == nil {
					config = new(tls.Config)
				}
				config.ServerName = host
				_, err := handshake(t.Context(), i, "203.0.113.1:443", config)
				if test.want == nil && err != nil || test.want != nil && (err == nil || !test.want(err)) {
					t.Errorf("error: %#v", err)
				}
			})
		})
	}
}

// The machine knows the inspecting CAs, and the public does not.
func TestRoots(t *testing.T) {
	i := &probetest.Internet{Faults: []probetest.Fault{
		probetest.At{Host: "a.example", Fault: &probetest.Inspect{Organization: "Zscaler Inc."}},
		probetest.At{Host: "b.example", Fault: probetest.Inspect{Unknown: true}},
	}}
	n := i.Network()
	for _, test := range []struct {
		host            string
		machine, public bool
		issuer          string
	}{
		{"a.example", true, false, "Zscaler Inc."},
		{"b.example", false, false, "Example Web Gateway"},
		{"c.example", true, true, "Probetest Public Trust"},
	} {
		for pool, want := range map[*x509.CertPool]bool{n.Roots: test.machine, n.PublicRoots: test.public} {
			state, err := handshake(t.Context(), i, "203.0.113.1:443", &tls.Config{ServerName: test.host, InsecureSkipVerify: true})
			if err != nil {
				t.Fatal(err)
			}
			leaf := state.PeerCertificates[0]
			if diff := cmp.Diff([]string{test.issuer}, leaf.Issuer.Organization); diff != "" {
				t.Errorf("%s: issuer (-want +got):\n%s", test.host, diff)
			}
			intermediates := x509.NewCertPool()
			intermediates.AddCert(state.PeerCertificates[1])
			_, err = leaf.Verify(x509.VerifyOptions{DNSName: test.host, Roots: pool, Intermediates: intermediates})
			if (err == nil) != want {
				t.Errorf("%s: %v", test.host, err)
			}
		}
	}
}

// With a wrong local clock, every certificate's period is wrong, though right
// for the internet's time.
func TestSkewOfCertificates(t *testing.T) {
	for name, skew := range map[string]time.Duration{"slow": 400 * 24 * time.Hour, "fast": -400 * 24 * time.Hour} {
		t.Run("the local clock is "+name, func(t *testing.T) {
			i := &probetest.Internet{Skew: skew}
			_, err := handshake(t.Context(), i, "203.0.113.1:443", &tls.Config{ServerName: "a.example"})
			var invalid x509.CertificateInvalidError
			if !errors.As(err, &invalid) || invalid.Reason != x509.Expired {
				t.Errorf("at local time: %v", err)
			}
			_, err = handshake(t.Context(), i, "203.0.113.1:443", &tls.Config{
				ServerName: "a.example", Time: func() time.Time { return time.Now().Add(skew) },
			})
			if err != nil {
				t.Errorf("at the time of the internet: %v", err)
			}
		})
	}
}

// Faults that change the certificate combine.
func TestFaultsTogether(t *testing.T) {
	i := &probetest.Internet{Faults: []probetest.Fault{
		probetest.Inspect{Organization: "First"}, probetest.Expired, probetest.WrongName, probetest.Inspect{Organization: "Second"},
	}}
	state, err := handshake(t.Context(), i, "203.0.113.1:443", &tls.Config{ServerName: "a.example", InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	leaf := state.PeerCertificates[0]
	if diff := cmp.Diff([]string{"First"}, leaf.Issuer.Organization); diff != "" {
		t.Errorf("issuer (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"other.example"}, leaf.DNSNames); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if time.Now().Before(leaf.NotAfter) {
		t.Errorf("valid until %v", leaf.NotAfter)
	}
}

func isType[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func isTimeout(err error) bool {
	return errors.Is(err, context.DeadlineExceeded)
}
