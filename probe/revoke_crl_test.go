package probe_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/netready/netready/probe"
)

// huge returns a CRL of 4 MB, with 100,000 entries.
func huge(tb testing.TB, o office, by issuer) []byte {
	tb.Helper()
	small := o.list(tb, by, func(l *x509.RevocationList) {
		l.RevokedCertificateEntries = []x509.RevocationListEntry{{SerialNumber: new(big.Int).Lsh(big.NewInt(77), 120), RevocationTime: o.now}}
	})
	in := cryptobyte.String(small)
	var list, tbs, algorithm, before, entries cryptobyte.String
	in.ReadASN1(&list, cbasn1.SEQUENCE)
	list.ReadASN1(&tbs, cbasn1.SEQUENCE)
	list.ReadASN1Element(&algorithm, cbasn1.SEQUENCE)
	rest := tbs
	for range 5 { // version, algorithm, issuer, two times
		var element cryptobyte.String
		var tag cbasn1.Tag
		rest.ReadAnyASN1Element(&element, &tag)
		before = append(before, element...)
	}
	rest.ReadASN1(&entries, cbasn1.SEQUENCE)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(before)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Repeat(entries, 100_000)) })
		b.AddBytes(rest)
	})
	signed := b.BytesOrPanic()
	sum := sha256.Sum256(signed)
	signature, err := by.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		tb.Fatal(err)
	}
	var out cryptobyte.Builder
	out.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(signed)
		b.AddBytes(algorithm)
		b.AddASN1BitString(signature)
	})
	return out.BytesOrPanic()
}

// Anyone on the path can send a CRL of any size. Reading it takes no memory, whoever
// signed it.
func TestHugeCRL(t *testing.T) {
	o := newOffice(t)
	other := o.certificate(t, nil, func(c *x509.Certificate) { c.Subject.CommonName = "issuer" })
	third := o.certificate(t, nil, func(c *x509.Certificate) { c.Subject.CommonName = "third" })
	var before, after runtime.MemStats
	for _, test := range []struct {
		name string
		by   issuer
		want probe.Statement
	}{
		{"of another issuer", third, probe.Statement{Code: probe.RevocationBadSignature}},
		{"of another issuer of the same name", other, probe.Statement{Code: probe.RevocationBadSignature}},
		{"of the issuer", o.issuer, probe.Statement{Status: "good"}},
	} {
		der := huge(t, o, test.by)
		if len(der) < 3<<20 {
			t.Fatalf("%d bytes", len(der))
		}
		runtime.ReadMemStats(&before)
		got := probe.ReadCRL(der, o.leaf.cert, o.issuer.cert, "http://crl.example/1.crl", o.now)
		runtime.ReadMemStats(&after)
		if got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
			t.Errorf("%s: took %d bytes", test.name, took)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := probe.ReadCRLUntil(ctx, huge(t, o, o.issuer), o.issuer.cert); !errors.Is(err, context.Canceled) {
		t.Errorf("read to the end, %v, after the run was over", err)
	}
}

// A CRL may not hide what is large elsewhere.
func TestCRLFrame(t *testing.T) {
	o := newOffice(t)
	der := o.list(t, o.issuer, func(l *x509.RevocationList) {
		l.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: make([]byte, 80<<10)}}
	})
	if got := probe.ReadCRL(der, o.leaf.cert, o.issuer.cert, "http://crl.example/1.crl", o.now); got.Code != probe.RevocationMalformed {
		t.Errorf("%+v", got)
	}
}

// FuzzCRL compares the entries with those that package x509 finds.
func FuzzCRL(f *testing.F) {
	o := newOffice(f)
	f.Add(o.list(f, o.issuer, nil))
	f.Add(o.list(f, o.issuer, func(l *x509.RevocationList) {
		for _, n := range []int64{1, 128, 1 << 40} {
			l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(n), RevocationTime: o.now, ReasonCode: 1})
		}
	}))
	f.Fuzz(func(t *testing.T, der []byte) {
		if len(der) > 64<<10 {
			return
		}
		serials, err := probe.Serials(der)
		list, errX509 := x509.ParseRevocationList(der)
		if errX509 != nil {
			return
		}
		if err != nil {
			t.Fatalf("%v, and x509 can read it", err)
		}
		if len(serials) != len(list.RevokedCertificateEntries) {
			t.Fatalf("%d entries, want %d", len(serials), len(list.RevokedCertificateEntries))
		}
		for i, e := range list.RevokedCertificateEntries {
			if e.SerialNumber.Sign() >= 0 && !bytes.Equal(bytes.TrimLeft(serials[i], "\x00"), e.SerialNumber.Bytes()) {
				t.Errorf("entry %d: serial %x, want %x", i, serials[i], e.SerialNumber)
			}
		}
	})
}

