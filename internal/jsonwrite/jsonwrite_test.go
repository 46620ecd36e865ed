package jsonwrite_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/internal/jsonwrite"
	"github.com/netready/netready/internal/plain"
)

// sample has every kind of value, as encoding/json writes it.
type sample struct {
	Text   string         `json:"text"`
	List   []string       `json:"list"`
	Nested map[string]int `json:"nested"`
	Empty  []int          `json:"empty"`
	None   struct{}       `json:"none"`
	Uint   uint64         `json:"uint"`
	Int    int            `json:"int"`
	Bool   bool           `json:"bool"`
	Time   time.Time      `json:"time"`
	Addr   netip.Addr     `json:"addr"`
	Port   netip.AddrPort `json:"port"`
}

func written(s sample, w *jsonwrite.Writer) ([]byte, error) {
	w.Open('{')
	w.Name("text")
	w.String(s.Text)
	w.Name("list")
	w.List(len(s.List), func(i int) { w.String(s.List[i]) })
	w.Name("nested")
	jsonwrite.Value(w, s.Nested)
	w.Name("empty")
	w.Open('[')
	w.Close(']')
	w.Name("none")
	w.Open('{')
	w.Close('}')
	w.Name("uint")
	w.Uint(s.Uint)
	jsonwrite.Fields(w, struct {
		Int int `json:"int"`
	}{s.Int})
	jsonwrite.Fields(w, struct{}{})
	w.Name("bool")
	w.Bool(s.Bool)
	w.Name("time")
	w.Time(s.Time)
	w.Name("addr")
	w.Addr(s.Addr)
	w.Name("port")
	w.AddrPort(s.Port)
	w.Close('}')
	return w.Bytes()
}

// check compares what is written with what encoding/json writes.
func check(t *testing.T, s sample) {
	t.Helper()
	s.Empty = []int{}
	for _, w := range []jsonwrite.Writer{{}, {Indent: true}, {Clean: true}, {Clean: true, Indent: true}} {
		if w.Clean && strings.ContainsFunc(s.Addr.Zone(), unicode.IsSpace) {
			continue // a zone is cleaned with the rest of its address, not alone
		}
		name := fmt.Sprintf("clean %t, indented %t", w.Clean, w.Indent)
		wanted := s
		if w.Clean {
			wanted = plain.Value(s, plain.NoLimit)
		}
		want, failed := json.Marshal(wanted)
		if failed == nil && w.Indent {
			var wide bytes.Buffer
			failed = json.Indent(&wide, want, "", "  ")
			want = wide.Bytes()
		}
		got, err := written(s, &w)
		if (err == nil) != (failed == nil) {
			t.Fatalf("%s: error %v, want %v", name, err, failed)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A document that is written in parts is the same as a whole one.
func TestFlush(t *testing.T) {
	var out, wide bytes.Buffer
	w := jsonwrite.Writer{Indent: true}
	w.Open('[')
	for range 3_000 { // more than is collected
		w.Open('{')
		w.Name("a")
		w.String("b}")
		w.Name("none")
		w.Open('{')
		w.Close('}')
		w.Close('}')
		if err := w.Flush(&out); err != nil {
			t.Fatal(err)
		}
	}
	w.Close(']')
	last, err := w.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if out.Len() < len(last) {
		t.Errorf("%d bytes were collected, and %d written", len(last), out.Len())
	}
	out.Write(last)
	document := "[" + strings.Repeat(`{"a":"b}","none":{}},`, 2_999) + `{"a":"b}","none":{}}]`
	if err := json.Indent(&wide, []byte(document), "", "  "); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wide.String(), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%.500s", diff)
	}
}

// What cannot be written ends with the error of the first write.
func TestFlushFails(t *testing.T) {
	var w jsonwrite.Writer
	w.String(strings.Repeat("a", 100_000))
	for range 2 {
		if err := w.Flush(failing{}); !errors.Is(err, errFull) {
			t.Errorf("error %v, want %v", err, errFull)
		}
	}
}

type failing struct{}

var errFull = errors.New("the disk is full")

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestWriter(t *testing.T) {
	day := time.Date(2026, 11, 21, 9, 30, 0, 123456789, time.FixedZone("", 3600))
	for name, s := range map[string]sample{
		"zero":      {List: []string{}},
		"values":    {Text: "a", List: []string{"b", ""}, Nested: map[string]int{"x": 1, "y": 2}, Uint: 1 << 63, Int: -1, Bool: true, Time: day, Addr: netip.MustParseAddr("2001:db8::1"), Port: netip.MustParseAddrPort("192.0.2.1:53")},
		"zones":     {List: []string{}, Addr: netip.MustParseAddr("fe80::1%a\"<"), Port: netip.MustParseAddrPort("[fe80::1%é]:53")},
		"mapped":    {List: []string{}, Addr: netip.MustParseAddr("::ffff:192.0.2.1"), Port: netip.MustParseAddrPort("[::ffff:192.0.2.1]:0")},
		"escapes":   {Text: "\x00\x1f\x7f\b\f\n\r\t\"\\/<>&'\u2028\u2029é東\xff\xc3a\xed\xa0\x80\ufffd", List: []string{`\`, `\\`, `"`, `\"`, `[{,:}]`}},
		"long":      {Text: strings.Repeat("a", 100_000), List: make([]string, 10_000)},
		"late":      {List: []string{}, Time: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"spaces":    {Text: " a  b ", List: []string{" ", "a b", "a ", " a", "a  b", "\u00a0"}},
		"keys":      {List: []string{}, Nested: map[string]int{"b": 1, " b": 2, "\na": 3}},
		"hidden":    {Text: "\u202ea\u200bb\u0085c", List: []string{"a\u0301", "\U000e0001", `\u202e`, `\n`}},
		"odd hours": {List: []string{}, Time: time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("", 25*3600))},
	} {
		t.Run(name, func(t *testing.T) { check(t, s) })
	}
}

func FuzzWriter(f *testing.F) {
	f.Add("a", "b", uint64(1), int64(2), "192.0.2.1", uint16(53))
	f.Add("<\"\\", "\u2028\xff", uint64(1<<63), int64(-1), "fe80::1%x", uint16(0))
	f.Fuzz(func(t *testing.T, a, b string, n uint64, ns int64, addr string, port uint16) {
		s := sample{Text: a, List: []string{b, a}, Uint: n, Int: int(ns), Bool: n%2 == 0, Time: time.Unix(ns>>16, ns&0xffff).UTC()}
		s.Addr, _ = netip.ParseAddr(addr)
		s.Port = netip.AddrPortFrom(s.Addr, port)
		check(t, s)
	})
}
