package probe

import (
	"errors"

	"golang.org/x/sys/windows/registry"
)

func systemSettings() (map[string]string, error) {
	return ncsiSettings(
		settings{registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\NlaSvc\Parameters\Internet`},
		settings{registry.LOCAL_MACHINE, `SOFTWARE\Policies\Microsoft\Windows\NetworkConnectivityStatusIndicator`},
	)
}

// ncsiSettings returns the settings for NCSI of its service and of a policy. An
// error comes with the settings that could be read.
func ncsiSettings(service, policy settings) (map[string]string, error) {
	set := make(map[string]string)
	var errs []error
	add := func(name, value string, err error) {
		if err != nil {
			errs = append(errs, err)
		} else if value != "" {
			set[name] = value
		}
	}
	for _, family := range []string{"", settingV6} {
		for _, name := range []string{settingWebHost, settingWebPath, settingWebContent, settingDNSHost, settingDNSContent} {
			value, err := service.text(name + family)
			add(name+family, value, err)
		}
	}
	active, err := service.number(settingActive)
	add(settingActive, active, err)
	inactive, err := policy.number(settingNoActive)
	add(settingNoActive, inactive, err)
	return set, errors.Join(errs...)
}
