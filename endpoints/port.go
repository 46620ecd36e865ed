package endpoints

import (
	"fmt"
	"strconv"
	"strings"
)

// parsePort parses a port in the form that [Port.String] returns.
func parsePort(s string) (p Port, reason string) {
	what, protocol, ok := strings.Cut(s, " ")
	if !ok {
		return Port{}, "want transport, number and protocol, as in \"tcp/443 https\""
	}
	transport, numbers, numbered := strings.Cut(what, "/")
	p = Port{Transport: transport, Protocol: protocol}
	if numbered {
		first, last, isRange := strings.Cut(numbers, "-")
		if p.Number, reason = parsePortNumber(first); reason != "" {
			return Port{}, reason
		}
		if isRange {
			if p.Last, reason = parsePortNumber(last); reason != "" {
				return Port{}, reason
			}
		}
		if p.Number == 0 || isRange && p.Last == 0 {
			return Port{}, "port 0 is out of range"
		}
	}
	return p, p.check()
}

func parsePortNumber(s string) (n uint16, reason string) {
	if !isNumber(s) {
		return 0, fmt.Sprintf("%q is not a port number", s)
	}
	v, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0, fmt.Sprintf("port %s is out of range", s)
	}
	return uint16(v), ""
}

// check returns what is wrong with p, or "".
func (p Port) check() (reason string) {
	if p.Transport != "tcp" && p.Transport != "udp" && p.Transport != "icmp" {
		return fmt.Sprintf("unknown transport %q: want tcp, udp or icmp", p.Transport)
	}
	if p.Transport == "icmp" && (p.Number != 0 || p.Last != 0) {
		return "icmp has no ports"
	}
	if p.Transport != "icmp" && p.Number == 0 {
		return "missing port number"
	}
	if p.Last != 0 && p.Last <= p.Number {
		return fmt.Sprintf("the range %d-%d must ascend", p.Number, p.Last)
	}
	if !isIdentifier(p.Protocol) {
		return fmt.Sprintf("%q is not a protocol name", p.Protocol)
	}
	return ""
}

// String returns the port as in "tcp/443 https", "tcp/49152-65535 rpc" or
// "icmp ping".
func (p Port) String() string {
	switch {
	case p.Number == 0:
		return p.Transport + " " + p.Protocol
	case p.Last != 0:
		return fmt.Sprintf("%s/%d-%d %s", p.Transport, p.Number, p.Last, p.Protocol)
	default:
		return p.Transport + "/" + strconv.Itoa(int(p.Number)) + " " + p.Protocol
	}
}

// Contains reports whether n is the port or in its range.
func (p Port) Contains(n uint16) bool {
	return n == p.Number || p.Number < n && n <= p.Last
}

// MarshalText returns the text of [Port.String].
func (p Port) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText parses the text of [Port.String]. An error is an [*Error].
func (p *Port) UnmarshalText(text []byte) error {
	parsed, reason := parsePort(string(text))
	if reason != "" {
		return malformed("port", string(text), reason)
	}
	*p = parsed
	return nil
}
