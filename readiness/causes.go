package readiness

import (
	"slices"
	"time"

	"github.com/netready/netready/probe"
)

// A diagnosis finds causes of one kind.
type diagnosis struct {
	code CauseCode

	// find returns the causes that the view shows. It must not change the view,
	// and may claim only what has no cause yet.
	find func(*view) []found

	// fetch reports whether a cause of this kind explains why a document that
	// certificates point to (a revocation list or an issuer) could not be
	// fetched. Nil means no.
	fetch func(c *recorded, failure probe.Code) bool
}

// diagnoses returns every diagnosis in order. The first that claims a check
// explains it. words are the explanations of a policy's own codes.
func diagnoses(j *judgment, words []explanation) []diagnosis {
	return slices.Concat([]diagnosis{
		// First: what this machine could not do is not the network's fault.
		{code: CauseMachine, find: machineSockets},

		{code: CauseIntercepted, find: connectIntercepted},

		// Without a resolver, nothing else is measured.
		{code: CauseNetworkDown, find: networkDown},
		{code: CauseDNSUnreachable, find: dnsUnreachable},

		// Before the portal: invented addresses look like answers.
		{code: CauseDNSRewriting, find: dnsRewriting},

		// Before blocked ports and certificates: a portal causes both.
		{code: CauseCaptivePortal, find: captivePortal, fetch: anyFetch},

		// Before inspection: the wrong host's certificate is no sign of
		// inspection.
		{code: CauseDNSFiltered, find: dnsDiverted},

		// Before blocked ports: behind a proxy, direct connections prove
		// nothing. A fault of the proxy comes before the need for one.
		{code: CauseProxyUnreachable, find: proxyUnreachable, fetch: fetchByProxy},
		{code: CauseProxyUnreachable, find: proxyMute, fetch: fetchByProxy},
		{code: CauseProxyAuthRequired, find: proxyAuthRequired, fetch: fetchFailed(probe.ProxyAuthRequired)},
		{code: CauseProxyDenied, find: proxyDenied, fetch: fetchFailed(probe.ProxyDenied)},
		// Before blocked ports and the need for a proxy: if large packets are lost,
		// no handshake completes, but hosts are reached.
		{code: CausePathMTU, find: pathMTU, fetch: fetchTimedOut},
		{code: CauseProxyRequired, find: proxyRequired},
		{code: CauseProxyRequired, find: proxyAnnounced},

		// Before blocked ports: without IPv4, its ports are closed as well.
		{code: CauseIPv4Missing, find: ipv4Missing, fetch: fetchFailed(probe.TCPUnreachable, probe.TCPTimeout)},

		// Before single hosts: these need all checks of a port, still unclaimed.
		{code: CauseHTTPSBlocked, find: httpsBlocked},
		{code: CauseHTTPBlocked, find: httpBlocked, fetch: anyFetch},
		{code: CauseNTPBlocked, find: ntpBlocked},

		// The time server before the clock: if all others disagree, it is
		// wrong. The clock before certificates: with the right time, an expired
		// one may be valid.
		{code: CauseNTPUnusable, find: timeServerWrong},
		{code: CauseClockWrong, find: clockWrong},

		// Inspection before other unknown issuers: it needs stronger evidence.
		{code: CauseTLSInspection, find: tlsInspection},
		{code: CauseTLSInspection, find: tlsInspectionUntrusted},
		{code: CauseTLSUntrusted, find: tlsUntrusted},

		// Each of these claims codes that no other diagnosis claims.
		{code: CauseTLSVersion, find: tlsVersion},
		{code: CauseBlockPage, find: blockPage, fetch: fetchFailed(probe.HTTPBlockPage)},

		// Names that are gone before names that are withheld: DNS denies both.
		{code: CauseNameGone, find: nameGone},
		{code: CauseDNSFiltered, find: dnsFiltered},

		// After names that every resolver withholds.
		{code: CauseDNSFiltered, find: dnsDisputed},
		{code: CauseDNSFiltered, find: dnsHalfWithheld},

		// After blocked NTP: if another time server answers, the port is open.
		{code: CauseNTPUnusable, find: timeServerUnusable},

		// These claim nothing. They come after causes that close a port to
		// everyone but may answer for some addresses.
		{code: CauseRateLimited, find: rateLimited},
		{code: CauseAddressPartial, find: addressPartial},
		{code: CauseIPv6Broken, find: ipv6Broken},
		{code: CauseIPv6BrokenAboveTCP, find: ipv6BrokenAboveTCP},
		{code: CauseIPv6Filtered, find: ipv6Filtered},
		{code: CauseDNSOverridden, find: dnsOverridden},
		{code: CauseNCSIOneFamily, find: ncsiOneFamily},
		{code: CauseRangeStripped, find: rangeStripped},
		{code: CauseTLS13Blocked, find: tls13Blocked},
		{code: CauseLargeHelloBlocked, find: largeHelloBlocked},

		// Each of these claims protocols of its own.
		{code: CauseTenantAlias, find: tenantAlias},
		{code: CauseControllerUnknown, find: controllerUnknown},
		{code: CauseController, find: controllerUnreachable},

		// These need several hosts, and claim what would otherwise be single
		// ones.
		{code: CauseOneResponder, find: oneResponder},
		{code: CauseHTTPNoAnswer, find: httpNoAnswer},

		// Before single hosts: this may explain fetches that failed.
		{code: CauseRevocation, find: revocationHosts},
	}, explained(words), []diagnosis{ // these know more than the diagnoses of single hosts below
		// After every cause that shows interference: this claims what is left.
		{code: CauseHostContradicted, find: hostContradicted},
		// A failure that a working network shares is not doubtful.
		{code: CauseHostBaseline, find: j.hostBaseline},
		{code: CauseHostDoubtful, find: hostDoubtful},

		// Everything that is left.
		{code: CauseHostUnreachable, find: hostUnreachable},

		// Last: any cause above may explain a failed fetch. An issuer that no
		// server sends is missing only on this machine.
		{code: CauseTLSUntrusted, find: chainIncomplete},
		{code: CauseTLSIncomplete, find: tlsIncomplete},
		{code: CauseRevocation, find: revocationUnreachable},
		{code: CauseRevocation, find: revocationUntested},
	})
}

