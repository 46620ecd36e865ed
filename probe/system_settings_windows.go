package probe

import (
	"errors"
	"maps"

	"golang.org/x/sys/windows/registry"
)

func systemSettings() (map[string]string, error) {
	set, err := ncsiSettings(
		settings{registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\NlaSvc\Parameters\Internet`},
		settings{registry.LOCAL_MACHINE, `SOFTWARE\Policies\Microsoft\Windows\NetworkConnectivityStatusIndicator`},
	)
	proxies, proxiesErr := proxySettings(
		settings{registry.LOCAL_MACHINE, `SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings`},
		settings{registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings`},
		settings{registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\WinHttpAutoProxySvc`},
	)
	maps.Copy(set, proxies)
	return set, errors.Join(err, proxiesErr)
}

// ncsiSettings returns the settings for NCSI of its service and of a policy. An
// error comes with the settings that could be read.
func ncsiSettings(service, policy settings) (map[string]string, error) {
	var found foundSettings
	for _, family := range []string{"", settingV6} {
		for _, name := range []string{settingWebHost, settingWebPath, settingWebContent, settingDNSHost, settingDNSContent} {
			found.add(name+family, service.text, name+family)
		}
	}
	found.add(settingActive, service.number, settingActive)
	found.add(settingNoActive, policy.number, settingNoActive)
	return found.set, errors.Join(found.errs...)
}

// proxySettings returns how a machine finds its proxy, by the settings of all
// users, which a policy makes those of each, and by a service. An error comes
// with the settings that could be read.
func proxySettings(policy, users, service settings) (map[string]string, error) {
	var found foundSettings
	perUser, err := policy.number("ProxySettingsPerUser")
	inUse, inUseErr := users.number("ProxyEnable")
	found.errs = append(found.errs, err, inUseErr)
	if perUser == "0" {
		found.add("AutoConfigURL", users.text, "AutoConfigURL")
		if inUse == "1" {
			found.add("ProxyServer", users.text, "ProxyServer")
		}
	}
	found.add("DisableWpad", settings{users.root, users.path + `\WinHttp`}.number, "DisableWpad")
	found.add("WinHttpAutoProxySvc", service.number, "Start")
	return found.set, errors.Join(found.errs...)
}

// foundSettings are those that a machine has, by name, and why others could not
// be read.
type foundSettings struct {
	set  map[string]string
	errs []error
}

// add reads a setting, and keeps it under a name.
func (f *foundSettings) add(as string, read func(string) (string, error), name string) {
	if f.set == nil {
		f.set = make(map[string]string)
	}
	value, err := read(name)
	if value != "" {
		f.set[as] = value
	}
	f.errs = append(f.errs, err)
}
