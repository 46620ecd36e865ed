package cli

import (
	"fmt"

	"github.com/netready/netready/endpoints"
)

// Catalog reads the catalog named by the -catalog flag. An empty name means the
// built-in one.
func Catalog(name string) (*endpoints.Catalog, error) {
	if name == "" {
		return endpoints.Embedded(), nil
	}
	f, err := open(name)
	if err != nil {
		return nil, fmt.Errorf("-catalog: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	catalog, err := endpoints.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("-catalog %s: %w", name, err)
	}
	return catalog, nil
}
