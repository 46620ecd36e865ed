//go:build !windows

package probe

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

func systemSearchDomains() ([]string, error) {
	f, err := os.Open("/etc/resolv.conf")
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		defer func() { _ = f.Close() }() // only read
		if list, err := parseSearch(f); err != nil || len(list) > 0 {
			return list, err
		}
	}
	name, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(name, ".")
	return domainList(domain), nil
}
