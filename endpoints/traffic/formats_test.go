package traffic_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints/traffic"
)

// A reading is a text and the entries read from it.
type reading struct {
	name, text string
	want       []string
}

func testReadings(t *testing.T, f traffic.Format, tests []reading) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, s := scan(tt.text, f)
			if diff := cmp.Diff(tt.want, got); diff != "" || s.Err() != nil {
				t.Errorf("error %v (-want +got):\n%s", s.Err(), diff)
			}
		})
	}
}

func TestSquid(t *testing.T) {
	line := func(result, method, url string) string {
		return "1568426405.020      9 192.0.2.10 " + result + " 411 " + method + " " + url + " - HIER_DIRECT/203.0.113.20 text/plain"
	}
	testReadings(t, traffic.Squid, []reading{
		{"a URL with user, port, path and query", line("TCP_MISS/200", "GET", "http://u:p@A.Example.:8080/x?u=http://b.example/"), []string{"1 02:00:05.02 a.example:8080 200"}},
		{"a URL without a path", line("TCP_MISS/200", "GET", "https://a.example?q"), []string{"1 02:00:05.02 a.example:443 200"}},
		{"an IPv6 address in a URL", line("TCP_MISS/200", "GET", "http://[2001:DB8:0::1]/"), []string{"1 02:00:05.02 2001:db8::1:80 200"}},
		{"FTP", line("TCP_MISS/200", "GET", "ftp://a.example/"), []string{"1 02:00:05.02 a.example:21 200"}},
		{"a scheme whose port is not known", line("TCP_MISS/200", "GET", "gopher://a.example/"), []string{"1 02:00:05.02 a.example:0 200"}},
		{"denied, and answered by Squid with an error page", line("TCP_DENIED_REPLY/200", "GET", "http://a.example/"), []string{"1 02:00:05.02 a.example:80 200 denied"}},
		{"denied inside of a bumped tunnel", line("TCP_DENIED/200", "CONNECT", "a.example:443"), []string{"1 02:00:05.02 a.example:443 200 denied"}},
		{"403 of the server", line("TCP_MISS/403", "GET", "http://a.example/"), []string{"1 02:00:05.02 a.example:80 403"}},
		{"403 of a parent proxy to a CONNECT", line("TCP_MISS/403", "CONNECT", "a.example:443"), []string{"1 02:00:05.02 a.example:443 403 denied"}},
		{"407 of a parent proxy", line("TCP_MISS/407", "GET", "http://a.example/"), []string{"1 02:00:05.02 a.example:80 407 denied"}},
		{"given up by the client", line("TCP_MISS_ABORTED/000", "GET", "http://a.example/"), []string{"1 02:00:05.02 a.example:80 0"}},
		{"no content type", strings.TrimSuffix(line("TCP_MISS/200", "GET", "http://a.example/"), " text/plain"), []string{"1 02:00:05.02 a.example:80 200"}},
		{"headers at the end", line("TCP_MISS/200", "GET", "http://a.example/") + " [Host: b.example\\r\\n] [x]", []string{"1 02:00:05.02 a.example:80 200"}},
		{"cut off in the host", strings.Split(line("TCP_MISS/200", "CONNECT", "login.li"), " - ")[0], []string{"line 1: fewer fields than in Squid's native log [syntax]"}},
		{"a time for people", strings.Replace(line("TCP_MISS/200", "GET", "http://a.example/"), "1568426405.020", "14/Sep/2019:02:00:05", 1), []string{"line 1: time: want seconds since 1970 [syntax]"}},
		{"a time after the year 9999", strings.Replace(line("TCP_MISS/200", "GET", "http://a.example/"), "1568426405", "253402300800", 1), []string{"line 1: time: want seconds since 1970 [syntax]"}},
		{"no status", line("TCP_MISS", "GET", "http://a.example/"), []string{"line 1: result: want a result and a status, as in TCP_MISS/200 [syntax]"}},
		{"a status that is not a number", line("TCP_MISS/2xx", "GET", "http://a.example/"), []string{"line 1: result: want a result and a status, as in TCP_MISS/200 [syntax]"}},
		{"a port out of range", line("TCP_MISS/200", "CONNECT", "a.example:70000"), []string{"line 1: url: want a port number from 1 to 65535 after the colon [bad_value]"}},
		{"port 0", line("TCP_MISS/200", "CONNECT", "a.example:0"), []string{"line 1: url: want a port number from 1 to 65535 after the colon [bad_value]"}},
		{"an address without its bracket", line("TCP_MISS/200", "CONNECT", "[2001:db8::1:443"), []string{"line 1: url: missing closing bracket after an address [bad_value]"}},
		{"text behind the bracket", line("TCP_MISS/200", "CONNECT", "[2001:db8::1]x"), []string{"line 1: url: text after the closing bracket of an address [bad_value]"}},
		{"a name in brackets", line("TCP_MISS/200", "CONNECT", "[a.example]:443"), []string{"line 1: url: the text in brackets is not an IPv6 address [bad_value]"}},
		{"an empty host", line("TCP_MISS/200", "GET", "http:///x"), []string{"line 1: url: no host [bad_value]"}},
		{"a name with an empty label", line("TCP_MISS/200", "GET", "http://a..example/"), []string{"line 1: url: an empty label [bad_value]"}},
		{"a pattern", line("TCP_MISS/200", "GET", "http://*.example/"), []string{"line 1: url: a pattern, not a host [bad_value]"}},
		{"a path", line("TCP_MISS/200", "GET", "/x?u=http://a.example/"), []string{"line 1: url: path without a host [bad_value]"}},
	})
}

