package probe

import (
	"crypto/x509"
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
)

// timestamps returns the number of signed certificate timestamps in a
// certificate.
func timestamps(c *x509.Certificate) int {
	embedded := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2} // RFC 6962 section 3.3
	for _, e := range c.Extensions {
		if e.Id.Equal(embedded) {
			return countTimestamps(e.Value)
		}
	}
	return 0
}

// countTimestamps counts the elements of a SignedCertificateTimestampList in an
// OCTET STRING, RFC 6962 section 3.3. It returns 0 for a malformed list.
func countTimestamps(der []byte) int {
	var octets []byte
	if rest, err := asn1.Unmarshal(der, &octets); err != nil || len(rest) > 0 {
		return 0
	}
	all := cryptobyte.String(octets)
	var list, one cryptobyte.String
	if !all.ReadUint16LengthPrefixed(&list) || !all.Empty() {
		return 0
	}
	n := 0
	for ; !list.Empty(); n++ {
		if !list.ReadUint16LengthPrefixed(&one) || one.Empty() {
			return 0
		}
	}
	return n
}