// Room is handed out in order, and who leaves gives it to others.
func TestMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m probe.Memory
		if err := m.Take(t.Context(), probe.MaxSmall-1); err != nil {
			t.Fatal(err)
		}
		ctx, leave := context.WithCancel(t.Context())
		var mu sync.Mutex
		var order []string
		take := func(ctx context.Context, name string, size int) {
			go func() {
				err := m.Take(ctx, size)
				if err != nil {
					name += " left"
				}
				mu.Lock()
				order = append(order, name)
				mu.Unlock()
			}()
			time.Sleep(time.Second)
		}
		take(ctx, "large", 10)
		take(t.Context(), "small", 1) // would fit, but is not first
		take(t.Context(), "medium", 5)
		if len(order) > 0 {
			t.Errorf("%v did not wait", order)
		}
		leave()
		synctest.Wait()
		slices.Sort(order) // both may run at once
		if !slices.Equal(order, []string{"large left", "small"}) {
			t.Errorf("after one left: %v", order)
		}
		m.Give(6)
		synctest.Wait()
		if last := order[len(order)-1]; last != "medium" {
			t.Errorf("after room was given back: %v", order)
		}
	})
}

func (o office) list(tb testing.TB, by issuer, change func(*x509.RevocationList)) []byte {
	tb.Helper()
	list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: o.now.Add(-time.Hour), NextUpdate: o.now.Add(time.Hour)}
	if change != nil {
		change(list)
	}
	der, err := x509.CreateRevocationList(rand.Reader, list, by.cert, by.key)
	if err != nil {
		tb.Fatal(err)
	}
	return der
}

