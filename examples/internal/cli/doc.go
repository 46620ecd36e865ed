// Package cli has what the flags of the examples share: scope, catalog, words
// and file names.
package cli
