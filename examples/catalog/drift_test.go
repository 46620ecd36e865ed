package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/examples/internal/clitest"
)

// A detour sends all requests to one server, whatever their host.
type detour struct{ to *url.URL }

func (d detour) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = d.to.Scheme, d.to.Host
	return http.DefaultTransport.RoundTrip(r)
}

// endpointService answers as the Microsoft 365 endpoint service does.
func endpointService(t *testing.T, status int) *http.Client {
	t.Helper()
	const sets = `[
		{"id": 1, "serviceArea": "Common", "urls": ["login.microsoftonline.com", "*.new.example"], "ips": ["192.0.2.0/24"],
			"tcpPorts": "80,443", "category": "Allow", "required": true},
		{"id": 2, "serviceArea": "Common", "urls": ["*.new.example"], "tcpPorts": "25", "category": "Default", "required": false},
		{"id": 163, "serviceArea": "MEM", "urls": ["intune.new.example"], "tcpPorts": "443", "category": "Allow", "required": true}
	]`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if strings.HasPrefix(r.URL.Path, "/version/") {
			_, _ = fmt.Fprintf(w, `{"instance": %q, "latest": "2026110100"}`, path.Base(r.URL.Path))
			return
		}
		_, _ = fmt.Fprint(w, sets)
	}))
	t.Cleanup(server.Close)
	to, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Transport: detour{to}}
}

func TestDriftOfService(t *testing.T) {
	for name, args := range map[string][]string{
		"drift-service.txt":  {"drift", "-catalog", newFile, "-cloud", "worldwide"},
		"drift-service.json": {"drift", "-catalog", newFile, "-cloud", "worldwide", "-format", "json"},
	} {
		t.Run(name, func(t *testing.T) {
			got := clitest.Run(func(stdout, stderr *strings.Builder) int {
				return run(args, environment{stdout: stdout, stderr: stderr, http: endpointService(t, http.StatusOK)})
			})
			if diff := cmp.Diff(clitest.Outcome{Status: 1, Stdout: got.Stdout}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			clitest.Golden(t, name, got.Stdout)
		})
	}
}

// TestDriftOfWholeService compares the built-in catalog with the service's
// answers of 2025, which are older than the catalog.
func TestDriftOfWholeService(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasPrefix(r.URL.Path, "/version/") {
			_, _ = fmt.Fprintf(w, `{"instance": %q, "latest": "2025120100"}`, path.Base(r.URL.Path))
			return
		}
		http.ServeFile(w, r, "../../endpoints/m365/testdata/"+strings.ToLower(path.Base(r.URL.Path))+".json")
	}))
	t.Cleanup(server.Close)
	to, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	got := clitest.Run(func(stdout, stderr *strings.Builder) int {
		return run([]string{"drift"}, environment{stdout: stdout, stderr: stderr, http: &http.Client{Transport: detour{to}}})
	})
	if got.Status != 1 || got.Stderr != "" {
		t.Fatalf("status %d: %s", got.Status, got.Stderr)
	}
	if strings.Contains(got.Stdout, "scc.office365.us") { // in two areas, with other ports
		t.Errorf("a name that fits is in the report:\n%s", got.Stdout)
	}
	for _, want := range []string{
		"42.159.40.0/24 (china): listed, but not among the built-in ranges",
		"20.35.0.0/22 (gcc-high): no longer listed, but among the built-in ranges",
		"*.entrust.net (worldwide): listed, but legacy in the catalog",
	} {
		if !strings.Contains(got.Stdout, want) {
			t.Errorf("%q is not in the report:\n%s", want, got.Stdout)
		}
	}
}

func TestDriftWithoutService(t *testing.T) {
	got := clitest.Run(func(stdout, stderr *strings.Builder) int {
		return run([]string{"drift"}, environment{stdout: stdout, stderr: stderr, http: endpointService(t, http.StatusServiceUnavailable)})
	})
	if got.Status != 2 || got.Stdout != "" || !strings.Contains(got.Stderr, "503") {
		t.Errorf("%+v", got)
	}
}

// TestReadPublicationRefuses checks that errors in extracts name the line.
func TestReadPublicationRefuses(t *testing.T) {
	const head = "host\ttransport\tport\tneed\tsection\tregion\tnote\n"
	tests := []struct{ name, file, data, want string }{
		{"nothing", "a.tsv", "", "it is empty"},
		{"no text", "a.tsv", "PK\x00\x00", "it is not text"},
		{"unknown columns", "a.tsv", "a\tb\n", "line 1: unknown columns"},
		{"a row that is short", "a.tsv", head + "a.example\ttcp\n", "line 2: 2 columns, want 7"},
		{"no host", "a.tsv", head + "a b\ttcp\t443\trequired\t\t\t\n", "line 2: "},
		{"an unknown transport", "a.tsv", head + "a.example\tsctp\t443\trequired\t\t\t\n", `line 2: transport "sctp": want tcp or udp`},
		{"the port 0", "a.tsv", head + "a.example\ttcp\t0\trequired\t\t\t\n", `line 2: "0" is not a port`},
		{"a port that is too large", "a.tsv", head + "a.example\ttcp\t65536\trequired\t\t\t\n", `line 2: "65536" is not a port`},
		{"an unknown need", "a.tsv", head + "a.example\ttcp\t443\tmaybe\t\t\t\n", `line 2: need "maybe": want required, optional or listed`},
		{"an unknown region", "a.tsv", head + "a.example\ttcp\t443\trequired\t\tmoon\t\n", `line 2: unknown region "moon"`},
		{"no range", "a.tsv", "prefix\tkind\tnote\n192.0.2.0\t\t\n", `line 2: "192.0.2.0" is not a range`},
		{"an unknown answer", "a.tsv", "scenario\tcloud\tsupported\tsource\tdate\nautopilot\tchina\tmaybe\t\t\n", `line 2: supported "maybe": want yes or no`},
		{"an unknown scenario", "a.tsv", "scenario\tcloud\tsupported\tsource\tdate\nmoon\tchina\tno\t\t\n", `line 2: unknown scenario "moon"`},
		{"an unknown cloud", "a.tsv", "scenario\tcloud\tsupported\tsource\tdate\nautopilot\tmoon\tno\t\t\n", `line 2: unknown cloud "moon"`},
		{"a list of an unknown instance", "Moon_Common_ip_cidr.txt", "", "want a file name like INSTANCE_AREA_KIND.txt"},
		{"a list of an unknown kind", "China_Common_urls.txt", "a.example\n", `unknown kind "urls"`},
		{"a list with what is no name", "China_Common_fqdn_wildcard.txt", "a.example\n?\n", "line 2: "},
		{"a list with what is no range", "China_Common_ip_cidr.txt", "\n192.0.2.0/33\n", `line 2: "192.0.2.0/33" is not a range`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readPublication(tt.file, []byte(tt.data))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
	t.Run("a mark and lines as Windows writes them", func(t *testing.T) {
		p, err := readPublication("a.tsv", []byte("\ufeff"+strings.ReplaceAll(head+"a.example\ttcp\t443\trequired\t\t\t\n", "\n", "\r\n")))
		if err != nil || len(p.hosts) != 1 {
			t.Errorf("%+v, %v", p, err)
		}
	})
}
