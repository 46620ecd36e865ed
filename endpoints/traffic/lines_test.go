package traffic_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints/traffic"
)

// utf16Text returns a text in UTF-16 with a byte order mark.
func utf16Text(s string, big bool) string {
	var order binary.AppendByteOrder = binary.LittleEndian
	if big {
		order = binary.BigEndian
	}
	var out []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

func TestLines(t *testing.T) {
	long := strings.Repeat("a", traffic.MaxLine+1)
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"blank lines and comments", "\n  \t\r\n# login.live.com\n   # more\n", nil},
		{"two ends in one", "a.example\r\nb.example\n\nc.example", []string{"1 - a.example:0 0", "2 - b.example:0 0", "4 - c.example:0 0"}},
		{
			"a line that is too long", "a.example\n" + long + "\nb.example\n",
			[]string{"1 - a.example:0 0", "3 - b.example:0 0", "line 2: line longer than 64 KiB [too_large]"},
		},
		{
			"a line of many times that", "a.example\n" + strings.Repeat(long, 10) + "\nb.example\n",
			[]string{"1 - a.example:0 0", "3 - b.example:0 0", "line 2: line longer than 64 KiB [too_large]"},
		},
		{"too long, and the last one", "a.example\n" + long, []string{"1 - a.example:0 0", "line 2: line longer than 64 KiB [too_large]"}},
		{
			"exactly as long as is read, with CRLF", "a.example #" + strings.Repeat("x", traffic.MaxLine-11) + "\r\nb.example\r\n",
			[]string{"1 - a.example:0 0", "2 - b.example:0 0"},
		},
		{
			"a NUL in a name", "a.exa\x00mple\n\x00\x00b.example\n",
			[]string{"2 - b.example:0 0", `line 1: host: the character '\x00' [bad_value]`},
		},
		{
			"bytes that are no UTF-8", "caf\xe9.example\nb.example # caf\xe9\n",
			[]string{"2 - b.example:0 0", "line 1: host: a non-ASCII character: write an international name as A-labels (xn--) [bad_value]"},
		},
		{"half a pair in UTF-16", "\xff\xfea\x00\n\x00\x00\xd8", []string{
			"1 - a:0 0", "line 2: host: a non-ASCII character: write an international name as A-labels (xn--) [bad_value]",
		}},
		{"half a pair before the end of a line in UTF-16", "\xff\xfe#\x00\x00\xd8\n\x00a\x00", []string{"2 - a:0 0"}},
		{"two first halves in UTF-16", "\xff\xfe#\x00\x00\xd8\x00\xd8\n\x00a\x00", []string{"2 - a:0 0"}},
		{"a pair in UTF-16", "\xff\xfe#\x00\x3d\xd8\x00\xde\n\x00a\x00", []string{"2 - a:0 0"}},
		{"half a unit in UTF-16", "\xff\xfea\x00\n\x00b", []string{"1 - a:0 0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, s := scan(tt.text, traffic.Hosts)
			if diff := cmp.Diff(tt.want, got); diff != "" || s.Err() != nil {
				t.Errorf("error %v (-want +got):\n%s", s.Err(), diff)
			}
		})
	}
}

// TestSmallReads: the size of reads does not matter.
func TestSmallReads(t *testing.T) {
	for _, file := range []string{"squid.log", "iis.log", "capture.har"} {
		want, _ := scan(string(sample(t, file)), traffic.Auto)
		s := traffic.NewScanner(iotest.OneByteReader(bytes.NewReader(sample(t, file))), traffic.Auto)
		var got []string
		for e := range s.Entries() {
			got = append(got, entryText(e))
		}
		if diff := cmp.Diff(want[:len(got)], got); diff != "" || len(got) == 0 {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

// TestReadError: entries before an error are kept, and the error is the
// reader's.
func TestReadError(t *testing.T) {
	torn := errors.New("the disk is gone")
	for _, file := range []string{"squid.log", "common.log", "iis.log", "hosts.txt", "capture.har"} {
		text := string(sample(t, file))
		for _, f := range []traffic.Format{traffic.Auto, formatOf(t, text)} {
			r := io.MultiReader(strings.NewReader(strings.Repeat(text, 1)), iotest.ErrReader(torn))
			sum, err := traffic.Annotate(r, f, small(t), autopilot())
			if !errors.Is(err, torn) {
				t.Errorf("%s as %q: error %v", file, f, err)
			}
			if (sum == nil) != (f == traffic.Auto) {
				t.Errorf("%s as %q: summary %v", file, f, sum)
			}
			if sum != nil && sum.Requests() == 0 {
				t.Errorf("%s as %q: nothing of what was read is there", file, f)
			}
		}
	}
	for _, f := range append(traffic.Formats(), traffic.Auto) {
		if _, err := traffic.Annotate(iotest.ErrReader(torn), f, small(t), autopilot()); !errors.Is(err, torn) {
			t.Errorf("at once, as %q: error %v", f, err)
		}
	}
}

func formatOf(t *testing.T, text string) traffic.Format {
	t.Helper()
	s := traffic.NewScanner(strings.NewReader(text), traffic.Auto)
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	return s.Format()
}

// TestManyErrors: all malformed lines are counted, and some are kept.
func TestManyErrors(t *testing.T) {
	s := traffic.NewScanner(strings.NewReader(strings.Repeat("!\n", 5000)+"a.example\n"), traffic.Hosts)
	n := 0
	for range s.Entries() {
		n++
	}
	lines := s.Lines()
	if n != 1 || lines.Read != 5001 || lines.Skipped != 5000 || len(lines.Errors) != traffic.MaxErrors {
		t.Errorf("%d entries, %d lines, %d skipped, %d errors", n, lines.Read, lines.Skipped, len(lines.Errors))
	}
}

// TestStop: a caller may stop and continue.
func TestStop(t *testing.T) {
	for _, file := range []string{"squid.log", "iis.log", "capture.har"} {
		want, _ := scan(string(sample(t, file)), traffic.Auto)
		s := traffic.NewScanner(bytes.NewReader(sample(t, file)), traffic.Auto)
		var got []string
		for range 3 {
			for e := range s.Entries() {
				got = append(got, entryText(e))
				break
			}
		}
		if s.Format() == traffic.HAR {
			want = want[:1] // the rest is lost
		} else {
			want = want[:3]
		}
		if diff := cmp.Diff(want, got); diff != "" || s.Err() != nil {
			t.Errorf("%s: error %v (-want +got):\n%s", file, s.Err(), diff)
		}
	}
}
