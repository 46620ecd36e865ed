// Package arch has no code, only tests. They read the project's source files
// and enforce its architecture: who may import whom, what a library never does,
// and which types exported signatures may use.
//
// The tests read the files directly. A test that ran go list would still pass
// from the test cache after a violation, because the cache does not see what
// another process reads.
package arch
