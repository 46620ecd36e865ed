package render_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/readiness/render"
)

// Colors mark verdicts and impacts, and change nothing else.
func TestTextColor(t *testing.T) {
	marked := map[string][]string{ // what has a color, each once
		"ready":    {"32mREADY"},
		"degraded": {"33mDEGRADED", "33mdegrading", "33m1.", "33mdegraded"},
		"blocked":  {"31mBLOCKED", "31mfatal", "31m1.", "31m2.", "31mblocked", "33munproven"},
	}
	for _, n := range networks() {
		synctest.Test(t, func(t *testing.T) {
			r := n.report(t)
			var with, without bytes.Buffer
			for b, o := range map[*bytes.Buffer]render.TextOptions{&with: {Color: true}, &without: {}} {
				if err := render.Text(b, r, o); err != nil {
					t.Fatal(err)
				}
			}
			if strings.Contains(without.String(), "\x1b") {
				t.Error("colors nobody wanted")
			}
			if diff := cmp.Diff(without.String(), regexp.MustCompile("\x1b\\[[0-9]+m").ReplaceAllString(with.String(), "")); diff != "" {
				t.Errorf("%s: the text changed (-without +with):\n%s", n.name, diff)
			}
			for _, w := range marked[n.name] {
				if !strings.Contains(with.String(), "\x1b["+w+"\x1b[0m") {
					t.Errorf("%s: %s is not marked:\n%s", n.name, w, with.String())
				}
			}
		})
	}
}
