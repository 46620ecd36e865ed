package probe

import "net/netip"

func systemResolvers() ([]netip.AddrPort, error) { return nil, nil }
