package endpoints_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
)

func mustHost(t *testing.T, s string) endpoints.Host {
	t.Helper()
	h, err := endpoints.ParseHost(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}
