package probe

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

//go:embed vendors.json
var vendorFile []byte

// A sign identifies a product on the path by its name in a response. Signs are
// data, each with an example and a public document that shows it. The first
// match counts.
//
// A sign says who, never what. It is only used once the response is known to
// come from the path, or the chain is known not to be genuine.
type sign struct {
	Vendor  string `json:"vendor"`
	Where   string `json:"where"` // one of signIssuer, signHeader, …
	Field   string `json:"field"` // the header field's name, for signHeader
	Value   string `json:"value"` // the text to find, case-insensitive
	Example string `json:"example"`
	Source  string `json:"source"`
}

// Where to look for a sign.
const (
	signIssuer   = "issuer"   // the issuer of a certificate in the chain
	signHeader   = "header"   // a header field of the response
	signLocation = "location" // the redirect target
	signBody     = "body"     // the beginning of the body
)

//nolint:gochecknoglobals // computed once, never changed
var signs = sync.OnceValue(func() []sign {
	var file struct {
		Signs []sign `json:"signs"`
	}
	if err := json.Unmarshal(vendorFile, &file); err != nil {
		return nil // a test ensures that it is not
	}
	return file.Signs
})

// issuerVendor returns the vendor named by a chain's issuers, or "".
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

// answerVendor returns the vendor named by an HTTP response, or "".
func answerVendor(header Header, location string, body []byte) string {
	page := lowerASCII(body)
	for _, s := range signs() {
		if s.inAnswer(header, location, page) {
			return s.Vendor
		}
	}
	return ""
}

// inAnswer reports whether a response has the sign. page is its body in lower
// case.
func (s sign) inAnswer(header Header, location string, page []byte) bool {
	switch s.Where {
	case signHeader:
		return slices.ContainsFunc(header[s.Field], func(v string) bool { return containsFold(v, s.Value) })
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

// genuine reports whether only the host itself can have shown the chain,
// whatever the time.
func (f *TLSFacts) genuine() bool {
	return f != nil && f.NameMatches && isGenuine(f.VerifiedBy)
}

// vendor returns the vendor named by a chain that is not genuine, or "".
func (f *TLSFacts) vendor() string {
	if f.genuine() {
		return ""
	}
	return issuerVendor(f.Chain)
}
