//go:build !windows

package probe

import (
	"errors"
	"io/fs"
	"net/netip"
	"os"
)

func systemResolvers() ([]netip.AddrPort, error) {
	f, err := os.Open("/etc/resolv.conf")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	return parseResolvConf(f)
}
