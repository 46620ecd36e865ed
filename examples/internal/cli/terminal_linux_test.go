package cli_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netready/netready/examples/internal/cli"
)

// A terminal has colors unless the environment says that nobody wants them.
func TestColorOfATerminal(t *testing.T) {
	terminal := openTerminal(t)
	if cli.Columns(terminal) == 0 {
		t.Error("a terminal without columns")
	}
	tests := []struct {
		noColor, term string
		want          bool
	}{
		{"", "xterm", true},
		{"1", "xterm", false},
		{"0", "xterm", false}, // whatever its value, https://no-color.org says
		{"", "dumb", false},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("NO_COLOR=%s TERM=%s", tt.noColor, tt.term), func(t *testing.T) {
			t.Setenv("NO_COLOR", tt.noColor)
			t.Setenv("TERM", tt.term)
			if got := cli.Color(terminal); got != tt.want {
				t.Errorf("colors: %v, want %v", got, tt.want)
			}
		})
	}
}

// openTerminal returns one end of a pseudoterminal.
func openTerminal(t *testing.T) *os.File {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	terminal, err := os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	return terminal
}
