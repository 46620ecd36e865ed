package probe

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"strings"
)

const (
	// maxHostsFile bounds how much of a hosts file is read. Lists that block
	// advertisers by it have a few megabytes.
	maxHostsFile = 16 << 20

	// maxHostsLine bounds a line of it.
	maxHostsLine = 64 << 10
)

// SystemHostsFile returns the names that the hosts file of this machine gives
// addresses, in lower case and without trailing dots, each with its addresses in
// the order of the file, at most 32.
//
// The file is System32\drivers\etc\hosts on Windows, and /etc/hosts elsewhere.
// If there is none, there are no names, and no error. Lines that make no sense
// are passed over, as resolver libraries do. Of a file that cannot be read to
// its end, that has more than 16 MiB or a line of more than 64 KiB, the names
// before are returned with the error.
func SystemHostsFile() (map[string][]netip.Addr, error) {
	path, err := hostsFilePath()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return parseHostsFile(f)
}

// parseHostsFile reads lines of an address and its names, hosts(5).
func parseHostsFile(r io.Reader) (map[string][]netip.Addr, error) {
	hosts := make(map[string][]netip.Addr)
	limited := &io.LimitedReader{R: r, N: maxHostsFile + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, maxHostsLine)
	for lines.Scan() {
		if limited.N <= 0 {
			return hosts, errors.New("the hosts file is too large")
		}
		line, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		addr, err := netip.ParseAddr(fields[0])
		if err != nil {
			continue
		}
		for _, name := range fields[1:] {
			key := hostKey(name)
			if checkHost(key) == nil && !strings.HasSuffix(key, ".") && len(hosts[key]) < maxAddresses && !slices.Contains(hosts[key], addr) {
				hosts[key] = append(hosts[key], addr)
			}
		}
	}
	return hosts, lines.Err()
}

// hostKey returns the form of a name that is the same for all ways to write it.
func hostKey(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// overridden returns the addresses that the machine's hosts file has for a name,
// for the caller to own. A file that cannot be read overrides nothing.
func (n Network) overridden(host string) []netip.Addr {
	hosts := n.HostsFile
	switch {
	case hosts != nil:
	case n.shared != nil:
		n.shared.hostsFileOnce.Do(func() { n.shared.hostsFile, _ = SystemHostsFile() })
		hosts = n.shared.hostsFile
	default:
		hosts, _ = SystemHostsFile()
	}
	return slices.Clone(hosts[hostKey(host)])
}