func TestCLF(t *testing.T) {
	line := func(request, rest string) string {
		return `192.0.2.10 - - [14/Sep/2019:02:00:10 +0000] "` + request + `" ` + rest
	}
	testReadings(t, traffic.CLF, []reading{
		{"a path, as a server logs it", line("GET /x HTTP/1.1", "200 5"), []string{"line 1: request: path without a host [bad_value]"}},
		{"a request without a version", line("GET http://a.example/", "200 5"), []string{"1 02:00:10 a.example:80 200"}},
		{"a quote in the request", line(`GET http://a.example/\"x HTTP/1.1`, "200 5"), []string{"1 02:00:10 a.example:80 200"}},
		{"403 that nothing explains", line("GET http://a.example/ HTTP/1.1", "403 5"), []string{"1 02:00:10 a.example:80 403 denied"}},
		{"403 of the server, as Squid says", line("GET http://a.example/ HTTP/1.1", "403 5 TCP_MISS:HIER_DIRECT"), []string{"1 02:00:10 a.example:80 403"}},
		{"denied, as Squid says", line("GET http://a.example/ HTTP/1.1", "302 5 TCP_DENIED:HIER_NONE"), []string{"1 02:00:10 a.example:80 302 denied"}},
		{"an unknown status", line("GET http://a.example/ HTTP/1.1", "- -"), []string{"1 02:00:10 a.example:80 0"}},
		{"a user with a bracket and a space", strings.Replace(line("GET http://a.example/ HTTP/1.1", "200 5"), "- - [", "- [x] y [", 1), []string{"1 02:00:10 a.example:80 200"}},
		{"no closing quote", `192.0.2.10 - - [14/Sep/2019:02:00:10 +0000] "GET http://a.example/`, []string{"line 1: the request has no closing quote [syntax]"}},
		{"no status", line("GET http://a.example/ HTTP/1.1", ""), []string{"line 1: want a status and a size after the request [syntax]"}},
		{"a status that is not a number", line("GET http://a.example/ HTTP/1.1", "OK 5"), []string{"line 1: status: no number [bad_value]"}},
		{"no time", `192.0.2.10 - - "GET http://a.example/ HTTP/1.1" 200 5`, []string{"line 1: want a time in brackets, then a request in quotes [syntax]"}},
		{"an invalid time", strings.Replace(line("GET http://a.example/ HTTP/1.1", "200 5"), "14/Sep", "31/Feb", 1), []string{"line 1: time: want a time as in 14/Sep/2019:02:00:10 +0000 [syntax]"}},
		{"a time before the year 0", strings.Replace(line("GET http://a.example/ HTTP/1.1", "200 5"), "14/Sep/2019:02:00:10 +0000", "01/Jan/0000:00:00:00 +2300", 1), []string{"line 1: time: want a time as in 14/Sep/2019:02:00:10 +0000 [syntax]"}},
		{"no identity and user", `192.0.2.10 [14/Sep/2019:02:00:10 +0000] "GET http://a.example/ HTTP/1.1" 200 5`, []string{"line 1: want a time in brackets, then a request in quotes [syntax]"}},
	})
}

