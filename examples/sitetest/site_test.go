package sitetest_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/readinesstest"
	"github.com/netready/netready/readiness/render"
)

var (
	site = flag.Bool("site", false, "test the network of this machine")
	page = flag.String("page", "", "also write the report of -site to this `file`, as a page")
)

// scope is what this site provisions.
var scope = endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Region: endpoints.RegionEurope}

// policy accepts what this site can do without: here, push notifications.
var policy = readiness.DocumentedPolicy().With(readiness.Informational, endpoints.ServiceWNS)

// TestSite tests the network of this machine.
func TestSite(t *testing.T) {
	if !*site {
		t.Skip("-site tests the network of this machine")
	}
	report, err := readiness.Runner{Policy: policy}.Assess(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	if *page != "" {
		f, err := os.Create(filepath.Clean(*page))
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}()
		if err := render.HTML(f, report); err != nil {
			t.Fatal(err)
		}
	}
	readinesstest.TestReport(t, report)
}

// TestSimulated shows that a healthy network passes: it needs none.
func TestSimulated(t *testing.T) {
	var report *readiness.Report
	synctest.Test(t, func(t *testing.T) {
		network := probe.Network{SearchDomains: []string{"corp.contoso.com"}}
		plan, err := readiness.Runner{Network: network}.Plan(scope)
		if err != nil {
			t.Fatal(err)
		}
		network = readinesstest.World(plan).Network()
		network.SearchDomains = []string{"corp.contoso.com"}
		if report, err = (readiness.Runner{Policy: policy, Network: network}).Assess(t.Context(), scope); err != nil {
			t.Fatal(err)
		}
	})
	readinesstest.TestReport(t, report)
}
