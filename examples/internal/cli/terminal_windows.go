package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// escapes makes a console understand escape sequences, which those before
// Windows 10 version 1511 cannot, and reports whether it does.
func escapes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
