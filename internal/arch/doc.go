// Package arch has no code, only tests: they read the project's source files
// and hold them to its shape. Who may import whom, what a library never does,
// which words the exported signatures may use.
//
// The tests read the files themselves. A test that ran go list would pass from
// the test cache after a violation, since the cache does not see what another
// process reads.
package arch
