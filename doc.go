// Package netready tells whether a network is ready for Windows Autopilot,
// Windows Autopilot device preparation and Windows Autopatch, and if not, what
// stops provisioning and what has to change.
//
// This package contains only documentation. Start with readiness, whose Assess
// checks this machine's network in one call:
//
//   - [github.com/netready/netready/readiness] plans the checks, runs them,
//     judges the results, finds the causes, and reports.
//   - [github.com/netready/netready/endpoints] is what Microsoft documents, as
//     data: hosts, ports, services, who needs them, and the source of each. It
//     contacts nothing.
//   - [github.com/netready/netready/probe] measures one target and returns what
//     it saw, as facts. It knows nothing of Microsoft's services.
//   - [github.com/netready/netready/probe/probetest] is an internet in memory.
//     The packages above run over it unchanged, so that programs that embed
//     them can be tested as well. Package readiness/readinesstest adds hosts
//     that behave as real ones do.
//
// # Zero values
//
// Options are fields whose zero value is the default, and nothing has to be
// constructed or closed. Zero results are safe: the zero outcome is not run,
// the zero impact blocks, and the zero report is not ready.
//
// # Errors
//
// What the network does is a result, never an error: an unreachable host is an
// observation with a code. An error means that the caller's arguments are
// wrong. It is returned before anything is contacted.
//
// # Compatibility
//
// Until version 1 the Go API may change in minor releases. Error codes, cause
// codes, JSON field names and the exit statuses of the preflight command are
// stable; new ones may be added. Texts may change. The catalog follows
// Microsoft's documents and changes in minor releases. The changelog lists all
// changes of the API and the catalog.
package netready
