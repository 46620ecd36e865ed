package probetest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe/probetest"
)

func TestHTTPFaults(t *testing.T) {
	const page = "This is login.live.com.\n"
	inspect := probetest.Inspect{}
	for _, test := range []struct {
		name   string
		faults []probetest.Fault
		http   string // status, some header fields, and the beginning of the body
		https  string
	}{
		{"none", nil, "200 " + page, "200 " + page},
		{
			"a page",
			[]probetest.Fault{probetest.Page{Status: 503, Header: http.Header{"server": {"x"}}, Body: "down"}},
			"503 Server=x down", "503 Server=x down",
		},
		{"an empty page", []probetest.Fault{probetest.Page{}}, "200 ", "200 "},
		{
			"a page on port 80",
			[]probetest.Fault{probetest.At{Port: 80, Fault: probetest.Page{Body: "x"}}},
			"200 x", "200 " + page,
		},
		{
			"a page of another host",
			[]probetest.Fault{probetest.At{Host: "www.live.com", Fault: probetest.Page{Body: "x"}}},
			"200 " + page, "200 " + page,
		},
		{
			"portal",
			[]probetest.Fault{probetest.Portal{}},
			"302 Location=http://portal.example/login Server=portal <a href=\"http://portal.example/login\">Found</a>.\n\n", "200 " + page,
		},
		{
			"portal with a page",
			[]probetest.Fault{probetest.Portal{Status: 200}},
			"200 Server=portal <html><head><meta http-equiv=refresh content=\"0; url=http://portal.example/login\"></head><body>Please sign in.</body></html>\n", "200 " + page,
		},
		{
			"portal after RFC 6585",
			[]probetest.Fault{probetest.Portal{Status: 511, Location: "https://hotel.example/"}},
			"511 Server=portal <html><head><meta http-equiv=refresh content=\"0; url=https://hotel.example/\"></head><body>Please sign in.</body></html>\n", "200 " + page,
		},
		{
			"block page",
			[]probetest.Fault{inspect, probetest.BlockPage{}},
			"403 Server=squid/6.13 Via=1.1 filter.example (squid/6.13) <html><head><title>Access denied</title></head><body>filter.example does not let you visit login.live.com.</body></html>\n",
			"403 Server=squid/6.13 Via=1.1 filter.example (squid/6.13) <html><head><title>Access denied</title></head><body>filter.example does not let you visit login.live.com.</body></html>\n",
		},
		{
			"redirect loop",
			[]probetest.Fault{probetest.RedirectLoop},
			"302 Location=/b <a href=\"/b\">Found</a>.\n\n", "302 Location=/b <a href=\"/b\">Found</a>.\n\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"login.live.com"}, Latency: 10 * time.Millisecond, Faults: test.faults}
				for scheme, want := range map[string]string{"http": test.http, "https": test.https} {
					answer, body, err := get(t, i, scheme+"://login.live.com/a")
					if err != nil {
						t.Fatal(err)
					}
					got := fmt.Sprint(answer.StatusCode, " ")
					for _, name := range []string{"Location", "Server", "Via"} {
						if v := answer.Header.Get(name); v != "" && v != "probetest" {
							got += name + "=" + v + " "
						}
					}
					if got += body; got != want {
						t.Errorf("%s:\n got %q\nwant %q", scheme, got, want)
					}
				}
			})
		})
	}
}

// The sign-in page exists, and does not redirect to itself.
func TestPortalPage(t *testing.T) {
	i := &probetest.Internet{Faults: []probetest.Fault{probetest.At{Port: 80, Fault: probetest.Portal{}}}}
	answer, body, err := get(t, i, "http://portal.example/login")
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || body != "This is portal.example.\n" {
		t.Errorf("got %d %q", answer.StatusCode, body)
	}
}

