package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// TestEveryReportFitsAHead: for every fault on the whole plan, the text fits, a
// remedy has at most eight names, and the cause has all of them.
func TestEveryReportFitsAHead(t *testing.T) {
	named := regexp.MustCompile(`[*a-z0-9-]+(\.[a-z0-9-]+)+`)
	flag := regexp.MustCompile(`\(-[a-z]`)
	for _, s := range sampletest.Of(simulations()) {
		args := []string{"-simulate", s.name, "-format", "json"}
		if s.protocol != "" {
			args = append(args, "-scenario", "hybrid-join", "-ad-domain", "corp.contoso.com", "-tenant", "contoso.com")
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var doc struct {
					Causes []struct {
						Code   readiness.CauseCode
						Remedy string
						Names  []string
					}
				}
				got := call(t.Context(), isolated(t), args...).Stdout
				unmarshal(t, got, &doc)
				var report readiness.Report
				unmarshal(t, got, &report)
				var text strings.Builder
				if err := render.Text(&text, &report, render.TextOptions{}); err != nil {
					t.Fatal(err)
				}
				fitsAHead(t, text.String(), got)
				for _, c := range report.Causes {
					coversEveryCheck(t, c)
				}
				for _, c := range doc.Causes {
					if c.Code == readiness.CauseHostContradicted {
						continue // there is nothing to do at its names
					}
					var shown []string
					for _, name := range named.FindAllString(c.Remedy, -1) {
						if slices.Contains(c.Names, name) && !slices.Contains(shown, name) {
							shown = append(shown, name)
						}
					}
					urls := strings.Count(c.Remedy, "http://")
					switch all := c.Names; {
					case len(shown)+urls > 8, len(shown) < min(len(all), 8) && urls == 0:
						t.Errorf("%d of %d names in %q", len(shown), len(all), c.Remedy)
					case len(all) > 8 && !strings.Contains(c.Remedy, "more (the report's JSON lists all "):
						t.Errorf("no word of %d names in %q", len(all), c.Remedy)
					case flag.MatchString(c.Remedy):
						t.Errorf("%q names a flag", c.Remedy)
					}
				}
			})
		})
	}
}

// coversEveryCheck checks that a cause has a name or pattern for every host that
// its checks were made of.
func coversEveryCheck(t *testing.T, c readiness.Cause) {
	t.Helper()
	switch c.Code {
	case readiness.CauseTLSInspection: // only what must not be inspected
	case readiness.CauseRevocation, readiness.CauseHTTPBlocked, readiness.CauseBlockPage, readiness.CauseProxyRequired,
		readiness.CauseProxyAuthRequired: // the names are those of the documents, the checks also those that wait for them
	case readiness.CauseControllerUnknown, readiness.CauseController: // the controllers, found by the domain
	default:
		for _, check := range c.Checks {
			covered := slices.ContainsFunc(c.Names, func(name string) bool {
				h, err := endpoints.ParseHost(name)
				return err == nil && h.Match(check.Target.Host)
			})
			if !covered && len(c.Names) > 0 {
				t.Errorf("%s: no name for %s", c.Code, check.ID())
			}
		}
	}
}
