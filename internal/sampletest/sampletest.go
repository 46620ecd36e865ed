package sampletest

import "testing"

// Fewer reports whether to try a share.
func Fewer() bool { return race || testing.Short() }

// one of so many situations is tried.
const one = 12

// Count returns how many of n to try, and at least one.
func Count(n int) int {
	if Fewer() {
		return (n + one - 1) / one
	}
	return n
}

// Of returns those to try, which are spread over all.
func Of[T any](all []T) []T {
	if !Fewer() {
		return all
	}
	var some []T
	for i := 0; i < len(all); i += one {
		some = append(some, all[i])
	}
	return some
}
