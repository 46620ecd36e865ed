package probe

import (
	"errors"
	"net/netip"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

func systemResolvers() ([]netip.AddrPort, error) {
	first, err := adapterAddresses()
	if err != nil {
		return nil, err
	}
	var adapters []adapter
	for a := first; a != nil; a = a.Next {
		metric := a.Ipv4Metric
		if metric == 0 { // no IPv4
			metric = a.Ipv6Metric
		}
		adapters = append(adapters, adapter{
			up:      a.OperStatus == windows.IfOperStatusUp,
			gateway: a.FirstGatewayAddress != nil,
			metric:  metric,
			servers: serversOf(a),
		})
	}
	return chooseResolvers(adapters), nil
}

// adapterAddresses returns the list of adapters, nil if there are none.
func adapterAddresses() (*windows.IpAdapterAddresses, error) {
	const flags = windows.GAA_FLAG_SKIP_UNICAST | windows.GAA_FLAG_SKIP_ANYCAST | windows.GAA_FLAG_SKIP_MULTICAST |
		windows.GAA_FLAG_SKIP_FRIENDLY_NAME | windows.GAA_FLAG_INCLUDE_GATEWAYS
	// Microsoft recommends this size to begin with. It may have to grow more
	// than once, because adapters come and go.
	size := uint32(15000)
	for {
		buf := make([]byte, size)
		list := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buf[0]))
		err := windows.GetAdaptersAddresses(windows.AF_UNSPEC, flags, 0, list, &size)
		switch {
		case errors.Is(err, windows.ERROR_BUFFER_OVERFLOW) && size > uint32(len(buf)):
		case errors.Is(err, windows.ERROR_NO_DATA):
			return nil, nil
		case err != nil:
			return nil, err
		default:
			return list, nil
		}
	}
}

func serversOf(a *windows.IpAdapterAddresses) []netip.Addr {
	var servers []netip.Addr
	for s := a.FirstDnsServerAddress; s != nil; s = s.Next {
		sa, err := s.Address.Sockaddr.Sockaddr()
		if err != nil {
			continue
		}
		switch sa := sa.(type) {
		case *syscall.SockaddrInet4:
			servers = append(servers, netip.AddrFrom4(sa.Addr))
		case *syscall.SockaddrInet6:
			addr := netip.AddrFrom16(sa.Addr)
			if addr.IsLinkLocalUnicast() && sa.ZoneId != 0 {
				addr = addr.WithZone(strconv.FormatUint(uint64(sa.ZoneId), 10))
			}
			servers = append(servers, addr)
		}
	}
	return servers
}
