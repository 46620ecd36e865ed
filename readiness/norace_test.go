//go:build !race

package readiness_test

const raced = false