func TestReadCRL(t *testing.T) {
	const address, elsewhere = "http://crl.example/1.crl", "http://crl.example/2.crl"
	o := newOffice(t)
	list := func(change func(*x509.RevocationList)) []byte { return o.list(t, o.issuer, change) }
	extended := func(critical bool, id int, value []byte) []byte {
		return list(func(l *x509.RevocationList) {
			l.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, id}, Critical: critical, Value: value}}
		})
	}
	const deltaIndicator, issuingPoint = 27, 28
	// The parts of an issuing distribution point, RFC 5280 section 5.2.5.
	element := func(tag byte, parts ...string) string {
		content := strings.Join(parts, "")
		return string([]byte{tag, byte(len(content))}) + content
	}
	const objectIdentifier, uri, directoryName = 0x06, 0x86, 0xa4
	named := func(names ...string) []byte { return []byte(element(0x30, element(0xa0, element(0xa0, names...)))) }
	relative := func(names ...string) []byte { return []byte(element(0x30, element(0xa0, element(0xa1, names...)))) }
	flag := func(tag int) []byte { return []byte{0x30, 3, 0x80 | byte(tag), 1, 0xff} }
	other := o.certificate(t, nil, func(c *x509.Certificate) { c.Subject.CommonName = "issuer" })
	third := o.certificate(t, nil, func(c *x509.Certificate) { c.Subject.CommonName = "third" })
	revoked := func(numbers ...int64) []byte {
		return list(func(l *x509.RevocationList) {
			for _, n := range numbers {
				l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(n), RevocationTime: o.now})
			}
		})
	}
	malformed := probe.Statement{Code: probe.RevocationMalformed}
	tests := []struct {
		name string
		der  []byte
		want probe.Statement
	}{
		{"empty", list(nil), probe.Statement{Status: "good"}},
		{"of others", revoked(1, 2, 47110, 471), probe.Statement{Status: "good"}},
		{"of this one", revoked(1, 4711, 2), probe.Statement{Status: "revoked"}},
		{"in PEM", pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: revoked(4711)}), probe.Statement{Status: "revoked"}},
		{"old", list(func(l *x509.RevocationList) { l.NextUpdate = o.now.Add(-time.Second) }), probe.Statement{Status: "good", Stale: true}},
		{"young", list(func(l *x509.RevocationList) { l.ThisUpdate = o.now.Add(time.Minute * 30) }), probe.Statement{Status: "good", Stale: true}},
		{"from a clock that is five minutes ahead", list(func(l *x509.RevocationList) { l.ThisUpdate = o.now.Add(5 * time.Minute) }), probe.Statement{Status: "good"}},
		{"from a clock that is further ahead", list(func(l *x509.RevocationList) { l.ThisUpdate = o.now.Add(5*time.Minute + time.Second) }), probe.Statement{Status: "good", Stale: true}},
		{"of another issuer", o.list(t, third, nil), probe.Statement{Code: probe.RevocationBadSignature}},
		{"of another issuer of the same name", o.list(t, other, nil), probe.Statement{Code: probe.RevocationBadSignature}},
		{"for those that point here", extended(true, issuingPoint, named(element(uri, address))), probe.Statement{Status: "good"}},
		{"for those that point elsewhere", extended(true, issuingPoint, named(element(uri, elsewhere))), malformed},
		{"for those that point there or here", extended(true, issuingPoint, named(element(uri, elsewhere), element(uri, address))), probe.Statement{Status: "good"}},
		{"with a name in a directory, which is no URL", extended(true, issuingPoint, named(element(directoryName, elsewhere))), probe.Statement{Status: "good"}},
		{"with a name that looks like a URL", extended(true, issuingPoint, named(element(objectIdentifier, elsewhere))), probe.Statement{Status: "good"}},
		{"with a name that is relative to the issuer's", extended(true, issuingPoint, relative(element(uri, elsewhere))), probe.Statement{Status: "good"}},
		{"without a name", extended(true, issuingPoint, []byte(element(0x30, element(0xa0)))), probe.Statement{Status: "good"}},
		{"for users", extended(true, issuingPoint, flag(1)), probe.Statement{Status: "good"}},
		{"for CAs", extended(true, issuingPoint, flag(2)), malformed},
		{"for some reasons", extended(true, issuingPoint, []byte{0x30, 4, 0x83, 2, 1, 2}), malformed},
		{"of several issuers", extended(true, issuingPoint, flag(4)), malformed},
		{"for attributes", extended(true, issuingPoint, flag(5)), malformed},
		{"with a broken scope", extended(true, issuingPoint, []byte{1}), malformed},
		{"of changes", extended(true, deltaIndicator, []byte{2, 1, 1}), malformed},
		{"with something that may be ignored", extended(false, 99, []byte{5, 0}), probe.Statement{Status: "good"}},
		{"with more after it", append(list(nil), 0), probe.Statement{Status: "good"}},
		{"cut short", list(nil)[:100], malformed},
		{"an OCSP response", o.response(t, o.issuer, nil), malformed},
		{"a web page", []byte("<html>"), malformed},
		{"nothing", nil, malformed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, probe.ReadCRL(test.der, o.leaf.cert, o.issuer.cert, address, o.now)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("for users, asked about a CA", func(t *testing.T) {
		ca := o.certificate(t, &o.issuer, func(*x509.Certificate) {})
		if got := probe.ReadCRL(extended(true, issuingPoint, flag(1)), ca.cert, o.issuer.cert, address, o.now); got != malformed {
			t.Errorf("%+v", got)
		}
		if got := probe.ReadCRL(extended(true, issuingPoint, flag(2)), ca.cert, o.issuer.cert, address, o.now); got.Status != "good" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("of another kind, whose beginning is told", func(t *testing.T) {
		page := strings.Repeat("<html>", 10)
		err := probe.ReadCRLUntil(t.Context(), []byte(page), o.issuer.cert)
		if err == nil || !strings.HasSuffix(err.Error(), "; it begins with "+strconv.Quote(page[:32])) {
			t.Errorf("%v", err)
		}
	})
	t.Run("of an issuer that may not", func(t *testing.T) {
		der := list(nil)
		may := *o.issuer.cert
		may.KeyUsage = x509.KeyUsageCertSign
		if got := probe.ReadCRL(der, o.leaf.cert, &may, address, o.now); got.Code != probe.RevocationBadSignature {
			t.Errorf("%+v", got)
		}
	})
}
