package endpoints_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
)

func TestSourceByKey(t *testing.T) {
	c := endpoints.Embedded()
	if s, ok := c.Source("ap-req"); !ok || s.Title != "Windows Autopilot requirements" {
		t.Errorf("%+v, %t", s, ok)
	}
	for _, key := range []string{"", "ap", "zzz"} {
		if s, ok := c.Source(key); ok || s != (endpoints.Source{}) {
			t.Errorf("%q is %+v", key, s)
		}
	}
	if _, ok := new(endpoints.Catalog).Source("ap-req"); ok {
		t.Error("the zero Catalog has a source")
	}
}
