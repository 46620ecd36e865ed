// Package netready tells whether a network is ready for Windows Autopilot,
// Windows Autopilot device preparation and Windows Autopatch, and if not, what
// stops provisioning and what has to change.
//
// This package holds only its documentation. Begin with readiness, whose Assess
// answers the question for the network of this machine in one call:
//
//   - [github.com/netready/netready/readiness] plans the checks, runs them,
//     judges what was seen, finds the causes, and reports.
//   - [github.com/netready/netready/endpoints] is what Microsoft documents, as
//     data: hosts, ports, services, who needs them, and the source of each. It
//     contacts nothing.
//   - [github.com/netready/netready/probe] measures one target and returns what
//     it saw, as facts. It knows nothing of Microsoft's services.
//   - [github.com/netready/netready/probe/probetest] is an internet in memory.
//     The packages above run over it unchanged, so that programs that embed
//     them can be tested as well.
//
// # Zero values
//
// Options are fields whose zero value is the default, and nothing has to be
// constructed or closed. Where a zero value judges, it does so on the safe
// side: a check is not run, an impact blocks, a report is not ready.
//
// # Errors
//
// What the network does is a result, never an error: a host that cannot be
// reached is an observation with a code. An error means that the call itself
// was wrong, and comes before anything is contacted.
//
// # Compatibility
//
// Until version 1 the Go API may still change in minor releases. Error codes,
// cause codes, the names of JSON fields and the exit statuses of the preflight
// command are only ever added to. The wording of texts may change, and so may
// the content of the catalogue, which follows Microsoft's documents: it changes
// in minor releases, and the changelog lists what changed.
package netready
