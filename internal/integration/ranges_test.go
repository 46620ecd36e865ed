//go:build linux

package integration_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/probe"
)

// filing returns the nginx statements that serve one file of each host under every
// path, unless set otherwise.
func (r *rig) filing(t *testing.T, how string) string {
	t.Helper()
	dir := t.TempDir()
	for _, host := range r.hosts {
		if err := os.Mkdir(filepath.Join(dir, host), 0o755); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, host, "file"), []byte(strings.Repeat("a part of an update of "+host+" ", 50)))
	}
	return "location / { root " + dir + "/$host; default_type application/octet-stream; " + how + " try_files /file =404; }"
}

// TestRanges has servers with and without support for ranges.
func TestRanges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const inParts, whole = "max_ranges 1;", "max_ranges 0;"
	r.faults(t, []fault{{
		name:  "servers that answer a part",
		apply: r.siting(site{files: inParts}),
		want:  outcome{Verdict: "ready"},
		more:  inRanges(probe.HTTP, probe.HTTPS),
	}, {
		name:  "servers that answer the whole",
		apply: r.siting(site{files: whole}),
		want:  degraded("range.stripped"),
		more:  inRanges(),
	}, {
		name: "a filter of plain HTTP that takes ranges out",
		apply: func(t *testing.T) {
			t.Helper()
			r.serveSite(t, site{files: inParts})
			r.intercepted(proxying{whole: true})(t)
		},
		want: degraded("range.stripped"),
		more: inRanges(probe.HTTPS),
	}})
}

// inRanges checks that hosts answered with the first byte over some protocols,
// and with the whole over the others.
func inRanges(protocols ...probe.Protocol) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		asked := make(map[probe.Protocol]int)
		for _, o := range doc.Observations {
			if !o.Target.Range {
				continue
			}
			p := o.Target.Protocol
			asked[p]++
			want := ranges{Supported: slices.Contains(protocols, p)}
			if !want.Supported {
				want.Code = string(probe.HTTPRangeUnsupported)
			}
			if o.HTTP.Range != want {
				t.Errorf("%s: %+v, want %+v", o.Target, o.HTTP.Range, want)
			}
		}
		if asked[probe.HTTP] == 0 || asked[probe.HTTPS] == 0 {
			t.Errorf("ranges were asked for: %v", asked)
		}
	}
}
