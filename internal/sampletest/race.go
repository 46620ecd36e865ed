//go:build race

package sampletest

// race says that the race detector is on. Tests then take several times as long,
// and it finds no more in the other situations.
const race = true
