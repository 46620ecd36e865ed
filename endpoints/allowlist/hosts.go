package allowlist

import "io"

// Hosts writes one host a line, as documents write it: "login.live.com",
// "*.manage.microsoft.com", "payloadprod*.blob.core.windows.net". It begins
// with comments, whose lines begin with a number sign.
//
// It returns the gaps of the list; it has none of its own. An error is that of w.
func Hosts(w io.Writer, l *List) ([]Gap, error) {
	p := page{mark: "#"}
	if !l.NoComments {
		p.header(l, "Hosts that Windows provisioning needs. *.x stands for every name below x, and not for x.", l.Gaps)
	}
	for _, e := range l.Entries {
		p.line("%s", e.Host)
	}
	_, err := io.WriteString(w, p.String())
	return l.gaps(nil), err
}
