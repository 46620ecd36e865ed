package allowlist

import (
	"io"

	"github.com/netready/netready/endpoints"
)

// EDL writes the external dynamic list, or threat feed, that an enterprise
// firewall fetches from a web server: one name a line, exact or "*.x", without
// scheme, port and path. That much is common to the domain and URL lists of
// Palo Alto Networks' PAN-OS and the domain and category feeds of Fortinet's
// FortiOS; what only one of them knows is not used:
//
//   - PAN-OS wants a wildcard to be a whole label, and in domain lists the
//     first one, so that "payloadprod*.blob.core.windows.net" is a [Gap].
//     FortiOS would take it.
//   - PAN-OS 10.2 ends the names of a URL list with a slash by itself. Before,
//     or with that switched off, "login.live.com" also means
//     "login.live.com.example": add the slashes.
//   - A name is at most 255 characters long in PAN-OS. A list has at most
//     131,072 lines in FortiOS before 7.4.4, and all lists together 50,000 names
//     in PAN-OS 7.1; later versions allow more, by model. The lists of this
//     package have a few hundred.
//   - Fortinet documents comments that begin with a number sign, PAN-OS only for
//     lists of addresses. A line of comment is no name to it either way; with
//     [List].NoComments there are none.
//   - A list of names rules over web traffic and DNS. What is needed on other
//     ports is a [Gap].
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
