package allowlist

import "io"

// Hosts writes one host a line, as in the documents: "login.live.com",
// "*.manage.microsoft.com", "payloadprod*.blob.core.windows.net". Comment lines
// come first and begin with a number sign.
//
// Hosts returns the gaps of the list; it has none of its own. Errors come
// from w.
func Hosts(w io.Writer, l *List) ([]Gap, error) {
	p := page{mark: "#"}
	if !l.NoComments {
		p.header(l, "Hosts that Windows provisioning needs. *.x covers every name below x, but not x itself.", l.Gaps)
	}
	for _, e := range l.Entries {
		p.line("%s", e.Host)
	}
	_, err := io.WriteString(w, p.String())
	return l.gaps(nil), err
}
