package probe

import "time"

// Windows' own bounds on what it fetches to judge a chain, as the defaults of
// the CERT_CHAIN_... values in wincrypt.h have them.
const (
	// DocumentTimeout bounds one CRL, OCSP response or issuer's certificate.
	DocumentTimeout = 15 * time.Second

	// RevocationTimeout bounds all that is fetched to learn whether the
	// certificates of one chain are revoked.
	RevocationTimeout = 20 * time.Second
)

// RevocationFacts is what is known about the revocation of a genuine chain: of
// the certificates of the path that was verified, but for the root.
type RevocationFacts struct {
	// Code says what the sources come to. It is [TLSRevoked] if a certificate is
	// revoked, and "" if for each certificate there is an answer, signed by its
	// issuer and current at local time, that it is good, or if it names no place
	// to ask. What fails with a certificate that has several sources has failed
	// with all of them; then the first of these is reported:
	//
	//	canceled, timeout, local_…  the sources were not waited for long enough, which proves nothing
	//	revocation.stale            answers, which are not current
	//	revocation.bad_signature    answers, which the issuer did not sign
	//	revocation.unknown          the responder has no answer
	//	revocation.malformed        answers of another kind
	//	revocation.unreachable      no answer
	//	not_testable                no source that this package can ask
	//
	// Of several certificates the first that fails decides, but what proves
	// nothing comes last.
	Code Code `json:"code,omitempty"`

	// Sources are the answers that were there to have, the leaf's first. None
	// means that no certificate says where to ask, which is no fault.
	Sources []RevocationSource `json:"sources,omitempty"`
}

// The kinds of sources.
const (
	SourceStapled = "stapled" // an OCSP response in the handshake, RFC 6066 section 8
	SourceOCSP    = "ocsp"    // an OCSP responder, RFC 6960
	SourceCRL     = "crl"     // a list of revoked certificates, RFC 5280 section 5
)

// What a source can say of a certificate.
const (
	StatusGood    = "good"
	StatusRevoked = "revoked"
	StatusUnknown = "unknown"
)

// A RevocationSource is one place that says whether one certificate is revoked,
// and what it said. What another check of the same run fetched before is
// repeated here.
type RevocationSource struct {
	Subject string `json:"subject"` // of the certificate
	Serial  string `json:"serial"`  // its number, in lower-case hexadecimal
	Kind    string `json:"kind"`    // "stapled", "ocsp" or "crl"

	// URL is where the certificate says to ask; empty for a stapled answer.
	URL string `json:"url,omitempty"`

	// Status is "good", "revoked", or "unknown" if an OCSP responder says that it
	// does not know the certificate. It is empty without an answer that the
	// certificate's issuer signed, or someone it has named for that.
	Status string `json:"status,omitempty"`

	// RevokedAt is since when the certificate is revoked.
	RevokedAt time.Time `json:"revoked_at,omitzero"`

	// ThisUpdate and NextUpdate are when the answer was issued, and by when the
	// next one is. If local time is not in between, either may be at fault: the
	// answer, or the clock. NextUpdate may be zero.
	ThisUpdate time.Time `json:"this_update,omitzero"`
	NextUpdate time.Time `json:"next_update,omitzero"`

	Duration time.Duration `json:"-"` // duration_ms in JSON

	// Code is why this is no answer to go by, or "". It is one of the revocation
	// codes, or that of the step at which fetching failed. [NotTestable] is a
	// URL that is never asked: of another scheme than http, of another port than
	// 80, or of this machine. [Skipped] is one that a stapled answer made needless.
	// [Timeout] is one that was waited for too short a time to say anything of it,
	// and with a Duration of zero one that was not asked: the time was up.
	Code Code `json:"code,omitempty"`

	// Text is what Code is about, for people; it is not stable.
	Text string `json:"text,omitempty"`
}
