package probe

import (
	"bufio"
	"io"
	"slices"
	"strings"
)

// maxDomains bounds how many search domains are taken.
const maxDomains = 16

// SystemSearchDomains returns the DNS domains of this machine, in order of
// preference, in lower case and without trailing dots, at most 16. They are where
// Windows looks for proxies, see [WPAD].
//
// On Windows they are the primary domain of the machine, those that its network
// adapters that are up got by DHCP or by hand, and the search list that a policy
// or an administrator has set. Elsewhere they are those of the last search or
// domain line of /etc/resolv.conf, or else what follows the first dot of the
// machine's name, resolv.conf(5).
//
// No domain is no error. What is no domain name is passed over.
func SystemSearchDomains() ([]string, error) { return systemSearchDomains() }

// parseSearch returns the search domains of a resolv.conf(5).
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

// domainList returns the domains in lists that are separated by commas or spaces,
// each once.
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
