// Package accuracy measures how often netready is right. It builds random
// networks over [probetest.Internet], knows what is wrong with each of them and
// what that means for provisioning, and compares with what package readiness
// tells.
//
// A [Network] is drawn from a seed: none to three faults out of one table, on
// random hosts of a plan or everywhere, and some harmless variation. Its [Truth]
// is worked out from the faults alone, without asking package readiness:
//
//   - what becomes of each check follows from what it meets first on its way,
//     see [Step];
//   - the true causes are those of the faults that a check meets, but for what
//     the table of hidings takes back, each with its reason;
//   - the true verdict follows from what the documents say of services, parts and
//     core endpoints, by rules written down here a second time.
//
// What no observer could tell apart is named in the table of ambiguities, with
// the reason, and counts as neither right nor wrong.
//
// The model of what becomes of each check is itself held to what was seen:
// where the two differ, the truth is worth nothing, and the score counts it.
package accuracy
