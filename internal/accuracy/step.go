package accuracy

// A Step is a place on a check's path where something can go wrong. A check
// meets the steps in order and fails at the first fault, which hides all later
// ones.
type Step int

// The steps. Each comment says why a fault there hides later ones.
const (
	StepRoute    Step = iota // without a route no packet is sent
	StepResolver             // no server resolves names, so there is no address; checks that need one are skipped
	StepName                 // this name has no address
	StepProxy                // no connection to the proxy
	StepPolicy               // the proxy does not forward
	StepConnect              // no connection, so nothing is sent
	StepAccept               // the connection ends before anything is sent
	StepHello                // the connection ends before a certificate is shown
	StepVersion              // no common TLS version, so no certificate is shown
	StepIssuer               // with an unknown issuer, the certificate's name and dates mean nothing
	StepSubject              // with another name, the certificate's dates mean nothing
	StepDates                // an invalid certificate ends the check
	StepRequest              // the request gets no response
	StepPage                 // someone else responds
	StepRevoked              // the certificate is otherwise good
	StepReply                // the time server gives no time
	StepOffset               // its time is unusable
	stepNone                 // the end of the path
)

// A traffic is a set of kinds of checks, by protocol.
type traffic uint8

const (
	onDNS    traffic = 1 << iota // lookups that are checks of their own
	onAbsent                     // lookups of nonexistent names
	onHTTP
	onHTTPS
	onTCP // other ports
	onNTP
	onWPAD      // looking for a proxy
	onDocuments // documents that certificates point to, which are plain HTTP too

	onResolved = onAll &^ onAbsent &^ onDNS // lookups as devices make them
	onWeb      = onHTTP | onHTTPS
	onAll      = onDNS | onAbsent | onHTTP | onHTTPS | onTCP | onNTP | onWPAD | onDocuments
)

// A strike says that a fault affects some traffic at a step.
type strike struct {
	step Step
	on   traffic
}

// An effect is what the rules for verdicts must know about a failure.
type effect int

const (
	effectNone      effect = iota
	effectGone             // the name is said not to exist
	effectInspected        // a certificate of a CA that only this machine trusts
	effectAuth             // the proxy requires authentication
	effectClock            // devices end up with a wrong clock
	effectLost             // nothing listens, or nothing gets there
	effectMute             // the handshake completes but no response follows
)
