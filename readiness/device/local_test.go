package device_test

import (
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/readiness/device"
)

// TestFactsOfRegistry shows on every system how registry values are
// interpreted.
func TestFactsOfRegistry(t *testing.T) {
	build := device.Build{Number: 26100, Revision: 3323}
	tests := []struct {
		name           string
		edition, build string
		revision       uint64
		want           device.Facts
	}{
		{"Pro", "Professional", "26100", 3323, device.Facts{Edition: device.EditionPro, Build: build}},
		{"Pro without media features", "ProfessionalN", "26100", 3323, device.Facts{Edition: device.EditionPro, Build: build}},
		{"Pro for Workstations", "ProfessionalWorkstation", "26100", 3323, device.Facts{Edition: device.EditionProWorkstations, Build: build}},
		{"Pro Education", "ProfessionalEducation", "26100", 3323, device.Facts{Edition: device.EditionProEducation, Build: build}},
		{"Education", "EducationN", "26100", 3323, device.Facts{Edition: device.EditionEducation, Build: build}},
		{"Enterprise", "Enterprise", "26100", 3323, device.Facts{Edition: device.EditionEnterprise, Build: build}},
		{"Enterprise LTSC", "EnterpriseS", "26100", 3323, device.Facts{Edition: device.EditionEnterpriseLTSC, Build: build}},
		{"Home", "Core", "26100", 3323, device.Facts{Edition: device.EditionHome, Build: build}},
		{"Home of one language", "CoreSingleLanguage", "26100", 3323, device.Facts{Edition: device.EditionHome, Build: build}},
		{"IoT Enterprise", "IoTEnterprise", "26100", 3323, device.Facts{Edition: device.EditionIoTEnterprise, Build: build}},
		{"an edition that no document speaks of", "IoTEnterpriseS", "26100", 3323, device.Facts{Build: build}},
		{"an edition that nobody knows", "Moon", "26100", 3323, device.Facts{Build: build}},
		{"a server of the same build", "ServerStandard", "26100", 3323, device.Facts{}},
		{"no revision", "Professional", "26100", 0, device.Facts{Edition: device.EditionPro, Build: device.Build{Number: 26100}}},
		{"a revision that is none", "Professional", "26100", 1 << 32, device.Facts{Edition: device.EditionPro}},
		{"a build that is none", "Professional", "24H2", 3323, device.Facts{Edition: device.EditionPro}},
		{"nothing", "", "", 0, device.Facts{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, device.FactsOf(tt.edition, tt.build, tt.revision)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestLocal shows that Local works on this machine, whatever it runs.
func TestLocal(t *testing.T) {
	f, err := device.Local()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(device.Facts{}, f); runtime.GOOS != "windows" && diff != "" {
		t.Errorf("facts of Windows on %s: %s", runtime.GOOS, diff)
	}
}
