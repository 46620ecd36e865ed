package probe

import (
	"net/url"

	"golang.org/x/sys/windows/registry"
)

// RegistryProxy is [SystemProxy] with the setting under another key.
func RegistryProxy(path string) (func(Target) (*url.URL, error), error) {
	return winHTTPProxy(settings{registry.CURRENT_USER, path})
}

// RegistrySearchDomains returns the search domains that two keys hold, and those
// of adapters.
func RegistrySearchDomains(tcpip, policy string, suffixes ...string) ([]string, error) {
	return searchDomains(settings{registry.CURRENT_USER, tcpip}, settings{registry.CURRENT_USER, policy}, suffixes)
}

// RegistrySettings returns the settings that the keys of NCSI's service and of
// its policy hold.
func RegistrySettings(service, policy string) (map[string]string, error) {
	return ncsiSettings(settings{registry.CURRENT_USER, service}, settings{registry.CURRENT_USER, policy})
}

// RegistryProxySettings returns the settings for proxies that a policy, the key
// of all users and a service hold.
func RegistryProxySettings(policy, users, service string) (map[string]string, error) {
	return proxySettings(settings{registry.CURRENT_USER, policy}, settings{registry.CURRENT_USER, users}, settings{registry.CURRENT_USER, service})
}
