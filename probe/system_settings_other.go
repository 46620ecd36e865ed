//go:build !windows

package probe

func systemSettings() (map[string]string, error) { return nil, nil }
