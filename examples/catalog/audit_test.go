package main

import (
	"os"
	"path"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
)

// An explanation says why the built-in catalog differs from an extract.
type explanation struct {
	kind, list, subject string // the list is a pattern of [path.Match]
	used                bool
}

func explanations(t *testing.T) []explanation {
	t.Helper()
	text, err := os.ReadFile("testdata/explained.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []explanation
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		cells := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		if i == 0 {
			continue // the columns
		}
		if len(cells) != 4 || cells[3] == "" {
			t.Fatalf("explained.tsv: line %d: want kind, list, subjects and reason", i+1)
		}
		for subject := range strings.SplitSeq(cells[2], ", ") {
			out = append(out, explanation{kind: cells[0], list: cells[1], subject: subject})
		}
	}
	return out
}

func (e *explanation) explains(t *testing.T, d deviation) bool {
	t.Helper()
	ok, err := path.Match(e.list, d.List)
	if err != nil {
		t.Fatal(err)
	}
	return ok && e.kind == d.Kind && e.subject == d.Subject
}

// TestAudit compares the built-in catalog and ranges with extracts of the
// newest pages. testdata/explained.tsv must explain every difference and
// contain no unused explanation.
func TestAudit(t *testing.T) {
	pubs, err := command{options: options{args: []string{"testdata/2026-11"}}}.readPublications()
	if err != nil {
		t.Fatal(err)
	}
	if len(pubs) < 60 {
		t.Fatalf("%d extracts", len(pubs))
	}
	why := explanations(t)
	for _, d := range compare(endpoints.Embedded(), pubs) {
		explained := false
		for i := range why {
			if why[i].explains(t, d) {
				why[i].used, explained = true, true
			}
		}
		if !explained {
			t.Errorf("%s: %s: %s (%s): %s", d.List, d.Kind, d.Subject, d.Cloud, d.Detail)
		}
	}
	for _, e := range why {
		if !e.used {
			t.Errorf("explained.tsv explains what does not differ: %s %s %s", e.kind, e.list, e.subject)
		}
	}
}

// TestAuditNotices shows that the audit finds each kind of difference.
func TestAuditNotices(t *testing.T) {
	const head = "host\ttransport\tport\tneed\tsection\tregion\tnote\n"
	ztd := endpoints.Embedded().Match("ztd.dds.microsoft.com", 443)[0]
	tests := []struct {
		name, file, data string
		change           func(*endpoints.Endpoint) // of ztd
		kind, subject    string                    // empty for no difference
	}{
		{"the same", "autopilot-x.tsv", head + "ztd.dds.microsoft.com\ttcp\t443\trequired\t\t\t\n", nil, "", ""},
		{"covered by a pattern", "intune-endpoints-x.tsv", head + "netready.manage.microsoft.com\ttcp\t443\trequired\t\t\t\n", nil, "", ""},
		{"a new name", "autopilot-x.tsv", head + "ztd2.dds.microsoft.com\ttcp\t443\trequired\t\t\t\n", nil, "new", "ztd2.dds.microsoft.com"},
		{"a known name in another cloud", "intune-endpoints-china.tsv", head + "mmdcustomer.microsoft.com\ttcp\t443\trequired\t\t\t\n", nil, "new", "mmdcustomer.microsoft.com"},
		{"a new port", "autopilot-x.tsv", head + "ztd.dds.microsoft.com\ttcp\t80\trequired\t\t\t\n", nil, "ports", "ztd.dds.microsoft.com"},
		{"the same region", "intune-endpoints-x.tsv", head + "go-eu.trouter.communications.svc.cloud.microsoft\ttcp\t443\trequired\t\teurope\t\n", nil, "", ""},
		{
			"another region", "intune-endpoints-x.tsv", head + "go-eu.trouter.communications.svc.cloud.microsoft\ttcp\t443\trequired\t\tindia\t\n",
			nil, "region", "go-eu.trouter.communications.svc.cloud.microsoft",
		},
		{"a region for a name of all", "autopilot-x.tsv", head + "ztd.dds.microsoft.com\ttcp\t443\trequired\t\teurope\t\n", nil, "region", "ztd.dds.microsoft.com"},
		{
			"optional in the catalog", "autopilot-x.tsv", head + "ztd.dds.microsoft.com\ttcp\t443\trequired\t\t\t\n",
			func(e *endpoints.Endpoint) { e.Need, e.NeedIn, e.DroppedBy = endpoints.Optional, nil, nil }, "need", "ztd.dds.microsoft.com",
		},
		{
			"not current in the catalog", "autopilot-x.tsv", head + "ztd.dds.microsoft.com\ttcp\t443\trequired\t\t\t\n",
			func(e *endpoints.Endpoint) { e.Status = endpoints.StatusRetired }, "status", "ztd.dds.microsoft.com",
		},
		{
			"no longer listed", "autopilot-x.tsv", head + "login.live.com\ttcp\t443\trequired\t\t\t\n",
			func(e *endpoints.Endpoint) { e.Source.Title = "Windows Autopilot requirements" }, "removed", "ztd.dds.microsoft.com",
		},
		{"a new range", "intune-prefixes.tsv", "prefix\tkind\tnote\n192.0.2.0/24\tintune\t\n", nil, "range-new", "192.0.2.0/24"},
		{"a range that is gone", "intune-prefixes.tsv", "prefix\tkind\tnote\n13.107.219.0/24\tintune\t\n", nil, "range-removed", "4.145.74.224/27"},
		{"a scenario that is offered", "support.tsv", "scenario\tcloud\tsupported\tsource\tdate\nautopilot\tworldwide\tno\tx\tx\n", nil, "support", "autopilot"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := readPublication(tt.file, []byte(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			e := ztd
			if tt.change != nil {
				tt.change(&e)
			}
			catalog, err := endpoints.Embedded().With(e)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, d := range compare(catalog, []publication{p}) {
				if d.Kind == tt.kind && d.Subject == tt.subject {
					found = true
				} else if tt.kind == "" && d.Kind != deviationRemoved {
					t.Errorf("%+v", d)
				}
			}
			if found != (tt.kind != "") {
				t.Errorf("%s %s not noticed", tt.kind, tt.subject)
			}
		})
	}
}

func FuzzReadPublication(f *testing.F) {
	for _, name := range []string{"autopilot-requirements.tsv", "intune-prefixes-china.tsv", "support.tsv", "office365/China_Common_ip_cidr.txt", "office365/China_Skype_fqdn_wildcard.txt"} {
		data, err := os.ReadFile("testdata/2026-11/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(path.Base(name), data)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		p, err := readPublication(name, data)
		if err != nil {
			return
		}
		for _, l := range p.hosts {
			if again, err := endpoints.ParseHost(l.host.String()); err != nil || again != l.host {
				t.Errorf("host %q: %v", l.host, err)
			}
			for _, port := range l.ports {
				if port.Number == 0 {
					t.Errorf("%s has the port 0", l.host)
				}
			}
		}
		for _, prefix := range p.prefixes {
			if !prefix.IsValid() || prefix != prefix.Masked() {
				t.Errorf("range %v", prefix)
			}
		}
		deviations := compare(endpoints.Embedded(), []publication{p})
		if _, err := amend(endpoints.Embedded(), []publication{p}, deviations); err != nil {
			t.Errorf("amended: %v", err)
		}
	})
}
