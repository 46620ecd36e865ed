package plain_test

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/internal/plain"
)

type word string

type inner struct {
	Word  word
	Words []word
	Err   error
}

type outer struct {
	Text   string
	Number int
	At     netip.AddrPort
	Addrs  []netip.Addr
	One    *inner
	Many   []inner
	hidden string
}

// dirty returns a value with dirty text in every kind of place.
func dirty() outer {
	return outer{
		Text: "a\nb", Number: 1, At: netip.MustParseAddrPort("[fe80::1%e\x1b]:53"),
		Addrs:  []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("fe80::1%\u202e")},
		One:    &inner{Word: "a\x1b", Words: []word{"a", "b\u2028"}},
		Many:   []inner{{Word: "a"}, {Word: "\u202eb"}},
		hidden: "a\nb",
	}
}

func TestValue(t *testing.T) {
	in := dirty()
	want := outer{
		Text: "a b", Number: 1, At: netip.MustParseAddrPort("[fe80::1%e\ufffd]:53"),
		Addrs:  []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("fe80::1%\ufffd")},
		One:    &inner{Word: "a\ufffd", Words: []word{"a", "b"}},
		Many:   []inner{{Word: "a"}, {Word: "\ufffdb"}},
		hidden: "a\nb",
	}
	opts := cmp.Options{cmp.AllowUnexported(outer{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })}
	if diff := cmp.Diff(want, plain.Value(in, plain.NoLimit), opts); diff != "" {
		t.Errorf("cleaned (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(dirty(), in, opts); diff != "" {
		t.Errorf("what was given has changed (-want +got):\n%s", diff)
	}
}

// Parts that need no change are not copied.
func TestValueShares(t *testing.T) {
	in := outer{Text: "Müller GmbH", One: &inner{Word: "a", Err: io.EOF}, Many: []inner{{Word: "b"}}}
	got := plain.Value(in, plain.NoLimit)
	if got.One != in.One || &got.Many[0] != &in.Many[0] || got.One.Err != io.EOF { //nolint:errorlint // the error itself
		t.Error("copied without need")
	}
	if p := (*outer)(nil); plain.Value(p, plain.NoLimit) != nil {
		t.Error("a nil pointer became another")
	}
}

// Of keys that become equal, the same is kept every time.
func TestValueOfMaps(t *testing.T) {
	for range 20 {
		got := plain.Value(map[word]string{"a\n": "third", "a": "second", " a": "first", "b": "\x1b"}, plain.NoLimit)
		if diff := cmp.Diff(map[word]string{"a": "first", "b": "\ufffd"}, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

func TestValueOfErrors(t *testing.T) {
	err := fmt.Errorf("a\n\nREADY: b \x1b[31m: %w", io.ErrUnexpectedEOF)
	got := plain.Value(inner{Err: err}, plain.NoLimit).Err
	if want := "a READY: b \ufffd[31m: unexpected EOF"; got.Error() != want {
		t.Errorf("error %q, want %q", got, want)
	}
	if !errors.Is(got, io.ErrUnexpectedEOF) || !errors.Is(got, err) {
		t.Error("the error is not found any more")
	}
	if got := plain.Value(inner{Err: err}, 7).Err.Error(); got != "a READY" {
		t.Errorf("error %q, cut", got)
	}
}
