package probe_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// timestampList is an OCTET STRING with a list, RFC 6962 section 3.3.
func timestampList(tb testing.TB, list string) []byte {
	tb.Helper()
	der, err := asn1.Marshal([]byte(list))
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

func TestCountTimestamps(t *testing.T) {
	tests := []struct {
		name string
		der  []byte
		want int
	}{
		{"two", timestampList(t, "\x00\x07\x00\x02ab\x00\x01c"), 2},
		{"one", timestampList(t, "\x00\x03\x00\x01a"), 1},
		{"none", timestampList(t, "\x00\x00"), 0},
		{"an empty one", timestampList(t, "\x00\x02\x00\x00"), 0},
		{"one cut short", timestampList(t, "\x00\x06\x00\x01a\x00\x09b"), 0},
		{"a list cut short", timestampList(t, "\x00\x09\x00\x01a"), 0},
		{"something after the list", timestampList(t, "\x00\x03\x00\x01ab"), 0},
		{"something after the octets", append(timestampList(t, "\x00\x03\x00\x01a"), 0), 0},
		{"no list", timestampList(t, ""), 0},
		{"no octets", []byte{5, 0}, 0},
		{"nothing", nil, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := probe.CountTimestamps(test.der); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// The facts of the chain have the number.
func TestTimestamps(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, NotAfter: time.Now().Add(time.Hour),
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}, Value: timestampList(t, "\x00\x07\x00\x02ab\x00\x01c")}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if got := probe.Describe(probe.Network{}, []*x509.Certificate{c})[0].SCTs; got != 2 {
		t.Errorf("%d timestamps, want 2", got)
	}
}

func TestNoTimestamps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.Inspect{})}
		o := secure(i.Network()).Probe(t.Context(), httpsTarget)
		if len(o.TLS.Chain) == 0 || o.TLS.Chain[0].SCTs != 0 {
			t.Errorf("chain %+v", o.TLS.Chain)
		}
	})
}

// FuzzTimestamps: missing timestamps are never counted.
func FuzzTimestamps(f *testing.F) {
	for _, list := range []string{"\x00\x07\x00\x02ab\x00\x01c", "\x00\x00", "\xff\xff\x00\x01a", ""} {
		f.Add(timestampList(f, list))
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		n := probe.CountTimestamps(der)
		if n < 0 || n > len(der)/3 {
			t.Errorf("%d timestamps in %d bytes", n, len(der))
		}
		if n > 0 && probe.CountTimestamps(append(bytes.Clone(der), 0)) != 0 {
			t.Error("something after the list was passed over")
		}
	})
}
