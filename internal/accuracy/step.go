package accuracy

// A Step is a place on the way of a check where something can go wrong. A check
// meets them in order, and fails by what it meets first: whatever is wrong
// further on cannot be seen by it.
type Step int

// The steps. The comment of each says why it hides those that follow.
const (
	StepRoute    Step = iota // without a route no packet is sent
	StepResolver             // no server resolves names, so there is no address to go to; what needs one is skipped
	StepName                 // this name has no address to go to
	StepProxy                // there is no connection to the proxy that leads on
	StepPolicy               // the proxy does not lead on
	StepConnect              // no connection, so nothing is said on it
	StepAccept               // the connection ends before anything is said
	StepHello                // the connection ends before a certificate is shown
	StepVersion              // no version of TLS is agreed on, so no certificate is shown
	StepIssuer               // a stranger's certificate says nothing by its name or its dates
	StepSubject              // a certificate for another name says nothing by its dates
	StepDates                // a certificate that is not valid ends the matter
	StepRequest              // the request is not answered
	StepPage                 // somebody else answers it
	StepRevoked              // the certificate was good in all but this
	StepReply                // the time server gives no time
	StepOffset               // the time that it gives cannot be used
	stepNone                 // the end of the way
)

// A traffic is a set of kinds of checks, by what travels for them.
type traffic uint8

const (
	onDNS    traffic = 1 << iota // look-ups that are checks themselves
	onAbsent                     // look-ups of names that do not exist
	onHTTP
	onHTTPS
	onTCP // other ports
	onNTP
	onWPAD      // looking for a proxy
	onDocuments // what certificates point to; it is plain HTTP too

	onResolved = onAll &^ onAbsent &^ onDNS // what is looked up as devices do
	onWeb      = onHTTP | onHTTPS
	onAll      = onDNS | onAbsent | onHTTP | onHTTPS | onTCP | onNTP | onWPAD | onDocuments
)

// A strike says that a fault meets some traffic at a step.
type strike struct {
	step Step
	on   traffic
}

// An effect is what the rules about verdicts have to know of a failure beside
// the fact.
type effect int

const (
	effectNone      effect = iota
	effectGone             // the name is said not to exist
	effectInspected        // a certificate of an authority that the machine alone trusts
	effectAuth             // the proxy demands authentication
	effectClock            // devices end up with a wrong clock
)
