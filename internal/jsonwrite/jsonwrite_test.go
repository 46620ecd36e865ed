package jsonwrite_test

import (
	"bytes"
	"encoding/json"
	"errors"
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

func written(s sample) ([]byte, error) {
	var w jsonwrite.Writer
	w.Open('{')
	w.Name("text")
	w.String(s.Text)
	w.Name("list")
	w.List(len(s.List), func(i int) { w.String(s.List[i]) })
	w.Name("nested")
	w.Value(s.Nested)
	w.Name("empty")
	w.Open('[')
	w.Close(']')
	w.Name("none")
	w.Raw([]byte("{}"))
	w.Name("uint")
	w.Uint(s.Uint)
	w.Fields(struct {
		Int int `json:"int"`
	}{s.Int})
	w.Fields(struct{}{})
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
	want, wanted := json.Marshal(s)
	got, err := written(s)
	if (err == nil) != (wanted == nil) {
		t.Fatalf("error %v, want %v", err, wanted)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if err != nil {
		return
	}
	if strings.ContainsFunc(s.Addr.Zone(), unicode.IsSpace) {
		return // a zone is cleaned with the rest of its address, not alone
	}
	clean, err := json.Marshal(plain.Value(s, plain.NoLimit))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(clean), printed(t, got, false)); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
	var wide bytes.Buffer
	e := json.NewEncoder(&wide)
	e.SetIndent("", "  ")
	if err := e.Encode(json.RawMessage(clean)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wide.String(), printed(t, got, true)); diff != "" {
		t.Errorf("indented (-want +got):\n%s", diff)
	}
}

func printed(t *testing.T, document []byte, indent bool) string {
	t.Helper()
	var out bytes.Buffer
	p := jsonwrite.Printer{W: &out, Indent: indent}
	p.Print(document)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A document that is printed in parts is the same as a whole one.
func TestPrintTo(t *testing.T) {
	var out, whole bytes.Buffer
	parts := jsonwrite.Printer{W: &out, Indent: true}
	var w, all jsonwrite.Writer
	w.Open('[')
	all.Open('[')
	for range 3_000 { // more than is collected
		for _, to := range []*jsonwrite.Writer{&w, &all} {
			to.Open('{')
			to.Name("a")
			to.String("b}")
			to.Name("none")
			to.Raw([]byte("{}"))
			to.Close('}')
		}
		w.PrintTo(&parts)
	}
	w.Close(']')
	all.Close(']')
	last, err := w.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	parts.Print(last)
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	document, err := all.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Indent(&whole, document, "", "  "); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole.String()+"\n", out.String()); diff != "" {
		t.Errorf("(-want +got):\n%.500s", diff)
	}
}

// What cannot be written ends with the error of the first write.
func TestPrinterFails(t *testing.T) {
	p := jsonwrite.Printer{W: failing{}}
	for range 3 {
		p.Print([]byte(`"` + strings.Repeat("a", 100_000) + `"`))
	}
	if err := p.Close(); !errors.Is(err, errFull) {
		t.Errorf("error %v, want %v", err, errFull)
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
