package probe

import "time"

// Windows' limits for what it fetches to judge a chain: the defaults of the
// CERT_CHAIN_... values in wincrypt.h.
const (
	// DocumentTimeout limits the time for one CRL, OCSP response or issuer
	// certificate.
	DocumentTimeout = 15 * time.Second

	// RevocationTimeout limits the total time to check the revocation of one
	// chain.
	RevocationTimeout = 20 * time.Second
)

// RevocationFacts is the revocation status of a genuine chain: of all
// certificates of the verified path except the root.
type RevocationFacts struct {
	// Code is the overall result. It is [TLSRevoked] if a certificate is
	// revoked. It is "" if each certificate either has a current good response,
	// signed by its issuer, or names no source. A certificate with several
	// sources fails only if all of them fail; then the first of these codes is
	// reported:
	//
	//	canceled, timeout, local_…  the probe did not wait long enough, which proves nothing
	//	revocation.stale            answers that are not current
	//	revocation.bad_signature    answers that the issuer did not sign
	//	revocation.unknown          the responder has no answer
	//	revocation.malformed        answers that are no CRL or OCSP response
	//	revocation.unreachable      no answer
	//	not_testable                no source that this package can ask
	//
	// If several certificates fail, the first failure counts, except that one
	// that proves nothing counts last.
	Code Code `json:"code,omitempty"`

	// Sources are the results, the leaf's first. None means that no certificate
	// names a source, which is not a fault.
	Sources []Document `json:"sources,omitempty"`
}

// Where a statement about revocation comes from: the values of Document.Kind.
const (
	SourceStapled = "stapled" // an OCSP response in the handshake, RFC 6066 section 8
	SourceOCSP    = "ocsp"    // an OCSP responder, RFC 6960
	SourceCRL     = "crl"     // a list of revoked certificates, RFC 5280 section 5
)

// What a source can say about a certificate.
const (
	StatusGood    = "good"
	StatusRevoked = "revoked"
	StatusUnknown = "unknown"
)

// A Document is a source of revocation information that a certificate names,
// with its result, or a URL from which an issuer's certificate could not be
// fetched. The checks of one run share documents, so the result may come from
// another check.
type Document struct {
	Subject string `json:"subject"` // of the certificate
	Serial  string `json:"serial"`  // its number, in lower-case hexadecimal
	Kind    string `json:"kind"`    // "stapled", "ocsp" or "crl"; empty for an issuer's certificate

	// URL is the location in the certificate, or empty for a stapled response.
	// For an issuer's certificate, only URL, Code and Text are set.
	URL string `json:"url,omitempty"`

	// Status is "good", "revoked", or "unknown" if an OCSP responder does not
	// know the certificate. It is empty without a response signed by the
	// certificate's issuer or its delegate.
	Status string `json:"status,omitempty"`

	// RevokedAt is when the certificate was revoked.
	RevokedAt time.Time `json:"revoked_at,omitzero"`

	// ThisUpdate and NextUpdate are when the response was issued and when the
	// next one is due. If local time is not in between, either the response or
	// the clock is wrong. NextUpdate may be zero.
	ThisUpdate time.Time `json:"this_update,omitzero"`
	NextUpdate time.Time `json:"next_update,omitzero"`

	Duration time.Duration `json:"-"` // duration_ms in JSON

	// Code is why there is no usable response, or "". It is a revocation code
	// or the code of the step at which fetching failed. [NotTestable] means
	// that the URL is never contacted: a scheme other than http, a port other
	// than 80, or a host on this machine. [Skipped] means that a stapled
	// response made the source unnecessary. [Timeout] means that the probe did
	// not wait long enough to judge the source; with zero Duration, no time was
	// left to contact it. For an issuer's certificate, [HTTPBodyMismatch] means
	// that the response is not the issuer's certificate, for example because a
	// captive portal answered.
	Code Code `json:"code,omitempty"`

	// Text explains Code for people. It is not stable.
	Text string `json:"text,omitempty"`
}