func TestW3C(t *testing.T) {
	log := func(fields string, lines ...string) string {
		return "#Fields: " + fields + "\n" + strings.Join(lines, "\n")
	}
	testReadings(t, traffic.W3C, []reading{
		{"no #Fields", "2019-09-14 02:00:10 a.example", []string{"line 1: no usable #Fields directive before this line [syntax]"}},
		{
			"#Fields without a host, and then with one", log("date time c-ip", "2019-09-14 02:00:10 192.0.2.10", "#Fields: cs-host", "a.example"),
			[]string{"4 - a.example:0 0", "line 1: #Fields: no field holds a host [missing_field]", "line 2: no usable #Fields directive before this line [syntax]"},
		},
		{
			"a host in the fields at first, and not any more", log("cs-host", "a.example", "#Fields: c-ip", "b.example"),
			[]string{"2 - a.example:0 0", "line 3: #Fields: no field holds a host [missing_field]", "line 4: no usable #Fields directive before this line [syntax]"},
		},
		{"empty quotes", log("date time cs-host r-host", `"" "" "" a.example`, `"" "" "" ""`), []string{"2 - a.example:0 0", "line 3: no field has a host [missing_field]"}},
		{"the case of names", log("DATE TIME CS-HOST SC-STATUS", "2019-09-14 02:00:10 a.example 200"), []string{"2 02:00:10 a.example:0 200"}},
		{"fractions of seconds", log("date time cs-host", "2019-09-14 02:00:10.25 a.example"), []string{"2 02:00:10.25 a.example:0 0"}},
		{"no seconds", log("date time cs-host", "2019-09-14 02:00 a.example"), []string{"2 02:00:00 a.example:0 0"}},
		{"the day in #Date", "#Date: 2019-09-14 00:00:00\n" + log("time cs-host", "02:00:10 a.example"), []string{"3 02:00:10 a.example:0 0"}},
		{"no day", log("time cs-host", "02:00:10 a.example"), []string{"2 - a.example:0 0"}},
		{"an unknown time", log("date time cs-host", "2019-09-14 - a.example"), []string{"2 - a.example:0 0"}},
		{"seconds since 1970", log("timestamp cs-host", "1568426410 a.example"), []string{"2 02:00:10 a.example:0 0"}},
		{"an invalid time", log("date time cs-host", "2019-09-14 25:00:10 a.example"), []string{"line 2: date and time: want a date and a time as in 2019-09-14 and 02:00:10 [bad_value]"}},
		{"an invalid timestamp", log("timestamp cs-host", "now a.example"), []string{"line 2: timestamp: want seconds since 1970 [bad_value]"}},
		{"an invalid status", log("cs-host sc-status", "a.example OK"), []string{"line 2: sc-status: no number [bad_value]"}},
		{"quotes, and quotes in them", log("cs(User-Agent) cs-host", `"a ""b"" c" a.example`, `"" a.example`), []string{"2 - a.example:0 0", "3 - a.example:0 0"}},
		{"a quote that is not closed", log("cs(User-Agent) cs-host", `"a a.example`), []string{"line 2: a value has no closing quote [syntax]"}},
		{"spaces that are not escaped", log("cs(User-Agent) cs-host", `a client a.example`), []string{"line 2: more values than #Fields names [syntax]"}},
		{"tabs, with spaces in values and quotes around them", log("c-agent\tcs-host\trule", "a client\t\"a.example\"\tAllow all", "x\tb.example\t\t"), []string{"2 - a.example:0 0", "3 - b.example:0 0"}},
		{"tabs, and too few values", log("c-agent\tcs-host", "a.example"), []string{"line 2: fewer values than #Fields names [syntax]"}},
		{"tabs, and too many values", log("c-agent\tcs-host", "a\tb.example\tc\td"), []string{"line 2: more values than #Fields names [syntax]"}},
		{"the URL before the host", log("cs-host cs-uri", "b.example http://a.example:8080/"), []string{"2 - a.example:8080 0"}},
		{"a URL that is a path", log("cs-uri cs-host", "/x a.example"), []string{"2 - a.example:0 0"}},
		{"the header of the request", log("cs(Host)", "a.example:8443"), []string{"2 - a.example:8443 0"}},
		{"a name before an address", log("cs-uri r-host r-port", "203.0.113.5:443 a.example 443"), []string{"2 - a.example:443 0"}},
		{"an address if there is no name", log("r-host r-ip r-port", "- 203.0.113.5 443"), []string{"2 - 203.0.113.5:443 0"}},
		{"a port of its own", log("s-host s-port", "a.example 8080"), []string{"2 - a.example:8080 0"}},
		{"an invalid port", log("r-host r-port", "a.example https"), []string{"2 - a.example:0 0"}},
		{"a port that a scheme means", log("cs-uri-scheme cs-host", "https a.example"), []string{"2 - a.example:443 0"}},
		{"the port on which IIS listens is not that of the host", log("cs-host s-port", "a.example 8080"), []string{"2 - a.example:0 0"}},
		{"an invalid host, and no other", log("cs-host r-host", "a..example -"), []string{"line 2: cs-host: an empty label [bad_value]"}},
		{"an invalid host, and another", log("cs-host r-host", "a..example a.example"), []string{"2 - a.example:0 0"}},
		{"denied by an action", log("cs-host sc-status action", "a.example 200 Denied", "a.example 0 Blocked", "a.example 0 DROP"), []string{"2 - a.example:0 200 denied", "3 - a.example:0 0 denied", "4 - a.example:0 0 denied"}},
		{"denied by one of several actions", log("cs-host s-action sc-filter-result x-exception-id", "a.example TCP_NC_MISS OBSERVED policy_denied", "a.example TCP_DENIED PROXIED -"), []string{"2 - a.example:0 0 denied", "3 - a.example:0 0 denied"}},
		{"403 of a server that an action lets through", log("cs-method cs-uri sc-status action", "GET http://a.example/ 403 Allowed"), []string{"2 - a.example:80 403"}},
		{"403 to a CONNECT", log("cs-method cs-uri sc-status action", "CONNECT a.example:443 403 Allowed"), []string{"2 - a.example:443 403 denied"}},
		{"403 that nothing explains", log("cs-method cs-uri sc-status action", "GET http://a.example/ 403 -"), []string{"2 - a.example:80 403 denied"}},
		{"credentials wanted by Forefront TMG", log("cs-uri sc-status", "a.example:443 12209"), []string{"2 - a.example:443 12209 denied"}},
		{"too many fields", "#Fields:" + strings.Repeat(" x", 513) + " cs-host\na.example", []string{"line 1: #Fields: too many fields [too_large]", "line 2: no usable #Fields directive before this line [syntax]"}},
		{"comments and unknown directives", "#Remark: x\n#\n# cs-host\n" + log("cs-host", "a.example"), []string{"5 - a.example:0 0"}},
	})
}

