package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness/device"
)

// TestDevice: facts about devices, from a file or from this machine, and their
// effect on the report of a ready network.
func TestDevice(t *testing.T) {
	pro := func() (device.Facts, error) {
		return device.Facts{Edition: device.EditionPro, Build: device.Build{Number: 26100, Revision: 3323}}, nil
	}
	home := func() (device.Facts, error) { return device.Facts{Edition: device.EditionHome}, nil }
	const here = "Windows facts are from this machine: "
	tests := []struct {
		name    string
		file    string
		machine func() (device.Facts, error)
		status  int
		note    string // the rest of the note
		edition string // the status and what was found
		mdm     string // the status of the license for device management
		log     string
	}{
		{name: "nothing is known", edition: "not_run ", mdm: "not_run"},
		{name: "a machine without Windows", machine: func() (device.Facts, error) { return device.Facts{}, nil }, edition: "not_run ", mdm: "not_run"},
		{name: "a machine with Windows", machine: pro, note: "edition Pro, build 26100.3323.", edition: "ok Pro", mdm: "not_run"},
		{name: "a machine that is not supported", machine: home, status: 1, note: "edition Home.", edition: "failed Home", mdm: "not_run"},
		{
			name: "licenses in a file, Windows of the machine", machine: pro, file: `{"service_plans": ["c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "41781fb2-bc02-4b7c-bd55-b576c07bb09d"]}`,
			note: "edition Pro, build 26100.3323.", edition: "ok Pro", mdm: "ok",
		},
		{name: "no licenses", file: `{"service_plans": []}`, status: 1, edition: "not_run ", mdm: "failed"},
		{name: "devices other than the machine", machine: home, file: `{"edition": "enterprise"}`, edition: "ok Enterprise", mdm: "not_run"},
		{name: "builds other than the machine's", machine: home, file: `{"build": "26100"}`, edition: "not_run ", mdm: "not_run"},
		{name: "a file of Windows", file: "\ufeff{\"edition\": \"pro\"}\r\n", edition: "ok Pro", mdm: "not_run"},
		{
			name: "a machine that keeps it to itself", machine: func() (device.Facts, error) { return device.Facts{}, errors.New("access denied") },
			edition: "not_run ", mdm: "not_run", log: "preflight: the edition and build of Windows on this machine could not be read: access denied\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := []string{"-catalog", small, "-format", "json"}
			if tt.file != "" {
				path := filepath.Join(t.TempDir(), "device.json")
				if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
					t.Fatal(err)
				}
				args = append(args, "-device", path)
			}
			synctest.Test(t, func(t *testing.T) {
				env := isolated(t)
				internet := probetest.Internet{Hosts: smallPlan(t).Hosts()}
				env.network, env.machine = internet.Network(), tt.machine
				got := call(t.Context(), env, args...)
				if got.Status != tt.status || got.Stderr != tt.log {
					t.Errorf("status %d, log %q", got.Status, got.Stderr)
				}
				var r struct {
					Notes  []string `json:"notes"`
					Device []struct {
						Prerequisite string `json:"prerequisite"`
						Status       string `json:"status"`
						Found        string `json:"found"`
					} `json:"device"`
				}
				unmarshal(t, got.Stdout, &r)
				var note string
				for _, n := range r.Notes {
					if after, ok := strings.CutPrefix(n, here); ok {
						note = after
					}
				}
				found := make(map[string]string)
				for _, d := range r.Device {
					found[d.Prerequisite] = d.Status + " " + d.Found
				}
				mdm, _, _ := strings.Cut(found["licence.mdm"], " ")
				if diff := cmp.Diff([]string{tt.note, tt.edition, tt.mdm}, []string{note, found["windows.edition"], mdm}); diff != "" {
					t.Errorf("note, edition, MDM (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestDeviceInText: unknown facts take one line, and known ones have a section.
func TestDeviceInText(t *testing.T) {
	const unknown = "Devices:  not checked; no edition, build or license is known\n"
	got := call(t.Context(), isolated(t), "-catalog", small, "-simulate", "none").Stdout
	if strings.Count(got, unknown) != 1 || strings.Contains(got, "DEVICES") {
		t.Errorf("not in one line:\n%s", got)
	}

	path := filepath.Join(t.TempDir(), "device.json")
	if err := os.WriteFile(path, []byte(`{"edition": "home", "build": "26100.3323", "other_mdm": true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	got = call(t.Context(), isolated(t), "-catalog", small, "-simulate", "none", "-device", path).Stdout
	_, section, _ := strings.Cut(got, "\nDEVICES\n\n")
	section, _, _ = strings.Cut(section, "\n\n")
	want := []string{
		"failed Windows edition (fatal): Home; wanted: Windows Pro, Pro Education, Pro for Workstations, Enterprise, Education or Enterprise LTSC, or IoT Enterprise in Microsoft Teams Rooms devices.",
		"ok License for device management: another MDM service",
		"not checked Windows build (26100.3323: the document refers to the Microsoft lifecycle policy, which this program does not know), License for Microsoft Entra ID,",
	}
	section = strings.Join(strings.Fields(section), " ") // ignore line breaks
	for _, w := range want {
		if !strings.Contains(section, w) {
			t.Errorf("%q is not in %q", w, section)
		}
	}
	if strings.Contains(got, unknown) || !strings.HasPrefix(got, "BLOCKED") {
		t.Errorf("what is known is said to be unknown, or does not count:\n%s", got)
	}
}

func TestParseFacts(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", ``, "EOF"},
		{"null", `null`, `want a JSON object with any of "edition", "build", "service_plans" and "other_mdm"`},
		{"an invalid field", `{"licences": []}`, `json: unknown field "licences"`},
		{"an invalid build", `{"build": "24H2"}`, `device: "24H2" is not a build of Windows: want one like 26100.3323`},
		{"two objects", `{} {}`, "text after the JSON object"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "want JSON in UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := parseFacts([]byte(tt.text)); err == nil || err.Error() != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}
