package probe

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// maxCRLFrame limits what a CRL holds besides its entries, in bytes. Real ones
// have less than 2 KiB.
const maxCRLFrame = 64 << 10

// readCRL returns what an issuer's CRL says, RFC 5280 section 5. Anyone on the
// path can replace a CRL by one of any size, so the issuer and the signature
// come before the entries, and the entries stay as they are. If ctx ends,
// readCRL returns soon.
func readCRL(ctx context.Context, der []byte, issuer *x509.Certificate) (*statement, error) {
	list, err := splitCRL(unarmor(der, "X509 CRL"))
	if err != nil {
		return nil, malformed(der, err)
	}
	if !bytes.Equal(list.frame.RawIssuer, issuer.RawSubject) {
		return nil, badSignature(fmt.Errorf("a CRL of %s", printable(list.frame.Issuer.String(), maxText)))
	}
	if err := list.frame.CheckSignatureFrom(issuer); err != nil {
		return nil, badSignature(err)
	}
	s := &statement{thisUpdate: list.frame.ThisUpdate, nextUpdate: list.frame.NextUpdate, entries: list.entries}
	if err := s.readScope(list.frame.Extensions); err != nil {
		return nil, malformed(nil, err)
	}
	if err := list.entries.check(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// A crl is a CRL whose entries are apart.
type crl struct {
	frame   *x509.RevocationList // without entries; its RawTBSRevocationList has them
	entries crlEntries
}

// splitCRL parses a CRL but for its entries.
func splitCRL(der []byte) (crl, error) {
	bad := errors.New("not a CRL")
	input := cryptobyte.String(der)
	var list, tbs, fields, rest, entries cryptobyte.String
	if !input.ReadASN1(&list, asn1.SEQUENCE) || !list.ReadASN1Element(&tbs, asn1.SEQUENCE) {
		return crl{}, bad
	}
	signed := tbs
	if !tbs.ReadASN1(&fields, asn1.SEQUENCE) {
		return crl{}, bad
	}
	rest = fields
	// The version, the algorithm, the issuer, and one or two times.
	if !rest.SkipASN1(asn1.INTEGER) || !rest.SkipASN1(asn1.SEQUENCE) || !rest.SkipASN1(asn1.SEQUENCE) || !skipTime(&rest) {
		return crl{}, bad
	}
	if isTime(rest) {
		skipTime(&rest)
	}
	before := fields[:len(fields)-len(rest)]
	hasEntries := rest.PeekASN1Tag(asn1.SEQUENCE)
	if hasEntries && !rest.ReadASN1(&entries, asn1.SEQUENCE) {
		return crl{}, bad
	}
	if len(before)+len(rest)+len(list) > maxCRLFrame {
		return crl{}, fmt.Errorf("a CRL with more than %d bytes besides its entries", maxCRLFrame)
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(before)
			if hasEntries { // so that nothing else is taken for them
				b.AddASN1(asn1.SEQUENCE, func(*cryptobyte.Builder) {})
			}
			b.AddBytes(rest)
		})
		b.AddBytes(list)
	})
	bare, err := b.Bytes()
	if err != nil {
		return crl{}, err
	}
	frame, err := x509.ParseRevocationList(bare)
	if err != nil {
		return crl{}, err
	}
	frame.RawTBSRevocationList = signed
	return crl{frame, crlEntries(entries)}, nil
}

func isTime(s cryptobyte.String) bool {
	return s.PeekASN1Tag(asn1.UTCTime) || s.PeekASN1Tag(asn1.GeneralizedTime)
}

func skipTime(s *cryptobyte.String) bool {
	var content cryptobyte.String
	var tag asn1.Tag
	return s.ReadAnyASN1(&content, &tag) && (tag == asn1.UTCTime || tag == asn1.GeneralizedTime)
}

// crlEntries are the entries of a CRL in DER, which may be many.
type crlEntries []byte

// next takes the first entry off. It returns nil bytes for an entry that is
// malformed.
func (e *crlEntries) next() (serial []byte, at cryptobyte.String) {
	all := cryptobyte.String(*e)
	var entry, number cryptobyte.String
	if !all.ReadASN1(&entry, asn1.SEQUENCE) || !entry.ReadASN1(&number, asn1.INTEGER) || len(number) == 0 || !isTime(entry) {
		return nil, nil
	}
	*e = crlEntries(all)
	return number, entry
}

// check returns an error if an entry is malformed, or if ctx ends before all
// are read.
func (e crlEntries) check(ctx context.Context) error {
	const often = 4096 // entries, a fraction of a millisecond
	for n := 0; len(e) > 0; n++ {
		if n%often == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if serial, _ := e.next(); serial == nil {
			return malformed(nil, fmt.Errorf("entry %d of a CRL is malformed", n+1))
		}
	}
	return nil
}

// find returns when a certificate was revoked, if an entry says that it was.
func (e crlEntries) find(number *big.Int) (at time.Time, found bool) {
	want := number.Bytes()
	for len(e) > 0 {
		serial, when := e.next()
		if serial == nil {
			break // check has seen all entries
		}
		if serial[0]&0x80 == 0 && bytes.Equal(bytes.TrimLeft(serial, "\x00"), want) {
			if !when.ReadASN1UTCTime(&at) {
				when.ReadASN1GeneralizedTime(&at)
			}
			return at, true
		}
	}
	return time.Time{}, false
}
