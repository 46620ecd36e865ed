package readiness

import "github.com/netready/netready/endpoints"

// A CauseCode names the reason behind findings. Codes are stable and
// append-only.
type CauseCode string

// A Cause is the one reason behind one or more findings. Each of its texts is
// one line without control or format characters, even where it quotes.
type Cause struct {
	Code  CauseCode
	Title string

	// Impact is the gravest impact of the findings that the cause explains.
	Impact Impact

	// Evidence quotes what was seen: the answer, chain, status line or header
	// that shows the cause.
	Evidence []string

	// Remedy says what the network team must change. It shows at most eight
	// Names, the most important ones.
	Remedy string

	// Names are all names, patterns and URLs that the remedy applies to, the
	// most important first. Nil means none.
	Names []string

	// Services are the services that the cause affects, in the plan's order.
	Services []endpoints.Service

	// Checks are the checks that the cause explains, in the plan's order.
	Checks []Check

	Sources []endpoints.Source
}
