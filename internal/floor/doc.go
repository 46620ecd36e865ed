// Package floor measures what a check costs beyond a minimal client.
//
// It has only benchmarks, for Linux. docs/performance.md says how to run them.
package floor
