package allowlist

import (
	"io"

	"github.com/netready/netready/endpoints"
)

// EDL writes an external dynamic list, or threat feed, for enterprise firewalls
// to fetch from a web server: one name a line, exact or "*.x", without scheme,
// port and path. It uses only what the domain and URL lists of Palo Alto
// Networks' PAN-OS and the domain and category feeds of Fortinet's FortiOS have
// in common:
//
//   - In PAN-OS a wildcard must be a whole label, and in domain lists the first
//     one, so "payloadprod*.blob.core.windows.net" is a [Gap]. FortiOS would
//     accept it.
//   - PAN-OS 10.2 appends a slash to the names of a URL list. In earlier
//     versions, or with that option off, "login.live.com" also matches
//     "login.live.com.example": add the slashes yourself.
//   - A name has at most 255 characters in PAN-OS. A list has at most 131,072
//     lines in FortiOS before 7.4.4. In PAN-OS 7.1, all lists together have at
//     most 50,000 names; later versions allow more, by model. The lists of this
//     package have a few hundred.
//   - Fortinet documents comments that begin with a number sign; PAN-OS
//     documents them only for lists of addresses. Neither takes a comment line
//     for a name. [List].NoComments omits them.
//   - Lists of names apply to web traffic and DNS. Endpoints on other ports are
//     [Gap]s.
func EDL(w io.Writer, l *List) ([]Gap, error) {
	var names []string
	var own []Gap
	for _, e := range l.Entries {
		switch {
		case e.Host.Kind() == endpoints.Glob:
			own = append(own, l.gap(e, NoWildcard))
			continue
		case address(e.Host).IsValid():
			own = append(own, l.gap(e, NoAddress))
			continue
		}
		names = append(names, e.Host.String())
		if other, _ := e.otherPorts(); other != nil {
			own = append(own, Gap{Host: e.Host, Services: e.services(), Ports: other, Reason: NotWeb})
		}
	}
	gaps := l.gaps(own)
	p := page{mark: "#"}
	if !l.NoComments {
		p.header(l, "External dynamic list of names that Windows provisioning needs. *.x stands for every name below x, and not for x.", gaps)
	}
	for _, name := range names {
		p.line("%s", name)
	}
	_, err := io.WriteString(w, p.String())
	return gaps, err
}
