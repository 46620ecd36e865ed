// Package panics turns panics in the caller's code into errors.
package panics
