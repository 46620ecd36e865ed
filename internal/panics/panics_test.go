package panics_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/netready/netready/internal/panics"
)

// attempt calls f and returns its panic.
func attempt(f func()) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panics.New(v)
		}
	}()
	f()
	return nil
}

func TestNew(t *testing.T) {
	mistake := errors.New("a mistake")
	tests := []struct {
		name string
		f    func()
		text string
	}{
		{"no panic", func() {}, ""},
		{"a text", func() { panic("a mistake") }, "panic: a mistake, in panics_test.TestNew.func2 (panics_test.go:31), panics_test.attempt (panics_test.go:19)"},
		{"an error", func() { panic(fmt.Errorf("wrapped: %w", mistake)) }, "panic: wrapped: a mistake, in panics_test.TestNew.func3 (panics_test.go:32)"},
		{"the runtime", func() { none := make([]int, 0); _ = none[len(mistake.Error())] }, "panic: runtime error: index out of range [9] with length 0, in panics_test.TestNew.func4 (panics_test.go:33)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := attempt(test.f)
			if test.text == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.text) || strings.ContainsAny(err.Error(), "\n\t") {
				t.Errorf("error %q, want %q", err, test.text)
			}
			if errors.Is(err, mistake) != (test.name == "an error") {
				t.Errorf("errors.Is finds the value: %t", errors.Is(err, mistake))
			}
		})
	}
}