func TestStages(t *testing.T) {
	timeout := func(err error) bool {
		var e interface{ Timeout() bool }
		return errors.As(err, &e) && e.Timeout()
	}
	ended := func(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
	reset := is(probetest.ConnReset)
	some := func(err error) bool { return err != nil }
	for _, test := range []struct {
		fault probetest.Fault
		want  func(error) bool
	}{
		{probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}, timeout},
		{probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Silence}, timeout},
		{probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Close}, ended},
		{probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Close}, ended},
		{probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}, reset},
		{probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Reset}, reset},
		{probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Garbage{}}, some},
		{probetest.Silence, timeout},
		{probetest.Close, ended},
		{probetest.Reset, reset},
		{probetest.Garbage{}, some},
	} {
		for _, scheme := range []string{"http", "https"} {
			t.Run(fmt.Sprintf("%T %+v %s", test.fault, test.fault, scheme), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					i := &probetest.Internet{Hosts: []string{"login.live.com"}, Latency: 10 * time.Millisecond}
					i.Faults = []probetest.Fault{probetest.At{Network: "tcp", Port: map[string]uint16{"http": 80, "https": 443}[scheme], Fault: test.fault}}
					c := client(i)
					c.Timeout = 5 * time.Second
					r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, scheme+"://login.live.com/", http.NoBody)
					if err != nil {
						t.Fatal(err)
					}
					answer, err := c.Do(r)
					var body []byte
					if err == nil {
						body, err = io.ReadAll(answer.Body)
						answer.Body.Close()
					}
					if !test.want(err) {
						t.Errorf("error: %v", err)
					}
					at, ok := test.fault.(probetest.At)
					if partial := len(body) > 0; err != nil && partial != (ok && at.Stage == probetest.AfterHeader) {
						t.Errorf("body: %q", body)
					}
				})
			})
		}
	}
}

func TestRanges(t *testing.T) {
	for _, test := range []struct {
		fault  probetest.Fault
		status int
		body   string
	}{
		{nil, 206, "T"},
		{probetest.IgnoreRange, 200, "This is login.live.com.\n"},
	} {
		i := &probetest.Internet{Hosts: []string{"login.live.com"}, Faults: []probetest.Fault{test.fault}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://login.live.com/", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Range", "bytes=0-0")
		answer, err := client(i).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != test.status || string(body) != test.body {
			t.Errorf("%v: got %d %q, want %d %q", test.fault, answer.StatusCode, body, test.status, test.body)
		}
	}
}

func TestLargeHeader(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{"login.live.com"}, Faults: []probetest.Fault{probetest.LargeHeader{Bytes: 1 << 16}}}
	answer, _, err := get(t, i, "http://login.live.com/")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(strings.Join(answer.Header.Values("X-Large"), "")); n != 1<<16 {
		t.Errorf("%d bytes", n)
	}
	i = &probetest.Internet{Hosts: []string{"login.live.com"}, Faults: []probetest.Fault{probetest.LargeHeader{}}}
	c := client(i)
	if transport, ok := c.Transport.(*http.Transport); ok {
		transport.MaxResponseHeaderBytes = 1 << 20
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://login.live.com/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := c.Do(r); err == nil {
		answer.Body.Close()
		t.Error("a header of 4 MiB fit into 1 MiB")
	}
}

func TestHandler(t *testing.T) {
	i := &probetest.Internet{
		Hosts:  []string{"login.live.com"},
		Faults: []probetest.Fault{probetest.At{Port: 80, Fault: probetest.Page{Status: 500}}},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprint(w, r.Host, r.URL, " ", r.TLS != nil)
		}),
	}
	if _, body, err := get(t, i, "https://login.live.com/x?y"); body != "login.live.com/x?y true" {
		t.Errorf("got %q, %v", body, err)
	}
	if answer, _, err := get(t, i, "http://login.live.com/x"); err != nil || answer.StatusCode != http.StatusInternalServerError {
		t.Errorf("got %v, %v", answer, err)
	}
}

func TestSkewOfDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Skew: 20 * time.Hour}
		answer, _, err := get(t, i, "http://www.msftconnecttest.com/connecttest.txt")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := answer.Header.Get("Date"), "Sat, 01 Jan 2000 20:00:00 GMT"; got != want {
			t.Errorf("Date: %s, want %s", got, want)
		}
	})
}

// Concurrent use leaves nothing running.
func TestConcurrent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"*.example"}, Latency: 20 * time.Millisecond, Faults: []probetest.Fault{
			probetest.Loss{Rate: 0.01}, probetest.Inspect{Except: []string{"a1.example"}},
		}}
		done := make(chan error)
		const many = 100
		for n := range many {
			go func() {
				_, _, err := get(t, i, fmt.Sprintf("https://a%d.example/", n%10))
				done <- err
			}()
		}
		failed := 0
		for range many {
			if <-done != nil {
				failed++
			}
		}
		if failed > many/10 {
			t.Errorf("%d of %d failed", failed, many)
		}
	})
}
