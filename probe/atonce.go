package probe

import "sync"

// atOnce calls do with each index below n, all at once, and waits for them. The
// caller's goroutine does the first, which often is the only one.
func atOnce(n int, do func(i int)) {
	var others sync.WaitGroup
	for i := 1; i < n; i++ {
		others.Go(func() { do(i) })
	}
	if n > 0 {
		do(0)
	}
	others.Wait()
}
