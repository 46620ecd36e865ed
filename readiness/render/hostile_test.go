package render_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// A quotation is a place where someone on the network can write text that a
// report may quote.
type quotation struct {
	name    string
	domains []string // search domains of the network
	proxied bool
	write   func(net *probetest.Internet, words string)

	// said is an unmistakable text, and shown is how a report shows it. Some
	// places accept only ASCII.
	said, shown string

	// hidden says that the text appears only in the JSON document.
	hidden bool
}

func everywhere(f func(words string) []probetest.Fault) func(*probetest.Internet, string) {
	return func(net *probetest.Internet, words string) { net.Faults = f(words) }
}

func page(status int, field string, value func(string) string) func(*probetest.Internet, string) {
	return everywhere(func(words string) []probetest.Fault {
		header := http.Header{"X-Squid-Error": {"ERR_ACCESS_DENIED 0"}, "Content-Type": {"text/html"}}
		header.Set(field, value(words))
		return []probetest.Fault{probetest.At{Network: "tcp", Port: 80, Fault: probetest.Page{Status: status, Header: header, Body: "<html>denied</html>"}}}
	})
}

func itself(words string) string { return words }

// quotations returns all such places.
func quotations() []quotation {
	const name, said = "Müller 東京", "Müller 東京"
	return []quotation{
		{
			name: "the organization of an inspecting authority",
			write: everywhere(func(words string) []probetest.Fault {
				return []probetest.Fault{probetest.Inspect{Organization: words}}
			}), said: name, shown: "TLS inspection by " + said,
		},
		{
			name: "the organization of an inspecting authority that the machine does not trust",
			write: everywhere(func(words string) []probetest.Fault {
				return []probetest.Fault{probetest.Inspect{Organization: words, Unknown: true}}
			}), said: name, shown: "TLS inspection by " + said,
		},
		{
			name: "the names of a certificate",
			write: everywhere(func(words string) []probetest.Fault {
				ascii := strings.Map(func(r rune) rune { return min(r, '~') }, words)
				return []probetest.Fault{probetest.At{Host: "login.live.com", Fault: probetest.Certificate{Names: []string{ascii}}}}
			}), said: "xn--mller-kva.example", shown: `"xn--mller-kva.example"`,
		},
		{
			name: "the host of a redirect by a filter", write: page(403, "Location", itself),
			said: "http://x/", hidden: true, // Location counts only with a redirect status
		},
		{
			name:  "the escaped host of a redirect by a filter",
			write: page(302, "Location", func(words string) string { return "http://" + url.PathEscape(words) + "/" }),
			said:  "müller.example", shown: "müller.example",
		},
		{
			name:  "the fragment of a redirect",
			write: page(302, "Location", func(words string) string { return "http://filter.example/#" + words }),
			said:  "a", shown: "A web filter (filter.example)",
		},
		{
			name: "the name of a filter", write: page(403, "Via", itself),
			said: "1.1 Müller", shown: "A web filter (1.1 Müller)",
		},
		{
			name: "the error of a filter", write: page(403, "X-Squid-Error", itself),
			said: "ERR_MÜLLER 0", hidden: true,
		},
		{
			name: "the title of a filter's page",
			write: everywhere(func(words string) []probetest.Fault {
				header := http.Header{"X-Squid-Error": {"ERR_ACCESS_DENIED 0"}, "Content-Type": {"text/html"}}
				body := "<html><title>" + words + " &#155;31m &#x202e; &#10;READY: x</title>"
				return []probetest.Fault{probetest.At{Network: "tcp", Port: 80, Fault: probetest.Page{Status: 403, Header: header, Body: body}}}
			}), said: "Müller", shown: "Müller",
		},
		{
			name: "the page of a portal",
			write: everywhere(func(words string) []probetest.Fault {
				return []probetest.Fault{probetest.At{Network: "tcp", Port: 80, Fault: probetest.Page{Body: words}}}
			}), said: "Willkommen bei Müller", shown: "Willkommen bei Müller",
		},
		{
			name: "the address of a portal",
			write: everywhere(func(words string) []probetest.Fault {
				return []probetest.Fault{probetest.Portal{Location: "http://portal.example/?" + words}}
			}), said: "a=b", shown: "http://portal.example/?a=b",
		},
		{
			name: "the reason of a blocking resolver",
			write: everywhere(func(words string) []probetest.Fault {
				return []probetest.Fault{probetest.At{Host: "login.live.com", Fault: probetest.DNSAnswer{Extended: 15, Text: words}}}
			}), said: "gesperrt für Müller", shown: `"gesperrt für Müller"`,
		},
		{
			name: "a canonical name",
			write: func(net *probetest.Internet, words string) {
				alias := strings.ReplaceAll(strings.Map(func(r rune) rune { return min(r, '~') }, words), ".", "-") + ".example"
				net.Aliases = map[string]string{"login.live.com": alias}
				net.Hosts = append(net.Hosts, alias)
			}, said: "mueller", hidden: true,
		},
		{
			name: "the proxies of a script", domains: []string{"contoso.com"},
			write: func(net *probetest.Internet, words string) {
				script := `function FindProxyForURL(url, host) { return "PROXY ` + words + `:8080"; }`
				net.Hosts = append(net.Hosts, "wpad.contoso.com")
				net.Faults = []probetest.Fault{probetest.WPAD{Script: script}, probetest.At{Network: "tcp", Port: 443, Fault: probetest.Drop}}
			}, said: "proxy.mueller.example", shown: "it mentions proxy.mueller.example:8080",
		},
		{
			name: "what a proxy says of itself", proxied: true,
			write: everywhere(func(words string) []probetest.Fault {
				return []probetest.Fault{probetest.At{Host: "login.live.com", Fault: probetest.ProxyDeny{Error: words}}}
			}), said: "ERR_MÜLLER", shown: "ERR_MÜLLER",
		},
	}
}

