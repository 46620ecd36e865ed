//go:build !windows

package device

func local() (Facts, error) { return Facts{}, nil }
