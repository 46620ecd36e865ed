package panics

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// maxFrames limits a stack. The code that panicked is at its top.
const maxFrames = 12

// New returns a recovered value as an error on one line, with the stack of the
// call that panicked. Call it in the deferred function that recovers.
func New(value any) error { return &recovered{value, stack()} }

type recovered struct {
	value any
	stack string
}

func (r *recovered) Error() string {
	return fmt.Sprintf("panic: %.400s, in %s", fmt.Sprint(r.value), r.stack)
}

// Unwrap returns the panic's value if it is an error.
func (r *recovered) Unwrap() error {
	err, _ := r.value.(error)
	return err
}

// stack formats the calls that led to a panic, without paths of the build
// machine.
func stack() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	var calls []string
	panicked := false
	for len(calls) < maxFrames {
		frame, more := frames.Next()
		inRuntime := strings.HasPrefix(frame.Function, "runtime.")
		panicked = panicked || frame.Function == "runtime.gopanic"
		if panicked && !inRuntime {
			calls = append(calls, fmt.Sprintf("%s (%s:%d)", path.Base(frame.Function), path.Base(frame.File), frame.Line))
		}
		if !more {
			break
		}
	}
	return strings.Join(calls, ", ")
}
