// Package sampletest lets tests try a share of their situations where each takes
// long: with the race detector, and with -short. What is left out is tried
// without them.
package sampletest
