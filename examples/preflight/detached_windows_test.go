package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/netready/netready/readiness"
)

// detachedArgs is the variable that makes the test program the command, with
// its lines as arguments.
const detachedArgs = "NETREADY_TEST_DETACHED"

// TestDetachedHelper is the command in a process of its own; see [TestDetached].
func TestDetachedHelper(*testing.T) {
	if args, ok := os.LookupEnv(detachedArgs); ok {
		os.Args = append(os.Args[:1], strings.Split(args, "\n")...)
		main()
	}
}

// A scheduled task of the account SYSTEM has no profile, no console and no
// standard handles. What it writes to a file arrives, and output that nobody gets
// is no success.
func TestDetached(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "plan.json")
	tests := []struct {
		args []string
		want int
	}{
		{[]string{"-list", "-format", "json", "-o", file}, exitReady},
		{[]string{"-list", "-format", "json"}, exitUnproven},
	}
	for _, tt := range tests {
		p, err := os.StartProcess(program, []string{program, "-test.run=^TestDetachedHelper$"}, &os.ProcAttr{
			Env:   append(slices.DeleteFunc(os.Environ(), ofProfile), detachedArgs+"="+strings.Join(tt.args, "\n")),
			Files: []*os.File{nil, nil, nil},
			Sys:   &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS},
		})
		if err != nil {
			t.Fatal(err)
		}
		state, err := p.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if got := state.ExitCode(); got != tt.want {
			t.Errorf("%s: exit status %d, want %d", tt.args, got, tt.want)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var plan struct{ Schema string }
	if err := json.Unmarshal(text, &plan); err != nil || plan.Schema != readiness.PlanSchema {
		t.Errorf("plan %.200q, error %v", text, err)
	}
}

// ofProfile reports whether a variable is one of a user's profile.
func ofProfile(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return slices.Contains([]string{"USERPROFILE", "USERNAME", "APPDATA", "LOCALAPPDATA", "HOMEDRIVE", "HOMEPATH", "TEMP", "TMP"}, strings.ToUpper(name))
}
