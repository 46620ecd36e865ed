// Package readiness tells whether a network is ready for Windows Autopilot,
// Windows Autopilot device preparation or Windows Autopatch: what will be
// measured, what was seen, what it means, and the one cause behind many
// symptoms.
//
// For most uses, call [Assess]:
//
//	report, err := readiness.Assess(ctx, readiness.Scope{Scenario: endpoints.ScenarioAutopilot})
//	if err != nil {
//		return err // the scope is wrong; nothing was contacted
//	}
//	render.Text(os.Stdout, report)
//
// # Steps
//
// Assess is four steps, and each can be taken alone. [NewPlan] chooses the
// checks for a [Scope]; it is pure, and lists every host before one is
// contacted. [Runner.Run] measures, and its observations hold no opinion.
// [Judge] turns observations into findings by a [Policy], and [Diagnose] finds
// the causes; both are pure, so that stored observations can be judged again.
// [NewReport] is both of them and the verdict.
//
// # Verdicts
//
// A service whose failure is fatal is blocked when an endpoint fails that
// decides alone, or, where none does, when every endpoint that is required and
// can be tested fails. Everything less degrades it. A pattern is tested through
// its documented members: it fails when all of them do. An endpoint that
// nothing can test is listed with the reason and changes nothing else.
//
// A check that was not run makes its service unproven, and an unproven fatal
// service makes the report [Unproven], unless something else blocks it. All
// zero values are fail-safe: a zero [Status] is not run, a zero [Impact]
// blocks, and a zero [Report] is not ready.
//
// # Policies
//
// A [Policy] decides what a failure means. [Documented] reads Microsoft's
// documents strictly, [Field] as practice has it. A policy of one's own is a
// function that calls one of them:
//
//	strict := func(c readiness.Case) readiness.Verdict {
//		v := readiness.Documented(c)
//		if c.Endpoint.Service == endpoints.ServiceWNS {
//			v.Impact = readiness.Fatal
//		}
//		return v
//	}
//
// # JSON
//
// A [Report] encodes to one JSON document, named by [Schema]: schema, verdict,
// scope, catalog, notes, started, duration_ms, stops_at, services, causes,
// findings, device, untested and observations. A finding names its check, and the index
// of its observation; a cause names the checks that it explains.
//
// # Compatibility
//
// Codes, names of JSON fields and verdicts are only ever added. The wording of
// titles, evidence and remedies, and the contents of the catalogue, change
// between releases.
package readiness
