package probe

import (
	"fmt"
	"net/url"

	"golang.org/x/sys/windows/registry"
)

func systemProxy() (func(Target) (*url.URL, error), error) {
	return winHTTPProxy(settings{registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections`})
}

// winHTTPProxy returns the proxy function of the WinHTTP setting, or nil if there
// is none.
func winHTTPProxy(s settings) (func(Target) (*url.URL, error), error) {
	value, err := s.data("WinHttpSettings")
	if err != nil || value == nil {
		return nil, err
	}
	w, err := parseWinHTTP(value)
	if err != nil {
		return nil, fmt.Errorf("probe: WinHttpSettings: %w", err)
	}
	if len(w.proxies) == 0 {
		return nil, nil
	}
	return w.choose, nil
}
