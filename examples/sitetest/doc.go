// Package sitetest is the go test suite of a site: one subtest for each service
// that Windows provisioning needs, with the cause and its remedy as the failure
// text.
//
// To test the network of this machine:
//
//	go test -v ./examples/sitetest -site
//
// Without -site it tests a simulated network, and contacts nothing.
package sitetest
