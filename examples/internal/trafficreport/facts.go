package trafficreport

import (
	"fmt"

	"github.com/netready/netready/endpoints/traffic"
)

// facts describes the log and the rules.
func (r Report) facts() [][]string {
	found := ""
	if r.Detected {
		found = ", detected from its first lines"
	}
	when := "none in this log; the order is that of provisioning"
	if first, last := r.span(); !first.IsZero() {
		when = stamp(first) + " to " + stamp(last) + r.zone()
	}
	rows := [][]string{
		{"Scope:", r.Scope.String()},
		{"Log:", r.Summary.Format.Title() + found},
		{"Seen:", count(r.Summary.Requests(), "request", "requests") + " to " + r.hosts()},
		{"Time:", when},
		{"Read:", fmt.Sprintf("%s, %d of them skipped", r.lines(), r.Summary.Lines.Skipped)},
		{"Data:", "catalog " + r.Catalog.Version()},
	}
	if n := r.Summary.Requests() - r.Summary.Told; n > 0 && r.Summary.Told > 0 {
		rows = append(rows, []string{"Note:", "the log does not show how " + count(n, "request", "requests") + " ended"})
	}
	switch r.Summary.Format {
	case traffic.Dnsmasq, "adguard-home":
		rows = append(rows, []string{"Note:", "this log shows lookups of names, and not whether connections were made"})
	case traffic.Unbound, traffic.BIND, "umbrella-dns":
		rows = append(rows, []string{"Note:", "this log shows lookups of names, but neither the addresses found nor whether connections were made"})
	case "azure-firewall":
		rows = append(rows, []string{"Note:", "lookups in this log do not show the addresses found"})
	default:
	}
	return rows
}

// lines writes how much was read.
func (r Report) lines() string {
	n := r.Summary.Lines.Read
	switch {
	case r.Packets:
		return count(n, "packet", "packets")
	case r.Summary.Format == traffic.HAR:
		return count(n, "entry", "entries")
	default:
		return count(n, "line", "lines")
	}
}

// hosts writes the number of hosts.
func (r Report) hosts() string {
	s := count(len(r.Summary.Hosts), "host", "hosts")
	if n := r.Summary.UnlistedRequests; n > 0 {
		s += fmt.Sprintf(" and others: %s to hosts beyond the limit of this report", count(n, "request", "requests"))
	}
	return s
}
