package probe_test

import (
	"bytes"
	"runtime"
)

// running counts goroutines in the caller's bubble that are in package probe
// but not in its tests: those that a probe left behind. Goroutines of other
// tests and the runtime come and go.
func running() int {
	n := 0
	list := goroutines()
	for _, stack := range list {
		if bubble(stack) == bubble(list[0]) && bytes.Contains(stack, []byte("/netready/probe.")) && !bytes.Contains(stack, []byte("/netready/probe_test.")) {
			n++
		}
	}
	return n
}

// goroutines returns all goroutines' stacks, the caller's first.
func goroutines() [][]byte {
	for size := 1 << 20; ; size *= 2 {
		stacks := make([]byte, size)
		if n := runtime.Stack(stacks, true); n < size {
			return bytes.Split(stacks[:n], []byte("\n\n"))
		}
	}
}

// bubble returns the bubble of a goroutine, from the first line of its stack,
// or "".
func bubble(stack []byte) string {
	header, _, _ := bytes.Cut(stack, []byte("\n"))
	_, name, _ := bytes.Cut(header, []byte("synctest bubble "))
	return string(name)
}
