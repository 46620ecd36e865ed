package probe

import (
	"errors"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

func systemSearchDomains() ([]string, error) {
	const (
		settings = `SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`
		policy   = `SOFTWARE\Policies\Microsoft\Windows NT\DNSClient`
	)
	first, err := adapterAddresses()
	if err != nil {
		return nil, err
	}
	var lists []string
	add := func(path, name string) {
		s, e := machineString(path, name)
		lists = append(lists, s)
		err = errors.Join(err, e)
	}
	add(settings, "Domain")
	for a := first; a != nil; a = a.Next {
		if a.OperStatus == windows.IfOperStatusUp {
			lists = append(lists, windows.UTF16PtrToString(a.DnsSuffix))
		}
	}
	add(policy, "SearchList")
	add(settings, "SearchList")
	return domainList(lists...), err
}

// machineString returns a string from the registry, or "" if there is none.
func machineString(path, name string) (string, error) {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if errors.Is(err, registry.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = key.Close() }() // only read
	s, _, err := key.GetStringValue(name)
	if errors.Is(err, registry.ErrNotExist) {
		return "", nil
	}
	return s, err
}
