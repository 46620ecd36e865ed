package m365_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
	"github.com/netready/netready/endpoints/ranges"
)

// TestRanges compares with the built-in ranges, of which those of verbatim
// copies were made of the same answers by other means.
func TestRanges(t *testing.T) {
	text := func(l ranges.List) []string {
		var out []string
		for _, s := range l {
			hosts := make(map[string]bool)
			for _, h := range s.Hosts {
				hosts[h.String()] = true
			}
			ports := make(map[string]bool)
			for _, p := range s.Ports {
				ports[p.String()] = true
			}
			out = append(out, fmt.Sprint(s.Cloud, " ", s.Service, " ", s.ID, slices.Sorted(maps.Keys(hosts)),
				slices.Sorted(maps.Keys(ports)), s.Prefixes, s.Note != ""))
		}
		slices.Sort(out)
		return out
	}
	var want, got ranges.List
	type set struct {
		cloud endpoints.Cloud
		id    int
	}
	copied := make(map[set]bool) // newer documents have other ranges of the others
	for _, s := range ranges.Embedded() {
		if strings.Contains(s.Source.Title, "verbatim copy") {
			want = append(want, s)
			copied[set{s.Cloud, s.ID}] = true
		}
	}
	if len(copied) < 15 {
		t.Fatalf("%d sets of verbatim copies", len(copied))
	}
	for _, i := range endpoints.Clouds() {
		a := &m365.Answer{Cloud: i, Version: "2025120100", Sets: storedSets(t, i)}
		l := a.Ranges(endpoints.Embedded())
		for _, s := range l {
			if s.Source != a.Source() {
				t.Errorf("source %v", s.Source)
			}
		}
		got = append(got, slices.DeleteFunc(l, func(s ranges.Set) bool { return !copied[set{s.Cloud, s.ID}] })...)
	}
	if diff := cmp.Diff(text(want), text(got)); diff != "" {
		t.Errorf("(-embedded +answer):\n%s", diff)
	}
}

func TestRangesWithoutBase(t *testing.T) {
	a := &m365.Answer{Cloud: endpoints.CloudWorldwide, Sets: storedSets(t, endpoints.CloudWorldwide)}
	l := a.Ranges(nil)
	if got := l.Cover("", "login.microsoftonline.com"); len(got) != 1 || got[0].Service != endpoints.ServiceMicrosoft365 {
		t.Errorf("%v", got)
	}
}
