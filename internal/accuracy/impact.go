package accuracy

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// impacts is the impact of each service or part in each scenario, read strictly
// from the documents: F fatal, D degrading, C conditional, I informational. The
// columns are user-driven, hybrid join, self-deploying, pre-provisioning,
// device preparation, device association and Autopatch.
//
// It deliberately repeats the table of package readiness so that an error there
// is noticed.
const impacts = `
dns                       FFFFFFF
ncsi                      FFFFFFD
ntp                       FFFFFFI
proxy                     CCCCCCD
deployment-service        FFFFFFI
deployment-service:account FFFFFFD
activation                FFFFFFI
entra-id:core             FFFFFFF
entra-id                  DDDDDDD
entra-id:autologon        ICIIIII
intune:core               FFFFFFF
intune                    DDDDDDD
intune-content            CCCCCCC
endpoint-discovery        DDDDDDD
diagnostics-collection    IIIIIII
windows-update            DDDDDDF
delivery-optimization     DDDDDDD
delivery-optimization:content CCCCCCF
diagnostics-data          DDDDDDD
wns                       DDDDDDD
microsoft-store           DDDDDDI
microsoft-365             CCCCCCF
microsoft-365-exchange    IIIIIID
microsoft-365-sharepoint  IIIIIID
teams                     CCCCCCD
onedrive                  CCCCCCD
edge                      IIIIIID
crl                       FFFFFFD
tpm-attestation           IIFFIFI
tpm-attestation:ek        IICCICI
health-attestation        CCCCCCI
hybrid-domain-controller  IFIIIII
autopatch                 IIIIIIF
smartscreen               IIIIIII
defender                  IIIIIII
windows-shell             IIIIIII
remote-help               IIIIIII
`

// impact returns the impact of a part of a service in a scenario.
func impact(service endpoints.Service, part string, scenario endpoints.Scenario) readiness.Impact {
	column := slices.Index(endpoints.Scenarios(), scenario)
	for _, name := range []string{string(service) + ":" + part, string(service)} {
		for line := range strings.Lines(impacts) {
			row := strings.Fields(line)
			if len(row) != 2 || row[0] != name || column < 0 || column >= len(row[1]) {
				continue
			}
			switch row[1][column] {
			case 'F':
				return readiness.Fatal
			case 'D':
				return readiness.Degrading
			case 'C':
				return readiness.Conditional
			case 'I':
				return readiness.Informational
			}
		}
	}
	return readiness.Unjudged
}
