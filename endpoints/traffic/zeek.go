package traffic

import (
	"bytes"
	"encoding/json"
	"math"
	"net/netip"
	"strconv"
	"time"

	"github.com/netready/netready/endpoints"
)

// A zeekReader reads Zeek's ssl.log, dns.log and http.log, as tab-separated
// values or with a JSON object on each line. Logs may follow one another. Other
// logs have no requests.
type zeekReader struct {
	names     names
	stamps    clock
	separator []byte
	path      string   // of tab-separated values
	fields    []string // of tab-separated values
	values    [][]byte
}

func (z *zeekReader) read(line []byte, _ *header) (Entry, bool, *endpoints.Error) {
	if len(bytes.TrimSpace(line)) == 0 {
		return Entry{}, false, nil
	}
	switch line[0] {
	case '#':
		return Entry{}, false, z.directive(line)
	case '{':
		return z.object(line)
	}
	if z.fields == nil {
		return Entry{}, false, badSyntax("", "no #fields directive before this line")
	}
	z.values = append(z.values[:0], bytes.SplitN(line, z.separator, len(z.fields)+1)...)
	if len(z.values) != len(z.fields) {
		return Entry{}, false, badSyntax("", "another number of values than #fields has names")
	}
	return z.entry(z.path, func(field string) []byte {
		for i, name := range z.fields {
			if name == field && string(z.values[i]) != "-" && string(z.values[i]) != "(empty)" {
				return z.values[i]
			}
		}
		return nil
	})
}

// directive reads a line that begins with "#".
func (z *zeekReader) directive(line []byte) *endpoints.Error {
	if hex, ok := bytes.CutPrefix(line, []byte(`#separator \x`)); ok {
		b, err := strconv.ParseUint(string(hex), 16, 8)
		if err != nil {
			return badSyntax("#separator", `want a byte as in \x09`)
		}
		z.separator, z.fields = []byte{byte(b)}, nil
		return nil
	}
	if len(z.separator) == 0 {
		z.separator = []byte("\t")
	}
	name, value, _ := bytes.Cut(line, z.separator)
	switch string(name) {
	case "#path":
		z.path, z.fields = string(value), nil
	case "#fields":
		if bytes.Count(value, z.separator) >= maxFields {
			z.fields = nil
			return tooLarge("#fields", "too many fields")
		}
		z.fields = nil
		for f := range bytes.SplitSeq(value, z.separator) {
			z.fields = append(z.fields, string(f))
		}
	}
	return nil
}

// object reads a line of JSON. The log that it is from shows in its fields.
func (z *zeekReader) object(line []byte) (Entry, bool, *endpoints.Error) {
	var doc map[string]json.RawMessage
	if json.Unmarshal(line, &doc) != nil {
		return Entry{}, false, badSyntax("", "want an object of JSON")
	}
	get := func(field string) []byte { return jsonText(doc[field]) }
	if get("ts") == nil || get("uid") == nil || get("id.resp_h") == nil {
		return Entry{}, false, badSyntax("", "want the fields ts, uid and id.resp_h of Zeek")
	}
	path := string(get("_path"))
	switch {
	case path != "":
	case doc["established"] != nil && doc["resumed"] != nil:
		path = "ssl"
	case doc["trans_id"] != nil || doc["rcode_name"] != nil || doc["qtype_name"] != nil:
		path = "dns"
	case doc["trans_depth"] != nil:
		path = "http"
	}
	return z.entry(path, get)
}

// entry reads a record of the log with a path.
func (z *zeekReader) entry(path string, get record) (e Entry, ok bool, bad *endpoints.Error) {
	var host []byte
	v := silent
	connect := false
	switch path {
	case "ssl":
		host, v = get("server_name"), zeekHandshake(get)
		e.Transport = "tcp"
	case "dns":
		if !isAddressKind(get("qtype_name")) {
			return Entry{}, false, nil
		}
		host, v = get("query"), rcode(get("rcode_name"))
		e.Answers = addresses(get("answers"))
		if v == passed {
			v = answersVerdict(get("qtype_name"), e.Answers)
		}
		if isEmpty(string(get("qtype_name")), v, len(e.Answers) > 0) {
			return Entry{}, false, nil
		}
	case "http":
		host = get("host")
		if connect = isConnect(get("method")); connect || bytes.Contains(get("uri"), []byte("://")) {
			host = get("uri") // as a proxy is asked
		}
		e.Transport = "tcp"
	default:
		return Entry{}, false, nil
	}
	if e.Time, ok = z.time(get("ts")); !ok {
		return Entry{}, false, badField("ts", "want seconds since 1970, or a time as in 2019-09-14T02:00:10Z")
	}
	if e.Status, ok = statusCode(get("status_code")); !ok {
		return Entry{}, false, badField("status_code", "no number")
	}
	if host == nil {
		host = get("id.resp_h")
	}
	var reason string
	if e.Host, e.Port, reason = z.names.url(host); reason != "" {
		return Entry{}, false, badField("host", reason)
	}
	if e.Port == 0 && path != "dns" {
		e.Port = port(get("id.resp_p"))
	}
	e.judge(connect, v)
	return e, true, nil
}

// zeekHandshake returns what became of a handshake: it failed only if there was
// an alert, since Zeek may not have seen all of it.
func zeekHandshake(get record) verdict {
	switch {
	case equal(get("established"), "T", "true"):
		if alert := get("last_alert"); alert != nil && !equal(alert, "close_notify") {
			return unclear
		}
		return passed
	case get("last_alert") != nil:
		return failed
	default:
		return unclear
	}
}

func (z *zeekReader) time(b []byte) (time.Time, bool) {
	if b == nil {
		return time.Time{}, true
	}
	if t, ok := epoch(b); ok {
		return t, true
	}
	return z.stamps.parse(time.RFC3339, b)
}

// port parses a port. An invalid one counts as unknown.
func port(b []byte) uint16 {
	n, ok := decimal(b, 5)
	if !ok || n > math.MaxUint16 {
		return 0
	}
	return uint16(n)
}

// maxAnswers limits the addresses that are kept of a lookup.
const maxAnswers = 64

// addresses returns the addresses of a list: of JSON, or separated by commas.
// Other elements are left out.
func addresses(b []byte) []netip.Addr {
	var out []netip.Addr
	for text := range bytes.SplitSeq(bytes.Trim(b, "[]"), []byte(",")) {
		if addr, err := netip.ParseAddr(string(bytes.Trim(text, " \""))); err == nil && addr.Zone() == "" && len(out) < maxAnswers {
			out = append(out, addr.Unmap())
		}
	}
	return out
}

// jsonText returns a value of JSON as text: of a string its content, of null
// nothing, and anything else as it is written.
func jsonText(raw json.RawMessage) []byte {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	if raw[0] != '"' {
		return raw
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return nil
	}
	return []byte(s)
}
