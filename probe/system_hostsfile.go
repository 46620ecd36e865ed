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
	// maxHostsFile limits how much of a hosts file is read. Lists that block
	// advertising have a few megabytes.
	maxHostsFile = 16 << 20

	// maxHostsLine limits the length of a line.
	maxHostsLine = 64 << 10
)

// systemHostsFile returns the names in this machine's hosts file. A missing
// file has none, which is no error. Malformed lines are ignored, as in resolver
// libraries. An error comes with the names before it.
func systemHostsFile() (map[string][]netip.Addr, error) {
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
	defer func() { _ = f.Close() }() // only read
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

// hostKey returns the canonical spelling of a name.
func hostKey(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// overridden returns a copy of the addresses that the machine's hosts file has
// for a name. An unreadable file has none.
func (n Network) overridden(host string) []netip.Addr {
	hosts := n.HostsFile
	switch {
	case hosts != nil:
	case n.shared != nil:
		n.shared.hostsFileOnce.Do(func() { n.shared.hostsFile, _ = systemHostsFile() })
		hosts = n.shared.hostsFile
	default:
		hosts, _ = systemHostsFile()
	}
	return slices.Clone(hosts[hostKey(host)])
}
