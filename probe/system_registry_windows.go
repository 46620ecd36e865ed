package probe

import (
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/windows/registry"
)

// A settings is a key of the registry whose values configure Windows. Those of
// the machine are under [registry.LOCAL_MACHINE].
type settings struct {
	root registry.Key
	path string
}

// text returns a string, or "" if there is none.
func (s settings) text(name string) (string, error) {
	return value(s, name, registry.Key.GetStringValue)
}

// data returns bytes, or nil if there are none.
func (s settings) data(name string) ([]byte, error) {
	return value(s, name, registry.Key.GetBinaryValue)
}

// number returns a number in digits, or "" if there is none.
func (s settings) number(name string) (string, error) {
	return value(s, name, func(key registry.Key, name string) (string, uint32, error) {
		n, kind, err := key.GetIntegerValue(name)
		return strconv.FormatUint(n, 10), kind, err
	})
}

// value returns a value, or zero if it or its key does not exist. A 32-bit
// program must ask for the 64-bit view.
func value[T any](s settings, name string, get func(registry.Key, string) (T, uint32, error)) (T, error) {
	var none T
	key, err := registry.OpenKey(s.root, s.path, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if errors.Is(err, registry.ErrNotExist) {
		return none, nil
	}
	if err != nil {
		return none, fmt.Errorf("probe: %s: %w", s.path, err)
	}
	defer func() { _ = key.Close() }() // only read
	v, _, err := get(key, name)
	switch {
	case errors.Is(err, registry.ErrNotExist):
		return none, nil
	case err != nil:
		return none, fmt.Errorf("probe: %s: %w", name, err)
	}
	return v, nil
}
