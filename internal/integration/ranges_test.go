//go:build linux

package integration_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"github.com/netready/netready/probe"
)

// filing returns the statements that serve one file under every name and path,
// unless it has been asked for something else.
func (r *rig) filing(t *testing.T, how string) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "file"), bytes.Repeat([]byte("a part of an update "), 50_000))
	return "location / { root " + dir + "; default_type application/octet-stream; " + how + " try_files /file =404; }"
}

// TestRanges has files that come in parts, or not.
func TestRanges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const inParts, whole = "max_ranges 1;", "max_ranges 0;"
	r.faults(t, []fault{{
		name:  "servers that answer a part",
		apply: r.siting(site{files: inParts}),
		want:  outcome{Verdict: "ready"},
		more:  inRanges(probe.ProtocolHTTP, probe.ProtocolHTTPS),
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
		more: inRanges(probe.ProtocolHTTPS),
	}})
}

// inRanges checks that the first byte was answered over some protocols, and the
// whole over the others, by every host that is to do so.
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
		if asked[probe.ProtocolHTTP] == 0 || asked[probe.ProtocolHTTPS] == 0 {
			t.Errorf("ranges were asked for: %v", asked)
		}
	}
}
