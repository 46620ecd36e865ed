package probe

import (
	"errors"
	"fmt"
	"net/url"

	"golang.org/x/sys/windows/registry"
)

func systemProxy() (func(Target) (*url.URL, error), error) {
	value, err := winHTTPValue()
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

// winHTTPValue returns the setting, or nil if there is none. A 32-bit program
// must ask for the 64-bit view.
func winHTTPValue() ([]byte, error) {
	const path = `SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections`
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if errors.Is(err, registry.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("probe: %s: %w", path, err)
	}
	defer func() { _ = key.Close() }() // only read
	value, _, err := key.GetBinaryValue("WinHttpSettings")
	if errors.Is(err, registry.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("probe: WinHttpSettings: %w", err)
	}
	return value, nil
}
