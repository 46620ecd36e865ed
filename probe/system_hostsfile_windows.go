package probe

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// hostsFilePath asks the system where the file is, because the environment is
// not reliable.
func hostsFilePath() (string, error) {
	dir, err := windows.GetSystemDirectory()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "drivers", "etc", "hosts"), nil
}
