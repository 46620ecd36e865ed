package traffic

import (
	"slices"
)

// A Format is a log format of proxies and firewalls.
type Format string

// The formats.
const (
	// Auto means the format of the first lines.
	Auto Format = ""

	// Squid is the native log of Squid, "logformat squid".
	Squid Format = "squid"

	// CLF is the Common Log Format, with or without the fields of the Combined
	// Log Format. Squid's result at the end of a line is read too.
	CLF Format = "clf"

	// W3C is the W3C extended log file format. A #Fields directive may occur
	// anywhere and may change the fields. Fields are separated by spaces, or by
	// tabs if the directive uses tabs. "-" means unknown. The host comes from
	// cs-uri, cs-host, cs(Host), r-host, r-dns, s-host or a similar field, and
	// from r-ip if none of these has a name. Times are UTC.
	W3C Format = "w3c"

	// HAR is an HTTP archive as exported by browsers and debugging proxies.
	HAR Format = "har"

	// Hosts is a list of hosts, one on each line: a name, an address, a host
	// and port, or a URL, optionally after a time. The time is RFC 3339, a date
	// and a time of day in UTC, or seconds since 1970. "#" begins a comment.
	Hosts Format = "hosts"

	// Dnsmasq is the query log of dnsmasq, also within Pi-hole. Only lookups of
	// addresses are read; so for the other resolvers.
	Dnsmasq Format = "dnsmasq"

	// Unbound is the log of Unbound with queries, replies, local zones or
	// response policy zones.
	Unbound Format = "unbound"

	// BIND is the log of BIND with queries, query errors or response policy
	// zones.
	BIND Format = "bind"

	// Zeek is Zeek's ssl.log, dns.log and http.log, as tab-separated values or
	// JSON. Other logs of Zeek have no requests.
	Zeek Format = "zeek"
)

// UnknownFormat is the code of an [endpoints.Error] if [Auto] does not
// recognize the format. If the log is compressed other than by gzip, the Field is
// "compression" and the Value is its name.
const UnknownFormat = "unknown_format"

// Formats returns all formats except [Auto]: the constants above, and those of
// the built-in layouts by name; see [Layout]. The slice belongs to the caller.
func Formats() []Format {
	all := []Format{Squid, CLF, W3C, HAR, Hosts, Dnsmasq, Unbound, BIND, Zeek}
	for _, l := range builtin() {
		all = append(all, l.Name)
	}
	return all
}

// Title returns the display name of the format, as in "Squid native log". It
// says so if the format's layout is untested. For an unknown format it returns
// the format itself.
func (f Format) Title() string {
	switch f {
	case Auto:
		return "format not known yet"
	case Squid:
		return "Squid native log"
	case CLF:
		return "Common or Combined Log Format"
	case W3C:
		return "W3C extended log"
	case HAR:
		return "HTTP archive (HAR)"
	case Hosts:
		return "list of hosts"
	case Dnsmasq:
		return "dnsmasq or Pi-hole query log"
	case Unbound:
		return "Unbound query log"
	case BIND:
		return "BIND query log"
	case Zeek:
		return "Zeek log"
	default:
		if l := builtinLayout(f); l != nil && l.Untested {
			return l.Title + " (layout never compared with a real log)"
		} else if l != nil {
			return l.Title
		}
		return string(f)
	}
}

func (f Format) known() bool { return f == Auto || slices.Contains(Formats(), f) }

func formatWords() []string {
	var out []string
	for _, f := range Formats() {
		out = append(out, string(f))
	}
	return out
}