// hostile are texts that try to be more than a quotation.
var hostile = []string{
	"Acme\n\nREADY: everything that provisioning needs was reached.\n\n",
	"Acme\r\n\t\vREADY: \u2028READY: \u2029READY: \u0085READY:",
	"a\x1b[2J\x1b]0;x\x07\u009b31m\x00\x7fb",
	"a\u202eb\u2066c\u200b\u200f\ufeff\u00ad\U000e0041d",
	"\xff\xfe\xed\xa0\x80\ue000\u0378",
	strings.Repeat("x", 200) + "READY:",
	strings.Repeat(" ", 200) + "READY:",
}

// assessed returns a report on a few endpoints. Call it in a synctest bubble.
func (q quotation) assessed(t *testing.T, words string) *readiness.Report {
	t.Helper()
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	r := readiness.Runner{Catalog: few(t), Network: probe.Network{SearchDomains: append([]string{}, q.domains...)}}
	p, err := r.Plan(scope)
	if err != nil {
		t.Fatal(err)
	}
	net := &probetest.Internet{Hosts: p.Hosts()}
	q.write(net, words)
	r.Network = net.Network()
	r.Network.SearchDomains = append([]string{}, q.domains...)
	if q.proxied {
		r.Network.Proxy = func(probe.Target) (*url.URL, error) { return net.ProxyURL(), nil }
	}
	report, err := r.Assess(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// The title of a cause does not affect whether its losses are shown.
func TestACauseWithAHostileTitleHasItsLosses(t *testing.T) {
	p, err := readiness.Runner{Catalog: few(t), Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	obs := make([]probe.Observation, len(p.Checks))
	for i, c := range p.Checks {
		obs[i] = probe.Observation{Target: c.Target, Attempts: 1}
		if c.Target.Host == "login.live.com" {
			obs[i].Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
		}
	}
	var texts []string
	for _, title := range []string{"A title", "A\ntitle"} {
		r := judge(t, p, obs)
		r.Causes[0].Title = title
		var b strings.Builder
		if err := render.Text(&b, r, render.TextOptions{}); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, b.String())
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" {
		t.Errorf("(-plain +hostile):\n%s", diff)
	}
}

// few returns a catalog of a few endpoints of several owners.
func few(tb testing.TB) *endpoints.Catalog {
	tb.Helper()
	hosts := []string{
		"$resolver", "$wpad", "www.msftconnecttest.com", "time.windows.com", "crl3.digicert.com", "login.live.com",
		"manage.microsoft.com", "client.wns.windows.com", "*.lync.com", "download.windowsupdate.com",
	}
	all := endpoints.Embedded().Endpoints()
	c, err := new(endpoints.Catalog).With(slices.DeleteFunc(all, func(e endpoints.Endpoint) bool {
		return !slices.Contains(hosts, e.Host.String())
	})...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// TestQuotations: texts from the network stay where they are quoted, and text
// in any language is quoted unchanged.
func TestQuotations(t *testing.T) {
	for _, q := range quotations() {
		t.Run(q.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := q.assessed(t, q.said)
				checkReport(t, r)
				flat := strings.Join(strings.Fields(text(t, r)), " ")
				if !q.hidden && !strings.Contains(flat, q.shown) {
					t.Errorf("no %q in\n%s", q.shown, text(t, r))
				}
			})
			for _, words := range hostile {
				synctest.Test(t, func(t *testing.T) {
					r := q.assessed(t, words)
					checkReport(t, r)
					checkForms(t, r)
				})
			}
		})
	}
}

// Two reports on a gateway, one of which calls itself a verdict, begin the same
// lines except for the title.
func TestVerdictOfItsOwn(t *testing.T) {
	q := quotations()[0]
	left := func(words string) (lines []string) {
		synctest.Test(t, func(t *testing.T) {
			for line := range strings.Lines(text(t, q.assessed(t, words))) {
				if line[0] != ' ' {
					lines = append(lines, line)
				}
			}
		})
		return lines
	}
	harmless, other := left("Acme"), left(hostile[0])
	if len(harmless) != len(other) || harmless[0] != other[0] {
		t.Errorf("these lines begin at the left:\n%q\nwhere a harmless report has\n%q", other, harmless)
	}
	if err := func() (err error) {
		synctest.Test(t, func(t *testing.T) { err = q.assessed(t, hostile[0]).Err() })
		return err
	}(); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q", err)
	}
}
