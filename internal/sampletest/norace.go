//go:build !race

package sampletest

const race = false
