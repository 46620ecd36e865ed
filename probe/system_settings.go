package probe

// machineSettings returns the settings of Windows that this machine has. Those
// that cannot be read are left out.
func (n Network) machineSettings() map[string]string {
	switch {
	case n.Settings != nil:
		return n.Settings
	case n.shared != nil:
		n.shared.settingsOnce.Do(func() { n.shared.settings, _ = systemSettings() })
		return n.shared.settings
	}
	set, _ := systemSettings()
	return set
}
