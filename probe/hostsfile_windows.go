package probe

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// hostsFilePath asks the system where it is, for the environment can say anything.
func hostsFilePath() (string, error) {
	dir, err := windows.GetSystemDirectory()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "drivers", "etc", "hosts"), nil
}
