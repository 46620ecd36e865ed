package device

import (
	"errors"

	"golang.org/x/sys/windows/registry"
)

func local() (Facts, error) {
	const path = `SOFTWARE\Microsoft\Windows NT\CurrentVersion`
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if err != nil {
		return Facts{}, err
	}
	defer func() { _ = key.Close() }() // it was only read
	edition, _, editionErr := key.GetStringValue("EditionID")
	build, _, buildErr := key.GetStringValue("CurrentBuildNumber")
	revision, _, revisionErr := key.GetIntegerValue("UBR")
	return factsOf(edition, build, revision), errors.Join(unlessMissing(editionErr), unlessMissing(buildErr), unlessMissing(revisionErr))
}

// unlessMissing returns err, or nil if err means that the value is missing.
func unlessMissing(err error) error {
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	return err
}
