package traffic

import (
	"slices"

	"github.com/netready/netready/endpoints"
)

// A Format is a form in which proxies and firewalls log.
type Format string

// The formats.
const (
	// Auto stands for the format that the first lines have.
	Auto Format = ""

	// Squid is the native log of Squid, "logformat squid".
	Squid Format = "squid"

	// CLF is the Common Log Format, with or without the fields that the
	// Combined Log Format adds. Behind them, Squid's own result is understood.
	CLF Format = "clf"

	// W3C is the W3C extended log file format. Its #Fields directive may change
	// in the middle. Fields are separated by spaces, or by tabs if that
	// directive has them. A "-" is an unknown value. The host is taken from
	// cs-uri, cs-host, cs(Host), r-host, r-dns, s-host and their like, and from
	// r-ip if no field has a name. Times are UTC.
	W3C Format = "w3c"

	// HAR is an HTTP archive, as browsers and debugging proxies export it.
	HAR Format = "har"

	// Hosts is a list of hosts: a name, an address, a host and port or a URL on
	// each line, alone or behind a time. That is RFC 3339, a date and a time of
	// day in UTC, or seconds since 1970. A "#" begins a comment.
	Hosts Format = "hosts"
)

// UnknownFormat is the code of an [Error] that says that [Auto] has not found
// a format.
const UnknownFormat endpoints.Code = "unknown_format"

// Formats returns all formats but [Auto]. The slice is the caller's.
func Formats() []Format { return []Format{Squid, CLF, W3C, HAR, Hosts} }

// Title returns the format in words for people, as in "Squid native log". That
// of an unknown format is its own text.
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
	default:
		return string(f)
	}
}

func (f Format) known() bool { return f == Auto || slices.Contains(Formats(), f) }
