package endpoints

import (
	"fmt"
	"net/netip"
	"strings"
)

// A HostKind says what kind of [Host] it is. The zero Host has the zero kind.
type HostKind uint8

// The kinds of hosts.
const (
	// Exact is one name or one IP address.
	Exact HostKind = iota + 1
	// Suffix is "*.x": every name below x, at any depth, but not x itself.
	Suffix
	// Glob has a wildcard elsewhere, as in
	// "payloadprod*.blob.core.windows.net".
	Glob
	// Tenant is a template that the tenant's name or domain completes, as in
	// "{tenant}.sharepoint.com". See [Host.Expand].
	Tenant
	// Placeholder stands for something without a public name, as in
	// "$resolver".
	Placeholder
)

// String returns the kind in lower case, as in "suffix".
func (k HostKind) String() string {
	switch k {
	case Exact:
		return "exact"
	case Suffix:
		return "suffix"
	case Glob:
		return "glob"
	case Tenant:
		return "tenant"
	case Placeholder:
		return "placeholder"
	default:
		return "none"
	}
}

// A Host is a host name or a pattern of host names, written as in the
// documents. Hosts are comparable with ==. The zero Host matches nothing, and
// an endpoint with it is invalid.
type Host struct {
	text string
	kind HostKind
}

// Blanks of a [Tenant] host: the tenant's initial name, as in "contoso", and a
// verified domain, as in "contoso.com".
const (
	blankTenant = "{tenant}"
	blankDomain = "{domain}"
)

const (
	maxName      = 253 // RFC 1035 section 2.3.4, less the root and its length octet
	maxLabel     = 63
	maxWildcards = 4
)

// ParseHost parses a host as written in the documents:
//
//	login.live.com                      an exact name
//	192.0.2.7, 2001:db8::7              an exact address
//	*.manage.microsoft.com              every name below the suffix, not the suffix itself
//	payloadprod*.blob.core.windows.net  a wildcard inside a label, or in the middle
//	{tenant}.sharepoint.com             a name that the tenant completes
//	enterpriseenrollment.{domain}       the same with a verified domain
//	$resolver                           something without a public name
//
// Letters become lower case, and one trailing dot is dropped. Labels consist of
// ASCII letters, digits, hyphens and underscores (RFC 1123 section 2.1), so
// international names must be A-labels. ParseHost rejects ports, schemes and
// paths, and names whose last label is a number, unless they are IP addresses.
// An error is an [*Error].
func ParseHost(s string) (Host, error) {
	h, reason := parseHost(s)
	if reason != "" {
		return Host{}, malformed("host", s, reason)
	}
	return h, nil
}

func parseHost(s string) (h Host, reason string) {
	text := lower(s)
	if strings.HasPrefix(text, "$") {
		if !isIdentifier(text[1:]) {
			return Host{}, "a placeholder is $ and a word of lower-case letters, digits and hyphens"
		}
		return Host{text, Placeholder}, ""
	}
	if addr, ok := parseAddr(text); ok {
		if addr.Zone() != "" {
			return Host{}, "an address with a zone"
		}
		return Host{addr.String(), Exact}, ""
	}
	text = strings.TrimSuffix(text, ".")
	if text == "" {
		return Host{}, "empty"
	}
	if len(text) > maxName {
		return Host{}, "longer than 253 characters"
	}
	return parseName(text)
}

// parseAddr parses an IP address. Names, which most hosts are, cost nothing.
func parseAddr(s string) (netip.Addr, bool) {
	if strings.Contains(s, ":") || s != "" && '0' <= s[len(s)-1] && s[len(s)-1] <= '9' {
		addr, err := netip.ParseAddr(s)
		return addr, err == nil
	}
	return netip.Addr{}, false
}

// parseName finds the kind of a name in lower case.
func parseName(text string) (h Host, reason string) {
	stars, blanks, count := 0, 0, 0
	last := ""
	for label := range strings.SplitSeq(text, ".") {
		bare := label
		if strings.HasPrefix(label, blankTenant) {
			bare = label[len(blankTenant):]
			blanks++
		} else if label == blankDomain && count > 0 {
			bare = ""
			blanks++
		}
		stars += strings.Count(label, "*")
		if reason := checkLabel(label, bare); reason != "" {
			return Host{}, reason
		}
		last = label
		count++
	}
	switch {
	case strings.Contains(last, "*"):
		return Host{}, "a wildcard in the last label"
	case stars > maxWildcards:
		return Host{}, "more than 4 wildcards"
	case stars > 0 && blanks > 0, blanks > 1:
		return Host{}, "{tenant} or {domain} combined with another blank or a wildcard"
	case strings.Contains(text[:len(text)-len(last)], blankDomain):
		return Host{}, "{domain} is not the last label"
	case isNumber(last):
		return Host{}, "the last label is a number, but this is not an IP address"
	case blanks > 0:
		if last != blankDomain && strings.Contains(last, "{") {
			return Host{}, "{tenant} in the last label"
		}
		return Host{text, Tenant}, ""
	case stars == 1 && strings.HasPrefix(text, "*."):
		return Host{text, Suffix}, ""
	case stars > 0:
		return Host{text, Glob}, ""
	default:
		return Host{text, Exact}, ""
	}
}

// checkLabel returns what is wrong with a label; bare is the label without its
// blank.
func checkLabel(label, bare string) (reason string) {
	if label == "" {
		return "an empty label"
	}
	if len(label) > maxLabel {
		return "a label longer than 63 characters"
	}
	for _, c := range []byte(bare) {
		switch {
		case c >= 0x80:
			return "a non-ASCII character: write an international name as A-labels (xn--)"
		case !isNameByte(c) && c != '*':
			return fmt.Sprintf("the character %q", c)
		}
	}
	if label[0] == '-' || label[len(label)-1] == '-' {
		return "a label that begins or ends with a hyphen"
	}
	return ""
}

// Kind returns what h stands for. It is 0 for the zero Host.
func (h Host) Kind() HostKind { return h.kind }

// String returns the host in lower case and without a trailing dot, in the
// form that [ParseHost] reads. It is empty for the zero Host.
func (h Host) String() string { return h.text }

// IsZero reports whether h is the zero Host.
func (h Host) IsZero() bool { return h.kind == 0 }

// MarshalText returns the text of [Host.String].
func (h Host) MarshalText() ([]byte, error) { return []byte(h.text), nil }

// UnmarshalText parses text as [ParseHost] does. Empty text gives the zero Host.
func (h *Host) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*h = Host{}
		return nil
	}
	parsed, err := ParseHost(string(text))
	if err != nil {
		return err
	}
	*h = parsed
	return nil
}

// lower maps ASCII letters to lower case. Other bytes stay: no character
// outside ASCII may become a letter on the way.
func lower(s string) string {
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			b := []byte(s)
			for j, c := range b {
				if 'A' <= c && c <= 'Z' {
					b[j] = c + 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isIdentifier reports whether s is a word of lower-case letters, digits,
// hyphens and dots that begins with a letter.
func isIdentifier(s string) bool {
	if s == "" || len(s) > maxLabel || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c == '_' || !isNameByte(c) && c != '.' {
			return false
		}
	}
	return true
}
