package probe_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

func TestTitle(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"a page", "<html><head><title>Access denied</title></head>", "Access denied"},
		{"in capitals", "<HTML><HEAD><TITLE>Access Denied</TITLE>", "Access Denied"},
		{"with attributes", "<title id=x lang=\"en\">Blocked</title>", "Blocked"},
		{"over several lines", "<title\n>\r\n\tWeb Page\r\n\tBlocked\n</title >", "Web Page Blocked"},
		{"with references", "<title>A &amp; B &lt;now&gt; &nbsp;</title>", "A & B <now>"},
		{"the first of two", "<title>a</title><title>b</title>", "a"},
		{"not ASCII", "<p>\u212a</p><title>Zugriff verweigert \u2013 Proxy</title>", "Zugriff verweigert \u2013 Proxy"},
		{"not UTF-8", "\xff\xfe<title>\xe9t\xe9</title>", "\ufffdt\ufffd"},
		{"what must not be shown", "<title>a\x00\x1b[31m\u202eb</title>", "a\ufffd\ufffd[31m\ufffdb"},
		{"too long", "<title>" + strings.Repeat("x", 500) + "</title>", strings.Repeat("x", 128)},
		{"empty", "<title></title>", ""},
		{"blank", "<title> \n</title>", ""},
		{"none", "<html><body>title</body></html>", ""},
		{"without an end", "<title>Access denied", ""},
		{"cut in its name", "<titl", ""},
		{"cut after its name", "<title", ""},
		{"cut in its attributes", "<title lang=en", ""},
		{"another element", "<titlebar>x</titlebar>", ""},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := probe.Title([]byte(test.page)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Most pages have their title within the first 4 KiB, but not in the first 512
// bytes, which are all that is kept.
func TestLateTitle(t *testing.T) {
	style := "<html><head><style>" + strings.Repeat("p {} ", 500) + "</style>"
	const end = "<title>Web Page Blocked</title></head></html>"
	page := func(kind, length, body string) []probetest.Fault {
		return raw("HTTP/1.1 200 OK\nContent-Type: " + kind + "\nContent-Length: " + length + "\n\n" + body)
	}
	tests := []struct {
		name   string
		faults []probetest.Fault
		code   probe.Code
		title  string
	}{
		{"a page", page("text/html; charset=utf-8", "2564", style+end), "", "Web Page Blocked"},
		{"a page in capitals", page("TEXT/HTML", "2564", style+end), "", "Web Page Blocked"},
		{"not a page", page("text/plain", "2564", style+end), "", ""},
		{"a page whose title comes too late", page("text/html", "4564", style+strings.Repeat(" ", 2000)+end), "", ""},
		{"a page that is broken off", page("text/html", "9999", style), "", ""},
		{"a page that is broken off at once", page("text/html", "9999", "<html>"), probe.HTTPTruncated, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{faults: test.faults, prober: plain, target: httpTarget}
				o := s.observe(t.Context(), s.internet())
				if o.Code() != test.code || o.HTTP.Title != test.title || len(o.HTTP.Body) > 512 {
					t.Errorf("error %v, title %q, %d bytes of body; want %q, %q", o.Error, o.HTTP.Title, len(o.HTTP.Body), test.code, test.title)
				}
			})
		})
	}
}

// FuzzTitle: a title is printable, and does not depend on what precedes it.
func FuzzTitle(f *testing.F) {
	for _, page := range []string{"<title>x</title>", "<TITLE a=b>\xff &#0; &amp;</TITLE>", "<title", "<title></title", "<titles>"} {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		got := probe.Title(page)
		if len(got) > 128 || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\t\r\x00\x7f\u202e") || strings.TrimSpace(got) != got {
			t.Errorf("%q of %d bytes", got, len(got))
		}
		if again := probe.Title(append([]byte("<html>\xff"), page...)); again != got {
			t.Errorf("%q after other elements, %q before", again, got)
		}
	})
}
