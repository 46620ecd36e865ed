// Package clitest has what the tests of the examples share: running a command,
// golden files, and comparing a usage with its flags.
package clitest
