package probe

import (
	"errors"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

func systemSearchDomains() ([]string, error) {
	first, err := adapterAddresses()
	if err != nil {
		return nil, err
	}
	var suffixes []string
	for a := first; a != nil; a = a.Next {
		if a.OperStatus == windows.IfOperStatusUp {
			suffixes = append(suffixes, windows.UTF16PtrToString(a.DnsSuffix))
		}
	}
	return searchDomains(
		settings{registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`},
		settings{registry.LOCAL_MACHINE, `SOFTWARE\Policies\Microsoft\Windows NT\DNSClient`},
		suffixes,
	)
}

// searchDomains returns the domains in the settings of TCP/IP and a policy, and
// the suffixes of the adapters.
func searchDomains(tcpip, policy settings, suffixes []string) ([]string, error) {
	domain, err := tcpip.text("Domain")
	forced, forcedErr := policy.text("SearchList")
	list, listErr := tcpip.text("SearchList")
	lists := append([]string{domain}, suffixes...)
	return domainList(append(lists, forced, list)...), errors.Join(err, forcedErr, listErr)
}
