//go:build !windows

package probe

func hostsFilePath() (string, error) { return "/etc/hosts", nil }
