package probe

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
)

//go:embed vendors.json
var vendorFile []byte

// A sign is something by which a product between a device and the internet can
// be told from others: its name in what it says. Signs are data, each with an
// example of what it is found in, and a public document that shows it. The first
// that is found counts.
//
// A sign says who, never what: that an answer was made on the way, or that a
// chain is not genuine, has to be known before.
type sign struct {
	Vendor  string `json:"vendor"`
	Where   string `json:"where"` // signIssuer and so on
	Field   string `json:"field"` // the name of the header field, for signHeader
	Value   string `json:"value"` // what is found there, whatever its case
	Example string `json:"example"`
	Source  string `json:"source"`
}

// Where a sign is found.
const (
	signIssuer   = "issuer"   // the issuer of a certificate of the chain
	signHeader   = "header"   // a header field of the answer
	signLocation = "location" // where the answer redirects
	signBody     = "body"     // the beginning of its body
)

//nolint:gochecknoglobals // computed once, never changed
var signs = sync.OnceValue(func() []sign {
	var file struct {
		Signs []sign `json:"signs"`
	}
	if err := json.Unmarshal(vendorFile, &file); err != nil {
		return nil // a test makes sure that it is not
	}
	return file.Signs
})

// issuerVendor returns the vendor whose name the issuers of a chain bear, or "".
func issuerVendor(chain []Certificate) string {
	for _, s := range signs() {
		for _, c := range chain {
			if s.Where == signIssuer && containsFold(c.Issuer, s.Value) {
				return s.Vendor
			}
		}
	}
	return ""
}

// answerVendor returns the vendor whose name an answer over HTTP bears, or "".
func answerVendor(header []Field, location string, body []byte) string {
	page := lowerASCII(body)
	for _, s := range signs() {
		if s.inAnswer(header, location, page) {
			return s.Vendor
		}
	}
	return ""
}

// inAnswer reports whether a sign is found in an answer, whose body is in lower
// case.
func (s sign) inAnswer(header []Field, location string, page []byte) bool {
	switch s.Where {
	case signHeader:
		for _, f := range header {
			if f.Name == s.Field && containsFold(f.Value, s.Value) {
				return true
			}
		}
	case signLocation:
		return containsFold(location, s.Value)
	case signBody:
		return bytes.Contains(page, lowerASCII([]byte(s.Value)))
	}
	return false
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// genuine reports whether the chain is one that only the host itself can show,
// whatever its time.
func (f *TLSFacts) genuine() bool {
	return f != nil && f.NameMatches && (f.VerifiedBy == verifiedByPublic || f.VerifiedBy == verifiedByMicrosoft)
}

// vendor returns the vendor that a chain names which is not genuine, or "".
func (f *TLSFacts) vendor() string {
	if f.genuine() {
		return ""
	}
	return issuerVendor(f.Chain)
}