func TestHosts(t *testing.T) {
	testReadings(t, traffic.Hosts, []reading{
		{"a comma behind the time", "2019-09-14T02:00:10Z, a.example", []string{"1 02:00:10 a.example:0 0"}},
		{"a zone", "2019-09-14T04:00:10.5+02:00\ta.example:443", []string{"1 02:00:10.5 a.example:443 0"}},
		{"a host with a path", "a.example/x", []string{"1 - a.example:0 0"}},
		{"a name of one label", "wpad", []string{"1 - wpad:0 0"}},
		{"user information", "https://user:secret@a.example/", []string{"1 - a.example:443 0"}},
		{"an IPv6 address without brackets", "2001:db8::1", []string{"1 - 2001:db8::1:0 0"}},
		{"a hosts file", "192.0.2.1 a.example", []string{"line 1: time: the text before the host is not a date and a time [syntax]"}},
		{"a time of day", "02:00:10 a.example", []string{"line 1: time: the text before the host is not a date and a time [syntax]"}},
		{"a date alone", "2019-09-14 a.example", []string{"line 1: time: the text before the host is not a date and a time [syntax]"}},
		{"a number alone", "1568426410", []string{"line 1: host: the last label is a number, but this is not an IP address [bad_value]"}},
		{"a small number", "17 a.example", []string{"line 1: time: the text before the host is not a date and a time [syntax]"}},
		{"text behind it", "2019-09-14T02:00:10Z a.example allowed", []string{"line 1: host: text after the host [syntax]"}},
		{"missing host after the time", "2019-09-14T02:00:10Z # later", []string{"line 1: host: the character ':' [bad_value]"}},
		{"a date and missing host after the time", "2019-09-14 02:00:10", []string{"line 1: time: the text before the host is not a date and a time [syntax]"}},
		{"a comma list", "a.example,b.example", []string{"line 1: host: the character ',' [bad_value]"}},
	})
}

func TestWindowsFirewall(t *testing.T) {
	const head = "#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n" +
		"#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path\n\n"
	text := head +
		"2019-09-14 02:00:09 ALLOW TCP 192.0.2.10 203.0.113.5 50000 443 0 - 0 0 0 - - - SEND\n" +
		"2019-09-14 02:00:10 DROP UDP 192.0.2.10 203.0.113.9 50001 123 76 - - - - - - - SEND\n" +
		"2019-09-14 02:00:11 DROP TCP 198.51.100.7 192.0.2.10 40000 445 52 S 1 0 0 - - - RECEIVE\n" +
		"2019-09-14 02:00:12 DROP ICMP 192.0.2.10 2001:db8::1 - - 76 - - - - 8 0 - SEND\n" +
		"2019-09-14 02:00:13 INFO-EVENTS-LOST - - - - - - - - - - - - 7 -\n"
	got, s := scan(text, traffic.Auto)
	want := []string{
		"6 02:00:09 203.0.113.5:443 0",
		"7 02:00:10 203.0.113.9:123 0 denied",
		"9 02:00:12 2001:db8::1:0 0 denied",
		"line 10: no field has a host [missing_field]",
	}
	if diff := cmp.Diff(want, got); diff != "" || s.Format() != traffic.W3C || !s.Lines().LocalTime {
		t.Errorf("%s, local time %t (-want +got):\n%s", s.Format(), s.Lines().LocalTime, diff)
	}
}
