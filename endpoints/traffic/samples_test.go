package traffic_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints/traffic"
)

// TestSamples reads a log of each program and detects its format.
func TestSamples(t *testing.T) {
	tests := []struct {
		file   string
		format traffic.Format
		want   []string
	}{
		{"squid.log", traffic.Squid, []string{
			"1 02:00:05.02 www.msftconnecttest.com:80 200",
			"2 02:00:10.123 login.live.com:443 200",
			"3 02:00:10.98 crl3.digicert.com:80 200",
			"4 02:00:12.004 ztd.dds.microsoft.com:443 200",
			"5 02:00:18.311 licensing.mp.microsoft.com:443 403 denied",
			"6 02:00:18.702 licensing.mp.microsoft.com:443 403 denied",
			"7 02:01:28.42 login.microsoftonline.com:443 200",
			"8 02:01:56.001 enterpriseregistration.contoso.com:443 407 denied",
			"9 02:02:00.73 enrollment.manage.microsoft.com:443 200",
			"10 02:02:10.115 fef.msua01.manage.microsoft.com:443 200",
			"12 02:16:19.502 redirector.example.net:80 403",
			"13 02:16:20 203.0.113.77:443 200",
			"14 02:16:21.9 2001:db8::77:8443 200",
			"15 02:16:33 contoso.sharepoint.com:443 200",
			"line 16: fewer fields than in Squid's native log [syntax]",
		}},
		{"common.log", traffic.CLF, []string{
			"1 02:00:05 www.msftconnecttest.com:80 200",
			"2 02:00:10 login.live.com:443 200",
			"3 02:00:12 ztd.dds.microsoft.com:443 200",
			"4 02:00:18 licensing.mp.microsoft.com:443 403 denied",
			"6 02:01:28 login.microsoftonline.com:443 200",
			"7 02:16:19 redirector.example.net:80 404",
			"line 5: request: want a method and a URL [missing_field]",
		}},
		{"combined.log", traffic.CLF, []string{
			"1 02:00:10 login.live.com:443 200",
			"2 02:00:12 ztd.dds.microsoft.com:443 403 denied",
			"3 02:00:13 crl3.digicert.com:80 403",
		}},
		{"iis.log", traffic.W3C, []string{
			"5 02:00:05 www.msftconnecttest.com:0 200",
			"6 02:00:10 login.live.com:443 200",
			"7 02:00:12 ztd.dds.microsoft.com:443 407 denied",
			"10 02:01:28 login.microsoftonline.com:0 200",
			"line 8: no field has a host [missing_field]",
			"line 11: fewer values than #Fields names [syntax]",
		}},
		{"tmg.log", traffic.W3C, []string{
			"5 02:00:10 login.live.com:443 0",
			"6 02:00:12 ztd.dds.microsoft.com:443 12202 denied",
			"7 02:00:13 crl3.digicert.com:80 403",
			"8 02:00:14 203.0.113.77:443 0",
		}},
		{"wingate.log", traffic.W3C, []string{
			"4 02:00:05 www.msftconnecttest.com:0 200",
			"5 02:00:10 login.live.com:0 200",
			"6 02:00:12 ztd.dds.microsoft.com:0 403 denied",
		}},
		{"hosts.txt", traffic.Hosts, []string{
			"2 - www.msftconnecttest.com:0 0",
			"3 - login.live.com:443 0",
			"4 02:00:12 ztd.dds.microsoft.com:0 0",
			"5 02:00:18 licensing.mp.microsoft.com:443 0",
			"6 02:01:28.42 login.microsoftonline.com:0 0",
			"7 - fef.msua01.manage.microsoft.com:0 0",
			"8 - 203.0.113.77:443 0",
			"9 - 2001:db8::77:8443 0",
			"line 10: time: the text before the host is not a date and a time [syntax]",
		}},
		{"capture.har", traffic.HAR, []string{
			"7 02:00:05.02 www.msftconnecttest.com:80 200",
			"13 02:00:10.123 login.live.com:443 200",
			"18 02:00:12 ztd.dds.microsoft.com:443 403 denied",
			"34 02:02:00 portal.manage.microsoft.com:443 200",
			"line 23: request.url: a URL without network access [bad_value]",
			"line 28: startedDateTime: want a time as in 2019-09-14T02:00:10Z [bad_value]",
			"line 33: no object [syntax]",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			got, s := scan(string(sample(t, tt.file)), traffic.Auto)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if s.Format() != tt.format || s.Err() != nil {
				t.Errorf("format %q, error %v; want %q", s.Format(), s.Err(), tt.format)
			}
			if lines := s.Lines(); lines.Skipped != len(lines.Errors) {
				t.Errorf("%d skipped, and %d errors", lines.Skipped, len(lines.Errors))
			}
		})
	}
}

// TestAlike: line ends, byte order marks and encodings do not change what is
// read.
func TestAlike(t *testing.T) {
	for _, file := range []string{"squid.log", "combined.log", "wingate.log", "hosts.txt", "capture.har"} {
		text := string(sample(t, file))
		want, _ := scan(text, traffic.Auto)
		crlf := strings.ReplaceAll(text, "\n", "\r\n")
		tests := []struct{ name, text string }{
			{"CRLF", crlf},
			{"without an end of the last line", strings.TrimSuffix(text, "\n")},
			{"UTF-8 with a byte order mark", "\ufeff" + text},
			{"UTF-16 little-endian, as PowerShell writes it", utf16Text(crlf, false)},
			{"UTF-16 big-endian", utf16Text(text, true)},
			{"NUL bytes before it, as after a truncation", strings.Repeat("\x00", 200_000) + text},
			{"NUL bytes after it, as after a crash", text + strings.Repeat("\x00", 200_000)},
		}
		for _, tt := range tests {
			t.Run(file+"/"+tt.name, func(t *testing.T) {
				got, s := scan(tt.text, traffic.Auto)
				if diff := cmp.Diff(want, got); diff != "" || s.Err() != nil {
					t.Errorf("error %v (-want +got):\n%s", s.Err(), diff)
				}
			})
		}
	}
}
