package probe_test

import (
	"bytes"
	"runtime"
)

// running counts the goroutines that are in package probe, and not in a test
// of it: what a probe has left behind. The number of all goroutines also
// changes with the runtime's own.
func running() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	n := 0
	for stack := range bytes.SplitSeq(stacks, []byte("\n\n")) {
		if bytes.Contains(stack, []byte("/netready/probe.")) && !bytes.Contains(stack, []byte("/netready/probe_test.")) {
			n++
		}
	}
	return n
}
