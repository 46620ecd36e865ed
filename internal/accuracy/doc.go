// Package accuracy measures how often netready is right. It builds random
// networks over [probetest.Internet], knows their faults and the consequences
// for provisioning, and compares these with the reports of package readiness.
//
// A [Network] is drawn from a seed: up to four faults from one table, on
// random hosts of a plan or everywhere, and some harmless variations. Its
// [Truth] is computed from the faults, without package readiness:
//
//   - a check's result follows from the first fault on its path, see [Step];
//   - the true causes are those of the faults that checks meet, except where a
//     hiding, a rule with its reason, says that another fault explains them;
//   - the true verdict follows from what the documents say about services, parts
//     and deciding endpoints, by rules written here a second time.
//
// All other hosts behave as the endpoint lists say, or as in the real world,
// see [readinesstest.World]. Faults are drawn only where the catalog does not
// excuse a failure.
//
// Combinations that no observer could tell apart are in the table of
// ambiguities, with the reason, and count as neither right nor wrong.
//
// The model of the checks' results is itself compared with the observations. If
// they differ, the truth is worthless, and the score counts it.
package accuracy
