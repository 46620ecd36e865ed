package traffic_test

import (
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

func TestDetect(t *testing.T) {
	squid := "1568426405.020 9 192.0.2.10 TCP_MISS/200 411 GET http://a.example/ - HIER_DIRECT/203.0.113.20 text/plain\n"
	noise := "1568426405.020 9 192.0.2.10 NONE/400 411 - error:invalid-request - HIER_NONE/- -\n"
	tests := []struct {
		name, text string
		want       traffic.Format
	}{
		{"lines of Squid without a request at first", strings.Repeat(noise, 60) + squid, traffic.Squid},
		{"half a line at first, as after a rotation", "HIER_DIRECT/203.0.113.20 text/plain\n" + squid + squid, traffic.Squid},
		{"lines too long to be seen as a whole", squid + "x" + strings.Repeat("x", 1<<20) + "\n" + squid, traffic.Squid},
		{"comments of a list", "# seen\n\n; seen\na.example\nb.example\n", traffic.Hosts},
		{"URLs", "https://a.example/\n", traffic.Hosts},
		{"white space before an archive", "\n\n  {\"log\": {\"entries\": []}}", traffic.HAR},
		{"a W3C log whose first line is a comment", "# rotated\n#Fields: cs-host\na.example\n", traffic.W3C},
		{"CLF of a server, which has no host", "192.0.2.10 - - [14/Sep/2019:02:00:10 +0000] \"GET / HTTP/1.1\" 200 5\n", traffic.CLF},

		{"nothing", "", traffic.Auto},
		{"white space", " \n\t\n", traffic.Auto},
		{"prose", "These are the names that we saw.\nPlease allow them.\n", traffic.Auto},
		{"prose with a line of one word", "Names\nPlease allow them.\nThank you all.\n", traffic.Auto},
		{"a table", "date,time,host\n2019-09-14,02:00:10,a.example\n", traffic.Auto},
		{"a W3C log without its head", "2019-09-14 02:00:10 192.0.2.10 GET a.example 200\n", traffic.Auto},
		{"one line without end", strings.Repeat("x", 1<<20), traffic.Auto},
		{"Zstandard", "\x28\xb5\x2f\xfd\x00", traffic.Auto},
		{"a zip", "PK\x03\x04", traffic.Auto},
		{"JSON of another kind", "[1]", traffic.Auto},
		{"an object that is no archive", "{\n\"records\": [\n{\"log\": {}}\n]}\n", traffic.Auto},
		{"an object a line", "{\"host\": \"login.live.com\", \"log\": \"x\"}\n{\"host\": \"a.example\"}\n", traffic.Auto},
		{"an archive after something else", "{\"x\": [1], \"log\": {\"entries\": []}}", traffic.HAR},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := traffic.NewScanner(strings.NewReader(tt.text), traffic.Auto)
			if s.Format() != tt.want {
				t.Errorf("format %q, want %q", s.Format(), tt.want)
			}
			if unknown := code(s.Err()) == traffic.UnknownFormat; unknown != (tt.want == traffic.Auto) {
				t.Errorf("error %v", s.Err())
			}
			for range s.Entries() {
				if tt.want == traffic.Auto {
					t.Error("an entry of an unknown format")
				}
			}
		})
	}
}

func TestUnknownFormat(t *testing.T) {
	for _, f := range []traffic.Format{"auto", "syslog"} {
		sum, err := traffic.Annotate(strings.NewReader("a.example\n"), f, nil, endpoints.Scope{})
		if sum != nil || code(err) != endpoints.BadValue {
			t.Errorf("%q: summary %v, error %v", f, sum, err)
		}
		if s := traffic.NewScanner(strings.NewReader("a.example\n"), f); code(s.Err()) != endpoints.BadValue {
			t.Errorf("%q: error %v", f, s.Err())
		}
	}
}

func TestTitles(t *testing.T) {
	seen := make(map[string]bool)
	for _, f := range append(traffic.Formats(), traffic.Auto) {
		title := f.Title()
		if title == "" || title == string(f) || seen[title] {
			t.Errorf("the title of %q is %q", f, title)
		}
		seen[title] = true
	}
	if got := traffic.Format("syslog").Title(); got != "syslog" {
		t.Errorf("the title of an unknown format is %q", got)
	}
}
