package probe

import (
	"bufio"
	"io"
	"slices"
	"strings"
)

// maxDomains limits the number of search domains.
const maxDomains = 16

// parseSearch returns the search domains in a resolv.conf(5).
func parseSearch(r io.Reader) ([]string, error) {
	var list []string
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "#")
		line, _, _ = strings.Cut(line, ";")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		switch fields[0] {
		case "search":
			list = fields[1:]
		case "domain":
			list = fields[1:min(len(fields), 2)]
		}
	}
	return domainList(list...), lines.Err()
}

// domainList returns the domains in lists separated by commas or spaces, each
// once.
func domainList(lists ...string) []string {
	var domains []string
	for _, list := range lists {
		for _, name := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
			name = hostKey(name)
			if !strings.HasSuffix(name, ".") && checkName(name) == nil && !slices.Contains(domains, name) && len(domains) < maxDomains {
				domains = append(domains, name)
			}
		}
	}
	return domains
}