// Thresholds of outcomes and diagnoses.
const (
	// unrelatedOwners is the number of owners from which a fault concerns
	// everyone rather than single hosts. Two owners may share one exemption.
	unrelatedOwners = 3

	// severalOwners is the number of owners that rules out one owner as the
	// reason, such as a zone that answers for every name below it.
	severalOwners = 2

	// severalPorts is the number of ports that fail over an address family if the
	// family itself does not work.
	severalPorts = 2

	// severalHosts is the number of hosts that share a cause if they fall
	// silent after the handshake. A single server may expect something else.
	severalHosts = 2

	// severalLeaves is the number of certificates that shows that an issuer
	// signs for any name on demand.
	severalLeaves = 2

	// manyRecovered is the number of connections that succeeded only later from
	// which the network limits new ones, if they are one in leastRecovered.
	manyRecovered  = 8
	leastRecovered = 5

	// enoughDates is the number of web servers needed for a median of their
	// clocks.
	enoughDates = 3

	// clockTolerance is the clock error that Kerberos and Microsoft Entra ID
	// accept. Larger errors are reported.
	clockTolerance = 5 * time.Minute

	// manyDoubts is the number of failed hosts without a record of answering
	// anywhere that is no coincidence.
	manyDoubts = 3

	// tellingBody is the minimum length, in bytes, of a page that is recognized
	// by its text. Shorter pages may be equal by coincidence.
	tellingBody = 16

	// fewNames limits the names in a list for display. fewLines limits the
	// lines of evidence that differ only in a name, and mostLines all lines. The
	// rest is counted.
	fewNames   = 8
	leastShare = 2 // for each of several lists
	fewLines   = 4
	mostLines  = 12
)

// found is a cause that a diagnosis found.
type found struct {
	// Cause holds the title, evidence and remedy. Recording fills in the rest.
	Cause

	explains []claim

	// affects are checks that the cause makes unreliable, or that show it. They
	// do not fail because of it, so its impact on them is at most Degrading.
	affects []int

	// joins is the earlier cause to which the claims are added. Nil means a new
	// cause.
	joins *recorded

	most Impact // limits the impact of the cause; Unjudged means no limit

	excuses excuse // why the explained failures do not count against the network
}

// A claim says that a cause explains one aspect of a check.
type claim struct {
	check int
	of    aspect
}

// An aspect is a part of a check's result that can have its own cause.
type aspect uint8

const (
	reach      aspect = iota // its target was not reached
	revocation               // its chain could not be checked for revocation
	aspects
)

// unreached claims that a cause keeps checks from reaching their targets.
func unreached(checks ...int) []claim { return claims(reach, checks) }

// unchecked claims that a cause keeps the chains of checks from being checked
// for revocation.
func unchecked(checks ...int) []claim { return claims(revocation, checks) }

func claims(of aspect, checks []int) []claim {
	out := make([]claim, len(checks))
	for k, i := range checks {
		out[k] = claim{i, of}
	}
	return out
}

// recorded is a cause in the view, with the state that recording needs.
type recorded struct {
	Cause
	by     diagnosis
	checks []int // those that it explains or affects
	most   Impact
	judged bool // Impact is set, and not merely zero
	plain  bool // it explains a check over plain HTTP
	index  int  // in the report
}

// raise sets the cause's impact to i if i is graver.
func (c *recorded) raise(i Impact) {
	if !c.judged || i.rank() > c.Impact.rank() {
		c.Impact = i
	}
	c.judged = true
}
