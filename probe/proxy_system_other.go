//go:build !windows

package probe

import "net/url"

func systemProxy() (func(Target) (*url.URL, error), error) { return EnvironmentProxy() }
